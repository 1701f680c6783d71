#include "services/referral/app/retry_fulfilment.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/decisions.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/fulfilment_tables.h"

namespace kith::referral::app {

RetryFulfilment::RetryFulfilment(std::string program_id, std::string reward_id,
                                 std::string requested_by, Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      reward_id_(std::move(reward_id)),
      requested_by_(std::move(requested_by)),
      encode_(std::move(encode)) {}

void RetryFulfilment::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  loader.Want<store::RewardTable>({program_id_, reward_id_});
  loader.Want<store::FulfilmentTable>({program_id_, reward_id_});
  WantDecision(loader, program_id_, store::kRetried, reward_id_);
}

absl::StatusOr<std::string> RetryFulfilment::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Rules::Load(unit, program_id_).status());
  KITH_ASSIGN_OR_RETURN(const FoundReward found,
                        FindFulfilment(unit, program_id_, reward_id_));
  KITH_ASSIGN_OR_RETURN(domain::Fulfilment retried, domain::Retried(found.fulfilment, now));
  domain::Reward reward = *found.reward;
  if (!reward.owed() || reward.stored_state == domain::RewardState::kFulfilled ||
      reward.state(now) == domain::RewardState::kExpired) {
    return MakeFieldError(domain::errors::kNotFailed, "reward_id",
                          "must be a reward that is still owed");
  }
  reward.retry_time = now;
  reward.failed = false;
  unit.Put<store::FulfilmentTable>(retried);
  unit.Put<store::RewardTable>(reward);
  return encode_(
      {std::move(retried), std::move(reward),
       KeepDecision(unit, program_id_, store::kRetried, reward_id_, requested_by_, now)});
}

}  // namespace kith::referral::app
