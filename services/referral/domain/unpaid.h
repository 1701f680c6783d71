// Why a rule pays nothing for a conversion or a referral.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_UNPAID_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_UNPAID_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/reward_model.h"
#include "services/referral/domain/reward_rule.h"

namespace kith::referral::domain {

// The reasons; part of the API. Besides: CAP_REACHED and FRAUD_REJECTED of reward.h.
namespace unpaid {
inline constexpr absl::string_view kNotOverConversions = "NOT_OVER_CONVERSIONS";
inline constexpr absl::string_view kOtherEvent = "OTHER_EVENT";
inline constexpr absl::string_view kNotASuccess = "NOT_A_SUCCESS";
inline constexpr absl::string_view kNotTheFirst = "NOT_THE_FIRST";
inline constexpr absl::string_view kNotReached = "NOT_REACHED";
inline constexpr absl::string_view kCampaignClosed = "CAMPAIGN_CLOSED";
inline constexpr absl::string_view kReplaced = "REPLACED";
inline constexpr absl::string_view kNoRecipient = "NO_RECIPIENT";
inline constexpr absl::string_view kAmountTooSmall = "AMOUNT_TOO_SMALL";
inline constexpr absl::string_view kConditionNotMet = "CONDITION_NOT_MET";
inline constexpr absl::string_view kNoAmount = "NO_AMOUNT";
inline constexpr absl::string_view kNotGranted = "NOT_GRANTED";
// Of a referral besides.
inline constexpr absl::string_view kNotYet = "NOT_YET";
inline constexpr absl::string_view kNotALead = "NOT_A_LEAD";
inline constexpr absl::string_view kOverConversions = "OVER_CONVERSIONS";
}  // namespace unpaid

struct Unpaid {
  std::string reason;              // empty: nothing speaks against it
  std::string detail;              // with its values, for people
  std::vector<TestOutcome> tests;  // of a condition that does not hold
};

Unpaid Because(absl::string_view reason, std::string detail);

// Why a rule does not ask for a conversion like this: NOT_OVER_CONVERSIONS, OTHER_EVENT,
// NOT_A_SUCCESS.
Unpaid WhyNotAsked(const RewardRule& rule, const Conversion& conversion);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_UNPAID_H_
