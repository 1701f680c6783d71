#include "services/advocacy/app/standing.h"

#include <utility>

#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"
#include "services/advocacy/domain/segments.h"
#include "services/advocacy/store/tables.h"

namespace kith::advocacy::app {
namespace {

void EmitTierMove(exec::Unit& unit, const domain::Advocate& advocate,
                  const domain::TierMove& move) {
  events::v1::Fact fact;
  events::v1::TierChanged& changed = *fact.mutable_tier_changed();
  changed.set_advocate_id(advocate.advocate_id);
  changed.set_old_tier(move.old_tier);
  changed.set_new_tier(move.new_tier);
  changed.set_points(advocate.points);
  feed::Emit(unit, advocate.program_id, fact);
}

void EmitSegmentMove(exec::Unit& unit, const domain::Advocate& advocate,
                     domain::Segment before, domain::Segment after) {
  events::v1::Fact fact;
  events::v1::SegmentChanged& changed = *fact.mutable_segment_changed();
  changed.set_advocate_id(advocate.advocate_id);
  changed.set_old_segment(std::string(domain::SegmentName(before)));
  changed.set_new_segment(std::string(domain::SegmentName(after)));
  feed::Emit(unit, advocate.program_id, fact);
}

// Appends an entry unless it is of no points.
void BookPoints(exec::Unit& unit, domain::PointEntry entry, int32_t& entries) {
  if (entry.points == 0) return;
  entry.number = ++entries;
  unit.Append<store::PointLedger>(std::move(entry));
}

}  // namespace

domain::Advocate FindOrMake(exec::Unit& unit, const std::string& program_id,
                            const std::string& advocate_id) {
  const auto* stored = unit.Find<store::AdvocateTable>({program_id, advocate_id});
  if (stored != nullptr) return *stored;
  domain::Advocate advocate;
  advocate.program_id = program_id;
  advocate.advocate_id = advocate_id;
  return advocate;
}

void ChangeAdvocate(exec::Unit& unit, domain::Advocate advocate, const domain::Change& change,
                    const domain::ScoringPolicy& newest) {
  // Without a cut-off the segment is Dormant or Contributor.
  const domain::Segment before = domain::SegmentOf({}, advocate.successes);
  const auto move = domain::Apply(change, newest, advocate);
  const domain::Segment after = domain::SegmentOf({}, advocate.successes);
  if (move.has_value()) EmitTierMove(unit, advocate, *move);
  if (before != after) EmitSegmentMove(unit, advocate, before, after);
  unit.Put<store::AdvocateTable>(std::move(advocate));
}

void BookActivity(exec::Unit& unit, domain::Activity& act, int sign, absl::Time when,
                  const domain::ScoringPolicy& newest) {
  const int64_t points = sign * act.worth;
  BookPoints(unit,
             {act.program_id, domain::EntrySource::kActivity, act.activity_id, 0,
              act.advocate_id, points, when},
             act.entries);
  ChangeAdvocate(unit, FindOrMake(unit, act.program_id, act.advocate_id),
                 {.points = points, .activities = sign}, newest);
}

void BookSuccess(exec::Unit& unit, domain::Success& success, int sign, absl::Time when,
                 const domain::ScoringPolicy& newest) {
  const int64_t points = sign * success.points;
  BookPoints(unit,
             {success.program_id, domain::EntrySource::kConversion, success.conversion_id, 0,
              success.advocate_id, points, when},
             success.entries);
  ChangeAdvocate(unit, FindOrMake(unit, success.program_id, success.advocate_id),
                 {.points = points, .successes = sign}, newest);
}

}  // namespace kith::advocacy::app
