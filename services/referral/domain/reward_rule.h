// What a program grants, for what, to whom and how much.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_REWARD_RULE_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_REWARD_RULE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/referral/domain/condition.h"

namespace kith::referral::domain {

enum class RewardSide { kReferrer, kReferee };

enum class RewardKind {
  kCash,
  kCredit,
  kPercentOff,
  kFeeWaiver,
  kFreePeriod,
  kFeatureUnlock,
  kPlanUpgrade,
  kInKind,
  kPoints,
  kPhysicalGift,
  kGiftCard,
  kDonation,
  kEventTicket,
  kEarlyAccess,
  kContestEntry
};

// What earns a reward.
enum class Trigger {
  kConverted,   // a conversion; see `event` and `occurrence`
  kSubmitted,   // a lead was accepted
  kQualified,   // a lead was found to be a good fit
  kSignedUp,    // a customer was attributed
  kRetained,    // the referee is still a customer `retained_days` after the signup
  kAhaReached,  // the referee reached the success event
  kNthSuccess,  // the advocate's `count`th converted referral (every `count`th if `repeat`)
  kMilestone    // the advocate's `count`th contact (every `count`th if `repeat`)
};

// Of a conversion trigger: which conversions of a referral.
enum class Occurrence {
  kFirst,  // the live one only; of a rule with an event: the first with it
  kEvery   // each success; of a rule with an event: each with it
};

enum class MilestoneOf { kSubmitted, kQualified };

// How much: exactly one is set. Rounded half to even.
struct Amount {
  std::optional<int64_t> fixed_minor;                  // minor units, or units of the kind
  std::optional<int64_t> percent_basis_points;         // of the conversion's amount
  std::optional<int64_t> annual_percent_basis_points;  // of its annual subscription
  std::string line;                                    // the amount of this line of the order
  friend bool operator==(const Amount&, const Amount&) = default;
};

// An amount that applies under a condition: by ordinal, plan, tier, segment, volume.
struct AmountCase {
  Condition when;
  Amount amount;
  friend bool operator==(const AmountCase&, const AmountCase&) = default;
};

enum class CapScope { kRecipient, kProgram };
// Calendar periods are those of the program's zone; weeks begin on Monday.
enum class CapPeriod { kLifetime, kDay, kWeek, kMonth, kYear };

// The most that may be granted. What is over the amount is clamped; what is over the number
// is refused. Absent: no cap; 0: none. What is reversed or cancelled is given back.
struct Cap {
  CapScope scope = CapScope::kRecipient;
  CapPeriod period = CapPeriod::kLifetime;
  std::optional<int64_t> max_rewards;
  std::optional<int64_t> max_minor;
  friend bool operator==(const Cap&, const Cap&) = default;
};

// One side's reward.
struct RewardRule {
  std::string rule_id;
  RewardSide side = RewardSide::kReferrer;
  RewardKind kind = RewardKind::kCash;
  Trigger trigger = Trigger::kConverted;
  std::string event;                           // kConverted: only this event; empty: a success
  Occurrence occurrence = Occurrence::kFirst;  // kConverted
  int64_t count = 0;                           // kNthSuccess, kMilestone: >= 1
  bool repeat = false;                         // kNthSuccess, kMilestone
  MilestoneOf milestone_of = MilestoneOf::kSubmitted;
  int64_t retained_days = 0;  // kRetained: >= 1
  Amount amount;
  std::vector<AmountCase> cases;  // the first that holds replaces `amount`
  std::string unit;               // kInKind: what the amount counts ("mb")
  std::string item;               // the thing: SKU, feature, plan, product, cause, event
  Condition condition;
  std::optional<int64_t> min_conversion_minor;       // absent: none is needed
  std::optional<int64_t> max_rewards_per_recipient;  // short for a lifetime cap of a recipient
  std::vector<Cap> caps;                             // of this rule
  absl::Duration holding_period = absl::ZeroDuration();  // fixed at creation
  std::string release_event;  // the second gate: a conversion with this event, or `aha`
  std::optional<absl::Duration> expires_after;          // from when it may be paid
  std::optional<absl::Duration> clawback_window;        // from the occasion; absent: always
  std::optional<absl::Duration> churn_clawback_window;  // from the signup; absent: never
  friend bool operator==(const RewardRule&, const RewardRule&) = default;
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_REWARD_RULE_H_
