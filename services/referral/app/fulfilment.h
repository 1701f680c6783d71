// Rewards on their way to those who are owed them. Shared by the commands of fulfilment, due
// work, and by what takes rewards back.
#ifndef KITH_SERVICES_REFERRAL_APP_FULFILMENT_H_
#define KITH_SERVICES_REFERRAL_APP_FULFILMENT_H_

#include <string>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/fulfilment.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Wants a reward with its fulfilment, its item's stock, its due entries, and all that taking
// it back or paying it may need.
void WantFulfilment(exec::Loader& loader, const Rules& rules, const std::string& program_id,
                    const std::string& reward_id);

// Hands an available reward to a provider: reserves pieces when the item is stocked, and has
// the lease's end looked after.
domain::Fulfilment Claim(exec::Unit& unit, domain::Reward reward,
                         const domain::ClaimTerms& terms);
// Books what a provider reports, which CheckReport has accepted.
domain::Fulfilment Report(exec::Unit& unit, domain::Reward reward,
                          domain::Fulfilment fulfilment,
                          const domain::FulfilmentReport& report, absl::Time now);
// A lease's end: when it is over by `now` the reward is available again, or is taken back if
// that was decided meanwhile; else looks again at its end. Does nothing for what is not
// claimed.
void ApplyLeaseEnd(exec::Unit& unit, const std::string& program_id,
                   const std::string& reward_id, absl::Time now);

// How many pieces of a reward's item may be claimed; nullopt: the item is not stocked.
std::optional<int64_t> OnHand(exec::Unit& unit, const domain::Reward& reward);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FULFILMENT_H_
