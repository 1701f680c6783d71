// The refusals of the referral service. Reasons are part of the API and never change.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_ERRORS_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_ERRORS_H_

#include "common/base/error.h"

namespace kith::referral::domain::errors {

// About a fact of any kind.
inline constexpr ErrorDef kTimeInFuture{absl::StatusCode::kInvalidArgument, "TIME_IN_FUTURE",
                                        "the time is more than a day ahead"};

// About rules.
inline constexpr ErrorDef kCurrencyChanged{
    absl::StatusCode::kFailedPrecondition, "CURRENCY_CHANGED",
    "the currency of a program, in which its caps and balances count, cannot be changed"};

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
inline constexpr ErrorDef kOptedOut{absl::StatusCode::kFailedPrecondition, "OPTED_OUT",
                                    "the referee does not want to be referred"};
inline constexpr ErrorDef kNotEligible{
    absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE",
    "the program's rules do not let this advocate recommend"};
inline constexpr ErrorDef kAdvocateSuspended{absl::StatusCode::kFailedPrecondition,
                                             "ADVOCATE_SUSPENDED",
                                             "the advocate may not recommend any more"};
inline constexpr ErrorDef kFraudRejected{absl::StatusCode::kFailedPrecondition,
                                         "FRAUD_REJECTED",
                                         "the program's fraud rules reject the referral"};
inline constexpr ErrorDef kNotALead{absl::StatusCode::kFailedPrecondition, "NOT_A_LEAD",
                                    "the referral began with a signup"};
inline constexpr ErrorDef kIllegalLeadTransition{
    absl::StatusCode::kFailedPrecondition, "ILLEGAL_LEAD_TRANSITION",
    "the lead cannot go from its state to that one"};
inline constexpr ErrorDef kReasonMissing{absl::StatusCode::kInvalidArgument, "REASON_MISSING",
                                         "why is the lead lost or unqualified?"};
inline constexpr ErrorDef kTimeOutOfOrder{absl::StatusCode::kFailedPrecondition,
                                          "TIME_OUT_OF_ORDER",
                                          "the time is before the lead's last change"};
inline constexpr ErrorDef kNoteUnreadable{absl::StatusCode::kFailedPrecondition,
                                          "NOTE_UNREADABLE",
                                          "the note was not sealed by this program's key"};

// About touches.
inline constexpr ErrorDef kUnknownCode{absl::StatusCode::kNotFound, "UNKNOWN_CODE",
                                       "the code belongs to nobody"};
inline constexpr ErrorDef kTouchIdReused{absl::StatusCode::kAlreadyExists, "TOUCH_ID_REUSED",
                                         "the touch_id was used before with other content"};

// About codes.
inline constexpr ErrorDef kCodeNotFound{absl::StatusCode::kNotFound, "CODE_NOT_FOUND",
                                        "the code belongs to nobody"};
inline constexpr ErrorDef kCodeTaken{absl::StatusCode::kAlreadyExists, "CODE_TAKEN",
                                     "the code belongs to somebody already"};
inline constexpr ErrorDef kTooManyCodes{absl::StatusCode::kFailedPrecondition,
                                        "TOO_MANY_CODES",
                                        "the advocate has as many codes as there may be"};

// About signups.
inline constexpr ErrorDef kCustomerNotFound{absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND",
                                            "the customer has not signed up"};
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

inline constexpr ErrorDef kBeforeReferral{
    absl::StatusCode::kFailedPrecondition, "BEFORE_REFERRAL",
    "the conversion was before the referral that it is to count for"};

inline constexpr ErrorDef kBeforeConversion{
    absl::StatusCode::kFailedPrecondition, "BEFORE_CONVERSION",
    "the reversal was before the conversion that it takes back"};

// About campaigns.
inline constexpr ErrorDef kCampaignNotFound{absl::StatusCode::kNotFound, "CAMPAIGN_NOT_FOUND",
                                            "the program has no such campaign"};
inline constexpr ErrorDef kCampaignClosed{absl::StatusCode::kFailedPrecondition,
                                          "CAMPAIGN_CLOSED",
                                          "the campaign is not running at that time"};
inline constexpr ErrorDef kNotInAudience{absl::StatusCode::kFailedPrecondition,
                                         "NOT_IN_AUDIENCE",
                                         "the campaign is not for this advocate"};

// About fulfilment.
inline constexpr ErrorDef kNotClaimed{absl::StatusCode::kFailedPrecondition, "NOT_CLAIMED",
                                      "nobody has claimed the reward"};
inline constexpr ErrorDef kLeaseOver{absl::StatusCode::kFailedPrecondition, "LEASE_OVER",
                                     "the lease is over"};
inline constexpr ErrorDef kReportConflict{
    absl::StatusCode::kAlreadyExists, "REPORT_CONFLICT",
    "the reward was reported as fulfilled before, with other content"};
inline constexpr ErrorDef kNotFailed{absl::StatusCode::kFailedPrecondition, "NOT_FAILED",
                                     "the fulfilment of the reward has not failed"};

// About honesty.
inline constexpr ErrorDef kCaseNotFound{absl::StatusCode::kNotFound, "CASE_NOT_FOUND",
                                        "the referral has no case"};
inline constexpr ErrorDef kCaseResolved{absl::StatusCode::kFailedPrecondition, "CASE_RESOLVED",
                                        "the case was decided otherwise"};
inline constexpr ErrorDef kCaseAlreadyResolved{
    absl::StatusCode::kAlreadyExists, "CASE_ALREADY_RESOLVED",
    "the case was decided so before, with another note"};
inline constexpr ErrorDef kIdentityInvalid{absl::StatusCode::kInvalidArgument,
                                           "IDENTITY_INVALID",
                                           "the value does not identify anybody"};

// About stored rules.
inline constexpr ErrorDef kProgramUnreadable{
    absl::StatusCode::kFailedPrecondition, "PROGRAM_UNREADABLE",
    "a stored version of the program cannot be read by this binary"};

// About reads.
inline constexpr ErrorDef kVersionNotFound{absl::StatusCode::kNotFound,
                                           "PROGRAM_VERSION_NOT_FOUND",
                                           "the program has no such version"};
inline constexpr ErrorDef kAdvocateNotFound{absl::StatusCode::kNotFound, "ADVOCATE_NOT_FOUND",
                                            "the advocate is not enrolled"};
inline constexpr ErrorDef kRewardNotFound{absl::StatusCode::kNotFound, "REWARD_NOT_FOUND",
                                          "the reward does not exist"};
inline constexpr ErrorDef kReferralNotFound{absl::StatusCode::kNotFound, "REFERRAL_NOT_FOUND",
                                            "the referral does not exist"};

}  // namespace kith::referral::domain::errors

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_ERRORS_H_
