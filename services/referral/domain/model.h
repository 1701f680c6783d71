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
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/reward_model.h"

namespace kith::referral::domain {

// What can decide an attribution: a person's override, then strongest first.
enum class EvidenceKind { kCode, kLead, kSelfReported, kTouch, kNone, kOverride };

// How a referral began.
enum class ReferralOrigin { kLead, kSignup };

enum class ReferralState { kSubmitted, kSignedUp, kConverted };

// Where the sales work on a referral stands; see lead.h for the transitions.
enum class LeadState {
  kSubmitted,
  kContacted,
  kQualified,
  kMeeting,
  kNegotiation,
  kWon,
  kLost,
  kUnqualified
};
enum class Fit { kUnknown, kGood, kBad };

// What the fraud rules say of a referral.
enum class FraudState {
  kClear,     // nothing, or too little, speaks against it
  kHeld,      // a case is open: its rewards wait
  kApproved,  // a person found it honest
  kRejected   // by the rules or by a person: it earns nothing
};

// A lead, or a customer attributed without one.
struct Referral {
  std::string program_id;
  std::string referral_id;
  std::string advocate_id;
  ReferralOrigin origin = ReferralOrigin::kLead;
  std::string referee_id;  // as the lead named the referee
  std::string email_hash;  // of the address that the lead named
  std::string campaign;
  bool campaign_by_code = false;  // the lead named none; it is that of the customer's code
  absl::Time submitted_time;
  int64_t program_version = 0;
  std::string customer_id;  // the customer attributed to it
  std::optional<absl::Time> signup_time;
  EvidenceKind evidence = EvidenceKind::kNone;  // what decided that
  std::string conversion_id;                    // the live conversion
  std::optional<absl::Time> conversion_time;
  bool ever_converted = false;            // it has, or once had, a live conversion
  std::string phone_hash;                 // of the number that the lead named
  std::string name_hash;                  // of the name that the lead named
  std::string sealed_note;                // encrypted under the program's key
  std::vector<std::string> expectations;  // what the advocate told the referee
  Attributes attributes;                  // of the lead
  LeadState lead_state = LeadState::kSubmitted;
  std::optional<absl::Time> lead_state_time;  // of the last change
  std::optional<absl::Time> first_contact_time;
  std::optional<absl::Time> follow_up_due_time;  // by the SLA; absent: none
  bool follow_up_breached = false;               // the breach was announced
  Fit fit = Fit::kUnknown;
  std::string fit_by;              // `rules`, or who decided
  std::string unqualified_reason;  // why it is unqualified or lost
  bool ever_qualified = false;
  std::optional<absl::Time> qualified_time;  // when that was first
  FraudState fraud = FraudState::kClear;
  int64_t fraud_score = 0;
  bool opted_out = false;  // whom the lead names has opted out since
  friend bool operator==(const Referral&, const Referral&) = default;

  ReferralState state() const {
    if (!conversion_id.empty()) return ReferralState::kConverted;
    return customer_id.empty() ? ReferralState::kSubmitted : ReferralState::kSignedUp;
  }
  // Whether the fraud gate is open.
  bool cleared() const {
    return fraud == FraudState::kClear || fraud == FraudState::kApproved;
  }
  // Who was referred, as far as is known.
  const std::string& referee() const { return customer_id.empty() ? referee_id : customer_id; }
};

// The id of a referral that begins with the signup of `customer_id`.
std::string SignupReferralId(absl::string_view customer_id);

enum class TouchKind { kClick, kView };

// A click or view that carried a code.
struct Touch {
  std::string program_id;
  std::string touch_id;
  std::string code;  // normal form
  std::string visitor_id;
  std::string advocate_id;
  absl::Time touch_time;
  TouchKind kind = TouchKind::kClick;
  std::string source;    // where the traffic came from
  std::string campaign;  // of the code
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
  int64_t open_conversions = 0;  // since the signup, and not reversed
  Attributes attributes;
  std::string source;                      // where the traffic came from
  Identity identity;                       // email_hash stands above
  std::optional<absl::Time> churned_time;  // from the retention feed; absent: a customer
  std::optional<absl::Time> aha_time;      // from the retention feed
  friend bool operator==(const Customer&, const Customer&) = default;

  bool attributed() const { return !judgement.referral_id.empty(); }
  // `referral` when attributed, else the channel stated, else `organic`.
  std::string channel() const;
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_MODEL_H_
