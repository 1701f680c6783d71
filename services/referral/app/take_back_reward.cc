#include "services/referral/app/take_back_reward.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/grants.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {

TakeBackReward::TakeBackReward(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

void TakeBackReward::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, request_.program_id);
  const store::IdKey key = {request_.program_id, request_.reward_id};
  loader.Want<store::RewardTable>(key);
  const domain::Reward* reward = loader.Peek<store::RewardTable>(key);
  if (reward == nullptr) return;
  WantChange(loader, Rules::Peek(loader, request_.program_id), *reward);
}

absl::StatusOr<std::string> TakeBackReward::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, request_.program_id));
  if (domain::IsReservedName(request_.decided_by)) {
    return MakeFieldError(kith::errors::kInvalidField, "decided_by", "must name a person");
  }
  const store::IdKey key = {request_.program_id, request_.reward_id};
  const domain::Reward* stored = unit.Find<store::RewardTable>(key);
  if (stored == nullptr) {
    return MakeFieldError(domain::errors::kRewardNotFound, "reward_id", "must be a reward");
  }
  TakeBack(unit, *stored, request_.cause, now, request_.decided_by);
  return encode_({*unit.Find<store::RewardTable>(key), now});
}

}  // namespace kith::referral::app
