// The refusals of the referral service. Reasons are part of the API and never change.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_ERRORS_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_ERRORS_H_

#include "common/base/error.h"

namespace kith::referral::domain::errors {

// About a fact of any kind.
inline constexpr ErrorDef kTimeInFuture{absl::StatusCode::kInvalidArgument, "TIME_IN_FUTURE",
                                        "the time is more than a day ahead"};

// About leads.
inline constexpr ErrorDef kUnknownAdvocate{absl::StatusCode::kNotFound, "UNKNOWN_ADVOCATE",
                                           "the advocate is not enrolled"};
inline constexpr ErrorDef kRefereeMissing{absl::StatusCode::kInvalidArgument,
                                          "REFEREE_MISSING",
                                          "the referee's id or mail address is needed"};
inline constexpr ErrorDef kSelfReferral{absl::StatusCode::kFailedPrecondition, "SELF_REFERRAL",
                                        "an advocate cannot refer himself or herself"};
inline constexpr ErrorDef kExistingCustomer{absl::StatusCode::kFailedPrecondition,
                                            "EXISTING_CUSTOMER",
                                            "the referee was a customer already"};
inline constexpr ErrorDef kAlreadyReferred{absl::StatusCode::kAlreadyExists,
                                           "ALREADY_REFERRED",
                                           "an earlier lead names the same referee"};
inline constexpr ErrorDef kReferralIdReused{
    absl::StatusCode::kAlreadyExists, "REFERRAL_ID_REUSED",
    "the referral_id was used before with other content"};

// About touches.
inline constexpr ErrorDef kUnknownCode{absl::StatusCode::kNotFound, "UNKNOWN_CODE",
                                       "the code belongs to nobody"};
inline constexpr ErrorDef kTouchIdReused{absl::StatusCode::kAlreadyExists, "TOUCH_ID_REUSED",
                                         "the touch_id was used before with other content"};

// About signups.
inline constexpr ErrorDef kCustomerExists{
    absl::StatusCode::kAlreadyExists, "CUSTOMER_EXISTS",
    "the signup of this customer was judged with other content"};

// About conversions.
inline constexpr ErrorDef kUnknownReferral{absl::StatusCode::kNotFound, "UNKNOWN_REFERRAL",
                                           "the referral does not exist"};
inline constexpr ErrorDef kConversionIdReused{
    absl::StatusCode::kAlreadyExists, "CONVERSION_ID_REUSED",
    "the conversion_id was used before with other content"};
inline constexpr ErrorDef kCurrencyMismatch{absl::StatusCode::kInvalidArgument,
                                            "CURRENCY_MISMATCH",
                                            "the amount is not in the program's currency"};
inline constexpr ErrorDef kAmountNegative{absl::StatusCode::kInvalidArgument,
                                          "AMOUNT_NEGATIVE",
                                          "a conversion's amount cannot be negative"};
inline constexpr ErrorDef kCustomerMismatch{absl::StatusCode::kFailedPrecondition,
                                            "CUSTOMER_MISMATCH",
                                            "the referral is not that of the customer"};
inline constexpr ErrorDef kConversionNotFound{
    absl::StatusCode::kNotFound, "CONVERSION_NOT_FOUND", "the conversion does not exist"};

// About reads.
inline constexpr ErrorDef kVersionNotFound{absl::StatusCode::kNotFound,
                                           "PROGRAM_VERSION_NOT_FOUND",
                                           "the program has no such version"};
inline constexpr ErrorDef kAdvocateNotFound{absl::StatusCode::kNotFound, "ADVOCATE_NOT_FOUND",
                                            "the advocate is not enrolled"};
inline constexpr ErrorDef kReferralNotFound{absl::StatusCode::kNotFound, "REFERRAL_NOT_FOUND",
                                            "the referral does not exist"};

}  // namespace kith::referral::domain::errors

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_ERRORS_H_
