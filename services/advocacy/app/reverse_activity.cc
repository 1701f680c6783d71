#include "services/advocacy/app/reverse_activity.h"

#include "common/base/error.h"
#include "common/base/not_found.h"
#include "services/advocacy/app/program_rules.h"
#include "services/advocacy/app/standing.h"
#include "services/advocacy/domain/errors.h"
#include "services/advocacy/store/tables.h"

namespace kith::advocacy::app {

void ReverseActivity::Prefetch(exec::Loader& loader) const {
  WantRules(loader, program_id_);
  loader.Want<store::ActivityTable>({program_id_, activity_id_});
  const auto* act = loader.Peek<store::ActivityTable>({program_id_, activity_id_});
  if (act == nullptr) return;
  loader.Want<store::AdvocateTable>({program_id_, act->advocate_id});
  const auto period = store::ActivitiesByCapPeriod::KeyOf(*act);
  if (period.has_value()) loader.WantAll<store::ActivitiesByCapPeriod>(*period);
}

absl::StatusOr<std::string> ReverseActivity::Decide(exec::Unit& unit, absl::Time now) const {
  if (!IsKnown(unit, program_id_)) return ProgramNotFound(program_id_);
  const auto* stored = unit.Find<store::ActivityTable>({program_id_, activity_id_});
  if (stored == nullptr) {
    return MakeFieldError(errors::kActivityNotFound, "activity_id",
                          "must be an activity that was recorded");
  }
  domain::Activity act = *stored;
  if (act.reversal_time.has_value()) return encode_(act);
  const bool freed = act.live();
  if (freed) {
    BookActivity(unit, act, -1, now, domain::Newest(RulesOf(unit, program_id_)).policy);
  }
  act.reversal_time = now;
  act.reversal_cause = cause_;
  unit.Put<store::ActivityTable>(act);
  if (freed) CountNext(unit, act, now);
  return encode_(act);
}

void ReverseActivity::CountNext(exec::Unit& unit, const domain::Activity& freed,
                                absl::Time now) const {
  const auto period = store::ActivitiesByCapPeriod::KeyOf(freed);
  if (!period.has_value()) return;
  const domain::Activity* next =
      domain::NextToCount(unit.Select<store::ActivitiesByCapPeriod>(*period));
  if (next == nullptr) return;
  domain::Activity act = *next;
  act.counted = true;
  BookActivity(unit, act, +1, now, domain::Newest(RulesOf(unit, program_id_)).policy);
  unit.Put<store::ActivityTable>(std::move(act));
}

}  // namespace kith::advocacy::app
