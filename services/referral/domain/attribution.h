// Who brought a customer: weighs everything that speaks for an advocate.
//
// Evidence is judged, never its order of arrival: the same facts give the same judgement.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_ATTRIBUTION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_ATTRIBUTION_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

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
  Identity identity;    // email_hash stands above
  std::string source;
  Attributes attributes;
};

// The customer of a signup, not judged yet.
Customer ToCustomer(absl::string_view program_id, const Signup& signup, absl::Time now);

// Whether `signup` is what was stored as `stored` (an absent time equals every time; the
// company of the address is not compared, because what is free mail depends on the rules).
bool SameContent(const Signup& signup, const Customer& stored);

// Reasons why evidence does not count.
namespace rejections {
inline constexpr absl::string_view kUnknownCode = "UNKNOWN_CODE";
inline constexpr absl::string_view kUnknownAdvocate = "UNKNOWN_ADVOCATE";
inline constexpr absl::string_view kSelfReferral = "SELF_REFERRAL";
inline constexpr absl::string_view kOutOfWindow = "OUT_OF_WINDOW";
inline constexpr absl::string_view kCodeRetired = "CODE_RETIRED";
inline constexpr absl::string_view kAdvocateSuspended = "ADVOCATE_SUSPENDED";
inline constexpr absl::string_view kNotEligible = "NOT_ELIGIBLE";
inline constexpr absl::string_view kExistingCustomer = "EXISTING_CUSTOMER";
inline constexpr absl::string_view kFraudRejected = "FRAUD_REJECTED";
inline constexpr absl::string_view kOutranked = "OUTRANKED";
inline constexpr absl::string_view kOverridden = "OVERRIDDEN";
// Besides: CAMPAIGN_CLOSED, NOT_IN_AUDIENCE of CheckCampaign.
}  // namespace rejections

// Why a code that was used at `time` counts for nobody; empty if it counts: CODE_RETIRED,
// ADVOCATE_SUSPENDED, CAMPAIGN_CLOSED, NOT_IN_AUDIENCE, NOT_ELIGIBLE. `program` may be
// nullptr: without rules there are no campaigns, and everybody may recommend.
std::string CodeRefusal(const Code& code, const Advocate& advocate, const Program* program,
                        absl::Time time);

// One thing that speaks for an advocate.
struct Evidence {
  EvidenceKind kind = EvidenceKind::kNone;
  std::string advocate_id;              // empty: a code that belongs to nobody
  const Advocate* advocate = nullptr;   // nullptr: not enrolled
  absl::Time time = absl::UnixEpoch();  // of a lead or touch
  std::string id = "";                  // of the lead, touch or code: breaks ties of time
  bool converted = false;               // a lead that has, or once had, a live conversion
  bool view = false;                    // a touch that was only a view
  std::string campaign = "";            // of the lead or code
  std::string refusal = "";             // why it cannot count, as far as it tells itself
  std::string source = "";              // of a touch: where the traffic came from
};

// The evidence that a lead, touch, code or a customer's word makes. `code` is nullptr when it
// is nobody's; a touch has a code unless it was stored before codes were kept for ever.
Evidence LeadEvidence(const Referral& lead, const Advocate* advocate);
Evidence TouchEvidence(const Touch& touch, const Code* code, const Advocate* advocate,
                       const Program* program);
Evidence CodeEvidence(const Customer& customer, const Code* code, const Advocate* advocate,
                      const Program* program);
Evidence SelfReportedEvidence(absl::string_view advocate_id, const Advocate* advocate);

// Whether one of two with the same mail address or number was a customer first: by time, and
// of one instant by id.
bool CameBefore(const Customer& other, const Customer& customer);
// Of those with the mail address, or the number, of a customer who is told of now (`alike`):
// whom that makes an existing customer. The first of them, if this one came before all; the
// others were none before. nullptr: nobody.
const Customer* FirstUntilNow(const Customer& customer,
                              absl::Span<const Customer* const> alike);
// Refuses the evidence for a customer who may not be brought by anybody, or not by its
// advocate, whatever its kind. EXISTING_CUSTOMER: one of those with the same mail address or
// number (`alike`) came before. NOT_ELIGIBLE: the rules do not let the advocate recommend, by
// what is known of the advocate when the evidence is first judged; whoever has the customer
// keeps him. Of a lead that is judged when it is submitted.
void RefuseByStanding(const Customer& customer, absl::Span<const Customer* const> alike,
                      const Program* program, std::vector<Evidence>& evidence);

// A piece of evidence and why it does not count; empty: it won, or speaks for the winner too.
struct Candidate {
  Evidence evidence;
  std::string rejection;
};

struct Weighed {
  Judgement judgement;
  std::string campaign;               // that the deciding evidence brings
  std::vector<Candidate> candidates;  // all, strongest first
};

// Whether a customer may not be attributed to `referral_id` of the advocate whom the evidence
// that would decide speaks for, because it would be fraud. Asked once for each advocate who
// would win otherwise, strongest first.
using IsFraud = std::function<bool(const Evidence& leader, const std::string& referral_id)>;

// Judges a customer by the rules in force at the signup.
//
// Refused is what speaks for nobody enrolled, for the customer (same id, mail address or
// number), or lies outside its window before the signup: a touch in [signup - touch_window,
// signup], a lead in [signup - lead_window, signup]; what speaks for an advocate suspended by
// the signup, unless it is a lead; a code that is retired, or whose campaign is closed or for
// others; what is fraud. Of the rest the strongest wins: code, lead, self-reported, touch. Of
// several leads the earliest wins; of several touches the one that the model says; then the
// smaller id. A converted lead comes before everything and has no window: what was paid for is
// not moved.
//
// The referral is the winner's own lead when there is one that counts (the earliest),
// otherwise one that begins with this signup. Evidence for others is listed as rejected,
// each kind, advocate and reason once, in order of strength.
//
// A customer about whom a person has decided stays so; whatever speaks for others is
// OVERRIDDEN.
Weighed WeighEvidence(const Customer& customer, absl::Span<const Evidence> evidence,
                      const AttributionRules& rules, const IsFraud& is_fraud);

// The same where nothing is fraud.
Judgement JudgeSignup(const Customer& customer, absl::Span<const Evidence> evidence,
                      const AttributionRules& rules);

// The referral of a customer whom a person gives to `advocate_id`: the one there is if it is
// the advocate's already, else the advocate's own lead among the evidence (a converted one
// first, then the earliest; no window applies), else one that begins with the signup.
std::string ReferralOfDecision(const Customer& customer, absl::string_view advocate_id,
                               absl::Span<const Evidence> evidence);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_ATTRIBUTION_H_
