#include "common/feed/recovery.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/feed/apply_events.h"
#include "kith/events/v1/events.pb.h"

namespace kith::feed {
namespace {

using kith::events::v1::Fact;

std::unique_ptr<Fact> ParseFact(const std::string& bytes) {
  auto fact = std::make_unique<Fact>();
  return fact->ParseFromString(bytes) ? std::move(fact) : nullptr;
}

CursorTable::Key CursorOf(const Quarantined& event) {
  return {event.source, event.source_shard, event.shard};
}

}  // namespace

void RestartFollowing::Prefetch(exec::Loader& loader) const {
  for (const StartingPoint& point : points_) {
    const CursorTable::Key key(source_, point.source_shard, shard_);
    loader.Want<CursorTable>(key);
    loader.Want<QuarantinedAfterTable>({source_, point.source_shard, shard_,
                                        DropAfter(point, loader.Peek<CursorTable>(key))});
  }
}

absl::StatusOr<std::string> RestartFollowing::Decide(exec::Unit& unit, absl::Time) const {
  std::vector<Restarted> restarted;
  for (const StartingPoint& point : points_) restarted.push_back(Restart(point, unit));
  return encode_(restarted);
}

bool RestartFollowing::IsElsewhere(const Cursor* stored) const {
  return stored != nullptr && stored->feed_id != feed_id_;
}

int64_t RestartFollowing::PositionAt(const StartingPoint& point, const Cursor* stored) const {
  const bool stays = stored != nullptr && !IsElsewhere(stored) && !point.back;
  return stays ? std::max(stored->position, point.position) : point.position;
}

int64_t RestartFollowing::DropAfter(const StartingPoint& point, const Cursor* stored) const {
  return IsElsewhere(stored) ? 0 : PositionAt(point, stored);
}

Restarted RestartFollowing::Restart(const StartingPoint& point, exec::Unit& unit) const {
  const Cursor* stored = unit.Find<CursorTable>({source_, point.source_shard, shard_});
  const QuarantinedAfterTable::Key void_events(source_, point.source_shard, shard_,
                                               DropAfter(point, stored));
  Restarted restarted{point.source_shard, stored == nullptr ? 0 : stored->position,
                      PositionAt(point, stored), 0};
  unit.Put<CursorTable>({source_, point.source_shard, shard_, restarted.position, feed_id_});
  const QuarantinedAfter* dropped = unit.Find<QuarantinedAfterTable>(void_events);
  if (dropped != nullptr) restarted.dropped_quarantined = dropped->events;
  unit.Erase<QuarantinedAfterTable>(void_events);
  return restarted;
}

RetryEvent::RetryEvent(const Handler* handler, Quarantined event, Encoder encode,
                       absl::Status refusal)
    : handler_(handler),
      quarantined_(std::move(event)),
      fact_(ParseFact(quarantined_.event.fact)),
      event_{quarantined_.source,
             static_cast<int>(quarantined_.source_shard),
             quarantined_.event.position,
             quarantined_.event.program_id,
             quarantined_.event.recorded_time,
             fact_.get()},
      encode_(std::move(encode)),
      refusal_(std::move(refusal)) {}

RetryEvent::~RetryEvent() = default;

void RetryEvent::Prefetch(exec::Loader& loader) const {
  loader.Want<QuarantineTable>(QuarantineTable::KeyOf(quarantined_));
  loader.Want<CursorTable>(CursorOf(quarantined_));
  if (refusal_.ok() && fact_ != nullptr) handler_->Prefetch(event_, loader);
}

absl::Status RetryEvent::Apply(exec::Unit& unit, absl::Time now) const {
  if (!refusal_.ok()) return refusal_;
  KITH_RETURN_IF_ERROR(CheckFact(fact_.get()));
  return handler_->Apply(event_, unit, now);
}

absl::StatusOr<std::string> RetryEvent::Decide(exec::Unit& unit, absl::Time now) const {
  const auto key = QuarantineTable::KeyOf(quarantined_);
  const Quarantined* stored = unit.Find<QuarantineTable>(key);
  const Cursor* cursor = unit.Find<CursorTable>(CursorOf(quarantined_));
  const bool comes_again = cursor == nullptr || cursor->position < quarantined_.event.position;
  // After a restart another event may be at this position.
  if (comes_again || stored == nullptr || stored->event.fact != quarantined_.event.fact) {
    return MakeError(kQuarantinedEventNotFound);
  }
  Quarantined row = *stored;
  const exec::Unit::Mark mark = unit.GetMark();
  const absl::Status status = Apply(unit, now);
  // The store failed: the executor runs the batch again.
  if (!unit.status().ok()) return unit.status();
  if (status.ok()) {
    unit.Erase<QuarantineTable>(key);
    return encode_({.applied = true, .reason = {}, .message = {}});
  }
  unit.RollbackTo(mark);
  row.reason = QuarantineReason(status);
  row.message = std::string(status.message());
  const Retried result{false, row.reason, row.message};
  unit.Put<QuarantineTable>(std::move(row));
  return encode_(result);
}

}  // namespace kith::feed
