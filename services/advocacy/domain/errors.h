// The refusals of the advocacy service.
#ifndef KITH_SERVICES_ADVOCACY_DOMAIN_ERRORS_H_
#define KITH_SERVICES_ADVOCACY_DOMAIN_ERRORS_H_

#include "absl/status/status.h"
#include "common/base/error.h"

namespace kith::advocacy::errors {

// Of requests.
inline constexpr ErrorDef kInvalidPolicy{absl::StatusCode::kInvalidArgument, "INVALID_POLICY",
                                         "the scoring policy contradicts itself"};
inline constexpr ErrorDef kPolicyVersionNotFound{
    absl::StatusCode::kNotFound, "POLICY_VERSION_NOT_FOUND", "the policy has no such version"};
inline constexpr ErrorDef kAdvocateNotFound{absl::StatusCode::kNotFound, "ADVOCATE_NOT_FOUND",
                                            "the advocate does not exist"};
inline constexpr ErrorDef kActivityNotFound{absl::StatusCode::kNotFound, "ACTIVITY_NOT_FOUND",
                                            "the activity does not exist"};

// Of the items of a batch.
inline constexpr ErrorDef kUnknownBehaviour{
    absl::StatusCode::kInvalidArgument, "UNKNOWN_BEHAVIOUR",
    "the policy in force at that time has no such behaviour"};
inline constexpr ErrorDef kActivityIdReused{
    absl::StatusCode::kInvalidArgument, "ACTIVITY_ID_REUSED",
    "the activity_id was used before with other content"};
inline constexpr ErrorDef kTimeInFuture{absl::StatusCode::kInvalidArgument, "TIME_IN_FUTURE",
                                        "the time is more than a day ahead"};

// Of facts that arrive on a feed; the fact goes into quarantine.
inline constexpr ErrorDef kUnknownConversion{
    absl::StatusCode::kFailedPrecondition, "UNKNOWN_CONVERSION",
    "a conversion was reversed that was never announced"};
inline constexpr ErrorDef kConversionConflict{
    absl::StatusCode::kFailedPrecondition, "CONVERSION_CONFLICT",
    "a live conversion was announced again with other content"};
inline constexpr ErrorDef kMalformedFact{absl::StatusCode::kInvalidArgument, "MALFORMED_FACT",
                                         "the fact lacks an id that it must have"};

}  // namespace kith::advocacy::errors

#endif  // KITH_SERVICES_ADVOCACY_DOMAIN_ERRORS_H_
