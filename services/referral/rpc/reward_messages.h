// Rewards, their explanations, caps and the ledger as messages.
#ifndef KITH_SERVICES_REFERRAL_RPC_REWARD_MESSAGES_H_
#define KITH_SERVICES_REFERRAL_RPC_REWARD_MESSAGES_H_

#include "absl/time/time.h"
#include "kith/referral/v1/reward.pb.h"
#include "services/referral/app/reward_reader.h"
#include "services/referral/domain/model.h"

namespace kith::referral::rpc {

// `now` tells held, available and expired apart.
void Set(v1::Reward& out, const domain::Reward& reward, absl::Time now);
void Set(v1::ExplainRewardResponse& out, const app::RewardStory& story, absl::Time now);
void Set(v1::ExplainConversionResponse& out, const app::ConversionStory& story,
         absl::Time now);
void Set(v1::ExplainReferralResponse& out, const app::ReferralStory& story, absl::Time now);
void Set(v1::LedgerEntry& out, const domain::LedgerEntry& entry);
void Set(v1::GetLedgerBalancesResponse& out, const app::LedgerBalances& balances);
void Set(v1::CapUse& out, const app::CapUseView& use);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_REWARD_MESSAGES_H_
