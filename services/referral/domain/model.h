// The things that the referral service knows: advocates, referrals, touches, customers,
// conversions, rewards and the ledger. Times are whole microseconds; an empty text means
// "not known" unless said otherwise. Mail addresses appear as keyed hashes only.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_MODEL_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// Someone enrolled to recommend.
struct Advocate {
  std::string program_id;
  std::string advocate_id;
  std::string email_hash;
  std::string code;
  absl::Time enrolled_time;
  int64_t referrals = 0;    // accepted
  int64_t signups = 0;      // of them, with an attributed customer
  int64_t conversions = 0;  // of them, with a live conversion
  friend bool operator==(const Advocate&, const Advocate&) = default;
};

// Whose a code is. The code is in its normal form (see codes.h).
struct Code {
  std::string program_id;
  std::string code;
  std::string advocate_id;
  friend bool operator==(const Code&, const Code&) = default;
};

// What can decide an attribution, strongest first.
enum class EvidenceKind { kCode, kLead, kSelfReported, kTouch, kNone };

// How a referral began.
enum class ReferralOrigin { kLead, kSignup };

enum class ReferralState { kSubmitted, kSignedUp, kConverted };

// A lead, or a customer attributed without one.
struct Referral {
  std::string program_id;
  std::string referral_id;
  std::string advocate_id;
  ReferralOrigin origin = ReferralOrigin::kLead;
  std::string referee_id;  // as the lead named the referee
  std::string email_hash;  // of the address that the lead named
  std::string campaign;
  absl::Time submitted_time;
  int64_t program_version = 0;
  std::string customer_id;  // the customer attributed to it
  std::optional<absl::Time> signup_time;
  EvidenceKind evidence = EvidenceKind::kNone;  // what decided that
  std::string conversion_id;                    // the live conversion
  std::optional<absl::Time> conversion_time;
  bool ever_converted = false;  // it has, or once had, a live conversion
  friend bool operator==(const Referral&, const Referral&) = default;

  ReferralState state() const {
    if (!conversion_id.empty()) return ReferralState::kConverted;
    return customer_id.empty() ? ReferralState::kSubmitted : ReferralState::kSignedUp;
  }
  // Who was referred, as far as is known.
  const std::string& referee() const { return customer_id.empty() ? referee_id : customer_id; }
};

// The id of a referral that begins with the signup of `customer_id`.
std::string SignupReferralId(absl::string_view customer_id);

// A click or view that carried a code.
struct Touch {
  std::string program_id;
  std::string touch_id;
  std::string code;  // normal form
  std::string visitor_id;
  std::string advocate_id;
  absl::Time touch_time;
  friend bool operator==(const Touch&, const Touch&) = default;
};

// Evidence that did not count.
struct RejectedEvidence {
  EvidenceKind kind = EvidenceKind::kNone;
  std::string advocate_id;
  std::string reason;  // UPPER_SNAKE_CASE, never empty
  friend bool operator==(const RejectedEvidence&, const RejectedEvidence&) = default;
};

// Who brought a customer, and why.
struct Judgement {
  EvidenceKind evidence = EvidenceKind::kNone;
  std::string advocate_id;  // empty: nobody
  std::string referral_id;  // empty: nobody
  std::vector<RejectedEvidence> rejected;
  friend bool operator==(const Judgement&, const Judgement&) = default;
};

// Someone who signed up: what was stated then, and how it was judged.
struct Customer {
  std::string program_id;
  std::string customer_id;
  absl::Time signup_time;
  std::string email_hash;
  std::string code;            // normal form
  std::string referrer_id;     // the advocate that the customer named
  std::string visitor_id;      // the visitor that became the customer
  std::string stated_channel;  // for the case that nobody referred the customer
  int64_t program_version = 0;
  Judgement judgement;
  int64_t open_conversions = 0;  // recorded and not reversed
  friend bool operator==(const Customer&, const Customer&) = default;

  bool attributed() const { return !judgement.referral_id.empty(); }
  // `referral` when attributed, else the channel stated, else `organic`.
  std::string channel() const;
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
  friend bool operator==(const Conversion&, const Conversion&) = default;

  bool reversed() const { return reversal_time.has_value(); }
};

enum class RewardState { kHeld, kAvailable, kReversed };

// What one party is owed for a conversion.
struct Reward {
  std::string program_id;
  std::string reward_id;
  std::string referral_id;
  std::string conversion_id;
  std::string rule_id;
  int64_t program_version = 0;
  RewardSide side = RewardSide::kReferrer;
  std::string recipient_id;
  RewardKind kind = RewardKind::kCash;
  int64_t amount_minor = 0;
  std::string currency;
  absl::Time available_time;  // fixed at creation
  absl::Time created_time;
  std::optional<absl::Time> reversal_time;
  std::string cause;  // of the reversal
  friend bool operator==(const Reward&, const Reward&) = default;

  RewardState state(absl::Time now) const {
    if (reversal_time.has_value()) return RewardState::kReversed;
    return now < available_time ? RewardState::kHeld : RewardState::kAvailable;
  }
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_MODEL_H_
