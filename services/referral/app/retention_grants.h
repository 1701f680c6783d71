// Rewards for referees who stay. Part of app/grants.h.
#ifndef KITH_SERVICES_REFERRAL_APP_RETENTION_GRANTS_H_
#define KITH_SERVICES_REFERRAL_APP_RETENTION_GRANTS_H_

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/granting.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// When a retained-N-days rule is earned by the referral's customer.
absl::Time RetainedTime(const domain::Referral& referral, const domain::RewardRule& rule);

// Schedules the first retained-N-days rule that is earned after `after`, if any.
void ScheduleRetained(exec::Unit& unit, const Judging& judging,
                      const domain::Referral& referral, absl::Time after);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RETENTION_GRANTS_H_
