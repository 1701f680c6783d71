// Who brought a customer: weighs everything that speaks for an advocate.
//
// Evidence is judged, never its order of arrival: the same facts give the same judgement.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_ATTRIBUTION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_ATTRIBUTION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// A signup as reported. An absent time means the time of the call.
struct Signup {
  std::string customer_id;
  std::optional<absl::Time> signup_time;
  std::string email_hash;
  std::string code;         // normal form
  std::string referrer_id;  // the advocate that the customer named
  std::string visitor_id;
  std::string channel;  // if nobody referred the customer
};

// The customer of a signup, not judged yet.
Customer ToCustomer(absl::string_view program_id, const Signup& signup, absl::Time now);

// Whether `signup` is what was stored as `stored` (an absent time equals every time).
bool SameContent(const Signup& signup, const Customer& stored);

// Reasons why evidence does not count.
namespace rejections {
inline constexpr absl::string_view kUnknownCode = "UNKNOWN_CODE";
inline constexpr absl::string_view kUnknownAdvocate = "UNKNOWN_ADVOCATE";
inline constexpr absl::string_view kSelfReferral = "SELF_REFERRAL";
inline constexpr absl::string_view kOutOfWindow = "OUT_OF_WINDOW";
inline constexpr absl::string_view kOutranked = "OUTRANKED";
}  // namespace rejections

// One thing that speaks for an advocate.
struct Evidence {
  EvidenceKind kind = EvidenceKind::kNone;
  std::string advocate_id;              // empty: a code that belongs to nobody
  const Advocate* advocate = nullptr;   // nullptr: not enrolled
  absl::Time time = absl::UnixEpoch();  // of a lead or touch
  std::string id = "";                  // of the lead or touch: breaks ties of time
  bool converted = false;               // a lead that has, or once had, a live conversion
};

// The evidence that a lead, touch, code or a customer's word makes.
Evidence LeadEvidence(const Referral& lead, const Advocate* advocate);
Evidence TouchEvidence(const Touch& touch, const Advocate* advocate);
Evidence CodeEvidence(const Advocate* advocate);
Evidence SelfReportedEvidence(absl::string_view advocate_id, const Advocate* advocate);

// Judges a customer by the rules in force at the signup.
//
// Refused is what speaks for nobody enrolled, for the customer (same id or mail address), or
// lies outside its window before the signup: a touch in [signup - touch_window, signup], a
// lead in [signup - lead_window, signup). Of the rest the strongest wins: code, lead,
// self-reported, touch. Of several leads the earliest wins; of several touches the one that
// the model says; then the smaller id. A converted lead comes before everything and has no
// window: what was paid for is not moved.
//
// The referral is the winner's own lead when there is one that counts (the earliest),
// otherwise one that begins with this signup. Evidence for others is listed as rejected,
// each kind, advocate and reason once, in order of strength.
Judgement JudgeSignup(const Customer& customer, absl::Span<const Evidence> evidence,
                      const AttributionRules& rules);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_ATTRIBUTION_H_
