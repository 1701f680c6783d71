// Why retention refuses. The reasons are part of the API and never change.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_ERRORS_H_
#define KITH_SERVICES_RETENTION_DOMAIN_ERRORS_H_

#include "common/base/error.h"

namespace kith::retention {

// Of single events.
inline constexpr ErrorDef kEventIdReused{absl::StatusCode::kInvalidArgument, "EVENT_ID_REUSED",
                                         "the event_id was used before with other content"};
inline constexpr ErrorDef kNameMissing{absl::StatusCode::kInvalidArgument, "NAME_MISSING",
                                       "an activity needs a name"};
inline constexpr ErrorDef kAmountMissing{absl::StatusCode::kInvalidArgument, "AMOUNT_MISSING",
                                         "a payment or refund needs a positive amount"};
inline constexpr ErrorDef kAmountTooLarge{
    absl::StatusCode::kInvalidArgument, "AMOUNT_TOO_LARGE",
    "the program's turnover in this currency would exceed 9e18 minor units"};
inline constexpr ErrorDef kTimeInFuture{absl::StatusCode::kInvalidArgument, "TIME_IN_FUTURE",
                                        "the time is more than a day ahead"};

// Of whole requests.
inline constexpr ErrorDef kPolicyNotFound{absl::StatusCode::kNotFound, "POLICY_NOT_FOUND",
                                          "the program has no such policy"};
inline constexpr ErrorDef kCustomerNotFound{absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND",
                                            "the customer is not known"};

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_ERRORS_H_
