// The facts about rewards, milestones and thanks (see kith/events/v1/events.proto).
#ifndef KITH_SERVICES_REFERRAL_APP_REWARD_FACTS_H_
#define KITH_SERVICES_REFERRAL_APP_REWARD_FACTS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

void PublishRewardCreated(exec::Unit& unit, const domain::Reward& reward);
// `reward` has its cause.
void PublishRewardReversed(exec::Unit& unit, const domain::Reward& reward);
void PublishRewardAvailable(exec::Unit& unit, const domain::Reward& reward);
// `reward` has its fulfilled_time.
void PublishRewardFulfilled(exec::Unit& unit, const domain::Reward& reward);
void PublishRewardExpired(exec::Unit& unit, const domain::Reward& reward);
// `reward` has its new amount and recalculated_version.
void PublishRewardAdjusted(exec::Unit& unit, const domain::Reward& reward, int64_t old_minor);
void PublishThankYouDue(exec::Unit& unit, const domain::Referral& referral);
void PublishMilestoneReached(exec::Unit& unit, const domain::Reward& reward,
                             const std::string& advocate_id, int64_t count);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REWARD_FACTS_H_
