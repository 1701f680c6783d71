// How a reward stands: what it waits for, what ended it, and what kept it.
#ifndef KITH_SERVICES_REFERRAL_APP_REWARD_STANDING_H_
#define KITH_SERVICES_REFERRAL_APP_REWARD_STANDING_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/unpaid.h"
#include "services/referral/store/row_reader.h"

namespace kith::referral::app {

// Why a reward is kept whose conversion was reversed. Part of the API.
inline constexpr absl::string_view kClawbackWindowOver = "CLAWBACK_WINDOW_OVER";
// What a reward waits for that is before the fraud gate.
inline constexpr absl::string_view kFraudDecision = "fraud_decision";
// Of an Nth success: the advocate has as many without it.
inline constexpr absl::string_view kStillReached = "STILL_REACHED";
// Of an Nth success: another conversion has taken the place of that one.
inline constexpr absl::string_view kStillConverted = "STILL_CONVERTED";

// What a reward waits for: see ExplainRewardResponse; empty: nothing. `rule`: its rule, if the
// program has it still. Of a store that fails, `rows` tells.
std::string WaitsFor(store::RowReader& rows, const domain::Reward& reward,
                     const domain::RewardRule* rule, absl::Time now);

// Why its recipient will not have it by the clock and a provider alone: the cause of its end,
// or what it waits for. No reason: it is on its way, or there.
domain::Unpaid WhyNotOnItsWay(store::RowReader& rows, const domain::Reward& reward,
                              const domain::RewardRule* rule, absl::Time now);

// Why it stands, as the conversion that made it was reversed at `reversal_time`. No reason: it
// does not stand, or nothing is known.
domain::Unpaid WhyKept(const domain::Reward& reward, const domain::RewardRule* rule,
                       absl::Time reversal_time, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REWARD_STANDING_H_
