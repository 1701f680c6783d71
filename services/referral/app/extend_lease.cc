#include "services/referral/app/extend_lease.h"

#include <algorithm>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/claim_rewards.h"
#include "services/referral/app/due.h"
#include "services/referral/app/report_fulfilments.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/fulfilment_tables.h"

namespace kith::referral::app {

ExtendLease::ExtendLease(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

void ExtendLease::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, request_.program_id);
  const store::IdKey key = {request_.program_id, request_.reward_id};
  loader.Want<store::RewardTable>(key);
  loader.Want<store::FulfilmentTable>(key);
  WantDue(loader, request_.program_id, DueKind::kLease, request_.reward_id);
}

absl::StatusOr<std::string> ExtendLease::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Rules::Load(unit, request_.program_id).status());
  KITH_ASSIGN_OR_RETURN(const absl::Duration duration, LeaseDuration(request_.lease_duration));
  KITH_ASSIGN_OR_RETURN(const FoundReward found,
                        FindFulfilment(unit, request_.program_id, request_.reward_id));
  if (found.fulfilment == nullptr) {
    return MakeFieldError(domain::errors::kNotClaimed, "reward_id",
                          "must be a reward that was claimed");
  }
  domain::Fulfilment fulfilment = *found.fulfilment;
  if (fulfilment.lease_token != request_.lease_token ||
      fulfilment.state != domain::FulfilmentState::kClaimed ||
      fulfilment.lease_end_time <= now) {
    return MakeFieldError(domain::errors::kLeaseOver, "lease_token",
                          "must be that of a lease that has not ended");
  }
  fulfilment.lease_end_time = std::max(fulfilment.lease_end_time, now + duration);
  Schedule(unit, request_.program_id, DueKind::kLease, request_.reward_id,
           fulfilment.lease_end_time);
  unit.Put<store::FulfilmentTable>(fulfilment);
  return encode_(fulfilment);
}

}  // namespace kith::referral::app
