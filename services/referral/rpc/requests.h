// Requests as commands and queries of the application.
#ifndef KITH_SERVICES_REFERRAL_RPC_REQUESTS_H_
#define KITH_SERVICES_REFERRAL_RPC_REQUESTS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kith/referral/v1/referral.pb.h"
#include "services/referral/app/reader.h"
#include "services/referral/rpc/calls.h"

namespace kith::referral::rpc {

// State changes. The requests have passed their limits.
absl::StatusOr<WriteCall> ToCall(const v1::ApplyProgramRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::EnrollAdvocatesRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::UpdateAdvocatesRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::SubmitReferralsRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::RecordTouchesRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::AttributeSignupRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::AttributeSignupsRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::RecordConversionsRequest& request);
absl::StatusOr<WriteCall> ToCall(const v1::ReverseConversionRequest& request);

// Filters of listings.
app::ReferralFilter ToFilter(const v1::ListReferralsRequest& request);
app::RewardFilter ToFilter(const v1::ListRewardsRequest& request, absl::Time now);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_REQUESTS_H_
