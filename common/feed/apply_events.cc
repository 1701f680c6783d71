#include "common/feed/apply_events.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/feed/feed_store.h"
#include "kith/events/v1/events.pb.h"

namespace kith::feed {

void Emit(exec::Unit& unit, absl::string_view program_id, const kith::events::v1::Fact& fact) {
  unit.Emit({std::string(program_id), fact.SerializeAsString()});
}

absl::Status CheckFact(const kith::events::v1::Fact* fact) {
  if (fact == nullptr) return MakeError(kUnreadableFact);
  // Its source is newer: passed over, it would be lost to the version that knows it.
  if (fact->fact_case() == kith::events::v1::Fact::FACT_NOT_SET) {
    return MakeError(kUnknownFact);
  }
  return absl::OkStatus();
}

std::string QuarantineReason(const absl::Status& status) {
  const std::string reason = GetErrorReason(status);
  return reason.empty() ? std::string("UNEXPECTED") : reason;
}

void ApplyEvents::Prefetch(exec::Loader& loader) const {
  loader.Want<CursorTable>({page_.source, page_.source_shard, shard_});
  if (!refusal_.ok()) return;
  for (const Event& event : page_.events) {
    if (event.fact != nullptr) handler_->Prefetch(event, loader);
  }
}

absl::StatusOr<std::string> ApplyEvents::Decide(exec::Unit& unit, absl::Time now) const {
  Cursor cursor{page_.source, page_.source_shard, shard_, 0, page_.feed_id};
  if (const Cursor* stored = unit.Find<CursorTable>(CursorTable::KeyOf(cursor))) {
    if (stored->feed_id != page_.feed_id) return MakeError(kFeedReplaced);
    cursor = *stored;
  }
  if (cursor.position < page_.after_position) return MakeError(kCursorBehind);
  int64_t quarantined = 0;
  for (const Event& event : page_.events) {
    if (event.position <= cursor.position) continue;
    quarantined += ApplyOne(event, unit, now) ? 1 : 0;
    // The store failed: the executor runs the batch again.
    if (!unit.status().ok()) return unit.status();
  }
  cursor.position = std::max(cursor.position, page_.last_position);
  unit.Put<CursorTable>(std::move(cursor));
  return absl::StrCat(quarantined);
}

absl::Status ApplyEvents::TryOne(const Event& event, exec::Unit& unit, absl::Time now) const {
  if (!refusal_.ok()) return refusal_;
  KITH_RETURN_IF_ERROR(CheckFact(event.fact));
  return handler_->Apply(event, unit, now);
}

bool ApplyEvents::ApplyOne(const Event& event, exec::Unit& unit, absl::Time now) const {
  const exec::Unit::Mark mark = unit.GetMark();
  const absl::Status status = TryOne(event, unit, now);
  if (status.ok() || !unit.status().ok()) return false;
  unit.RollbackTo(mark);
  unit.Put<QuarantineTable>(
      {event.source,
       event.source_shard,
       {event.position, event.program_id, event.recorded_time,
        event.fact != nullptr ? event.fact->SerializeAsString() : *event.unreadable_fact},
       QuarantineReason(status),
       std::string(status.message()),
       now,
       shard_});
  return true;
}

}  // namespace kith::feed
