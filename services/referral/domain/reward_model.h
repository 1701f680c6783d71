// What converts and what is owed for it.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_REWARD_MODEL_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_REWARD_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/reward_rule.h"

namespace kith::referral::domain {

// A named part of an order.
struct Line {
  std::string name;
  int64_t amount_minor = 0;
  friend bool operator==(const Line&, const Line&) = default;
};

// An event that counts.
struct Conversion {
  std::string program_id;
  std::string conversion_id;
  std::string given_customer_id;  // as the caller gave them
  std::string given_referral_id;
  std::string customer_id;  // who converted
  std::string referral_id;  // the referral it counts for; empty: it waits for one
  absl::Time conversion_time;
  std::optional<int64_t> amount_minor;
  std::string currency;         // empty without amount
  int64_t program_version = 0;  // in force at conversion_time when recorded; 0: none
  std::optional<absl::Time> reversal_time;
  std::string cause;  // of the reversal
  std::string event;  // `app_installed`, `coupon_redeemed`, …; empty: unnamed
  std::optional<int64_t> annual_minor;  // the annual subscription that was bought
  std::vector<Line> lines;
  Attributes attributes;  // `plan`, `coupon`, …
  bool success = true;    // by the program's success rules: it may convert its referral
  std::string order_id;   // which order it is about, as the caller names it; may be empty
  friend bool operator==(const Conversion&, const Conversion&) = default;

  bool reversed() const { return reversal_time.has_value(); }
};

// Where a reward stands. docs/referral.md draws the transitions.
enum class RewardState {
  kPending,     // waits for the fraud gate
  kApproved,    // waits for the incentive's own condition (the release event)
  kHeld,        // in its holding period
  kAvailable,   // may be fulfilled
  kFulfilling,  // claimed by a provider, or to be tried again
  kFulfilled,   // the recipient has it
  kCancelled,   // never became owed: a gate or a cap said no
  kReversed,    // clawed back
  kExpired      // was not taken in time
};

// What one party is owed.
struct Reward {
  std::string program_id;
  std::string reward_id;    // made of rule and occasion: no reward twice
  std::string referral_id;  // the referral it is for (of a milestone: the one that filled it)
  std::string conversion_id;  // the conversion that made it, if one did
  std::string rule_id;
  int64_t program_version = 0;
  RewardSide side = RewardSide::kReferrer;
  std::string recipient_id;
  RewardKind kind = RewardKind::kCash;
  int64_t amount_minor = 0;   // >= 0; 0 only when cancelled by a cap
  std::string currency;       // ISO 4217, or the unit of what is no money (see UnitOf)
  absl::Time available_time;  // end of the holding period, fixed at creation
  absl::Time created_time;
  std::optional<absl::Time> reversal_time;  // when it was cancelled, reversed or expired
  std::string cause;     // of that: FRAUD_REJECTED, CAP_REACHED, refund, …
  std::string campaign;  // whose rule it is; empty: the program's
  Trigger trigger = Trigger::kConverted;
  absl::Time occasion_time;                       // when what earned it happened
  RewardState stored_state = RewardState::kHeld;  // kHeld covers kAvailable: see state()
  bool released = true;    // the release event has happened, or none is needed
  bool announced = false;  // reward_available was published
  std::optional<absl::Time> expiry_time;
  std::optional<absl::Time> fulfilled_time;
  std::string item;
  int64_t wanted_minor = 0;          // before caps clamped it
  std::string explanation;           // what ExplainReward tells; see explanation.h
  int64_t recalculated_version = 0;  // the version that changed it afterwards; 0: none
  std::string closed_by;             // who took it back: a person, or a reserved name
  // After a failed fulfilment: from when it may be claimed again.
  std::optional<absl::Time> retry_time;
  bool failed = false;  // its fulfilment did, for good: a person has to have it tried again
  friend bool operator==(const Reward&, const Reward&) = default;

  // Held and available differ by the clock alone, as does expired from available. One that is
  // to be tried again is still being fulfilled.
  RewardState state(absl::Time now) const {
    if (stored_state != RewardState::kHeld) return stored_state;
    if (now < available_time) return RewardState::kHeld;
    if (expiry_time.has_value() && now >= *expiry_time) return RewardState::kExpired;
    if (failed || (retry_time.has_value() && now < *retry_time)) {
      return RewardState::kFulfilling;
    }
    return RewardState::kAvailable;
  }
  // Whether it counts against caps and in the ledger.
  bool owed() const {
    return stored_state != RewardState::kCancelled && stored_state != RewardState::kReversed &&
           stored_state != RewardState::kExpired;
  }
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_REWARD_MODEL_H_
