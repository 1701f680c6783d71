#include "common/feed/recovery.h"

#include "common/base/ids.h"
#include "common/feed/apply_events.h"
#include "kith/events/v1/events.pb.h"

namespace kith::feed {
namespace {

using kith::events::v1::Fact;

std::unique_ptr<Fact> ParseFact(const std::string& bytes) {
  auto fact = std::make_unique<Fact>();
  return fact->ParseFromString(bytes) ? std::move(fact) : nullptr;
}

}  // namespace

void RestartFollowing::Prefetch(exec::Loader& loader) const {
  for (const StartingPoint& point : points_) {
    loader.Want<CursorTable>({source_, point.source_shard, shard_});
    loader.WantAll<QuarantineOfShard>({source_, point.source_shard});
  }
}

absl::StatusOr<std::string> RestartFollowing::Decide(exec::Unit& unit, absl::Time) const {
  std::vector<Restarted> restarted;
  for (const StartingPoint& point : points_) {
    const Cursor* stored = unit.Find<CursorTable>({source_, point.source_shard, shard_});
    const int64_t old_position = stored == nullptr ? 0 : stored->position;
    unit.Put<CursorTable>({source_, point.source_shard, shard_, point.position, feed_id_});
    restarted.push_back(
        {point.source_shard, old_position, point.position, DropQuarantined(point, unit)});
  }
  return encode_(restarted);
}

int64_t RestartFollowing::DropQuarantined(const StartingPoint& point, exec::Unit& unit) const {
  std::vector<QuarantineTable::Key> dropped;
  for (const Quarantined* row :
       unit.Select<QuarantineOfShard>({source_, point.source_shard})) {
    // Other local shards drop theirs when they take their turn.
    const bool ours = ShardOf(row->event.program_id, shards_) == shard_;
    if (ours && row->event.position > point.position) {
      dropped.push_back(QuarantineTable::KeyOf(*row));
    }
  }
  for (const auto& key : dropped) unit.Erase<QuarantineTable>(key);
  return static_cast<int64_t>(dropped.size());
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
  if (refusal_.ok() && fact_ != nullptr) handler_->Prefetch(event_, loader);
}

absl::Status RetryEvent::Apply(exec::Unit& unit, absl::Time now) const {
  if (!refusal_.ok()) return refusal_;
  if (fact_ == nullptr) return MakeError(kUnreadableFact);
  return handler_->Apply(event_, unit, now);
}

absl::StatusOr<std::string> RetryEvent::Decide(exec::Unit& unit, absl::Time now) const {
  const auto key = QuarantineTable::KeyOf(quarantined_);
  const Quarantined* stored = unit.Find<QuarantineTable>(key);
  // After a restart another event may be at this position.
  if (stored == nullptr || stored->event.fact != quarantined_.event.fact) {
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
