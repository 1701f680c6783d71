#include "services/advocacy/app/record_activities.h"

#include "common/base/error.h"
#include "common/base/not_found.h"
#include "common/base/status_macros.h"
#include "services/advocacy/app/standing.h"
#include "services/advocacy/domain/errors.h"
#include "services/advocacy/store/tables.h"

namespace kith::advocacy::app {

void RecordActivities::Prefetch(exec::Loader& loader) const {
  WantRules(loader, program_id_);
  const Versions versions = PeekRules(loader, program_id_);
  for (const domain::NewActivity& act : acts_) {
    loader.Want<store::ActivityTable>({program_id_, act.activity_id});
    loader.Want<store::AdvocateTable>({program_id_, act.advocate_id});
    if (versions.empty()) continue;
    const auto judged =
        domain::Judge(program_id_, act, versions, act.time.value_or(received_));
    if (!judged.ok()) continue;
    const auto period = store::ActivitiesByCapPeriod::KeyOf(*judged);
    if (period.has_value()) loader.WantAll<store::ActivitiesByCapPeriod>(*period);
  }
}

absl::StatusOr<std::string> RecordActivities::Decide(exec::Unit& unit, absl::Time now) const {
  if (!IsKnown(unit, program_id_)) return ProgramNotFound(program_id_);
  const Versions versions = RulesOf(unit, program_id_);
  RecordActivitiesResult results;
  results.reserve(acts_.size());
  for (const domain::NewActivity& act : acts_) {
    results.push_back(Record(unit, act, versions, now));
    if (!results.back().ok()) continue;
    const auto* advocate = unit.Find<store::AdvocateTable>({program_id_, act.advocate_id});
    results.back()->unknown_advocate =
        advocate == nullptr || !advocate->enrolled_time.has_value();
  }
  return encode_(results);
}

absl::StatusOr<domain::Activity> RecordActivities::Record(exec::Unit& unit,
                                                          const domain::NewActivity& act,
                                                          const Versions& versions,
                                                          absl::Time now) const {
  const auto* stored = unit.Find<store::ActivityTable>({program_id_, act.activity_id});
  if (stored != nullptr) {
    if (domain::SameContent(*stored, act)) return *stored;
    return MakeFieldError(errors::kActivityIdReused, "activity_id",
                          "must be new, or the act must be the same as before");
  }
  KITH_ASSIGN_OR_RETURN(domain::Activity judged,
                        domain::Judge(program_id_, act, versions, now));
  const auto period = store::ActivitiesByCapPeriod::KeyOf(judged);
  judged.counted = !period.has_value() ||
                   domain::FitsCap(judged, unit.Select<store::ActivitiesByCapPeriod>(*period));
  const domain::ScoringPolicy& newest = domain::Newest(versions).policy;
  if (judged.counted) {
    BookActivity(unit, judged, +1, judged.time, newest);
  } else {
    ChangeAdvocate(unit, FindOrMake(unit, program_id_, act.advocate_id), {}, newest);
  }
  unit.Put<store::ActivityTable>(judged);
  return judged;
}

}  // namespace kith::advocacy::app
