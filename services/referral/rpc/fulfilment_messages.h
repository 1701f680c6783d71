// Messages of kith.referral.v1.FulfilmentService as commands, and the reverse.
#ifndef KITH_SERVICES_REFERRAL_RPC_FULFILMENT_MESSAGES_H_
#define KITH_SERVICES_REFERRAL_RPC_FULFILMENT_MESSAGES_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kith/referral/v1/fulfilment.pb.h"
#include "services/referral/app/claim_rewards.h"
#include "services/referral/app/paging.h"
#include "services/referral/app/report_fulfilments.h"
#include "services/referral/domain/fulfilment.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/enums.h"

namespace kith::referral::rpc {

KITH_ENUM_TWINS(FulfilmentState);

// Things.
void Set(v1::Fulfilment& out, const app::FulfilmentView& view);
void Set(v1::ClaimedReward& out, const app::ClaimRewards::Claimed& claimed);
void Set(v1::Stock& out, const domain::Stock& stock);
void Set(v1::ListFulfilmentsResponse& out, const app::Page<app::FulfilmentView>& page);
void Set(v1::ListStockResponse& out, const app::Page<domain::Stock>& page);

// State changes. The requests have passed their limits. `now` is when the call came.
absl::StatusOr<WriteCall> ToCall(const v1::ClaimRewardsRequest& request, absl::Time now);
absl::StatusOr<WriteCall> ToCall(const v1::ExtendLeaseRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::ReportFulfilmentsRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::RetryFulfilmentRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::SetStockRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::AdjustStockRequest& request);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_FULFILMENT_MESSAGES_H_
