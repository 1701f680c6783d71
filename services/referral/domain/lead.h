// The sales work on a lead: which changes are allowed, what they make known, and whom a lead
// fits. Only referrals that began as a lead have any.
//
//   submitted -> contacted -> qualified -> meeting -> negotiation -> won
//
// An open lead (all but the last) goes forward, by any number of steps, or ends as lost or
// unqualified. Won and lost are for ever. An unqualified lead is qualified again when a person
// decides that it fits.
//
// A lead is *known to fit*, and earns what qualified leads earn, as soon as the rules or a
// person say so, wherever the sales work stands.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_LEAD_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_LEAD_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// Who decided, where no person did.
inline constexpr absl::string_view kByRules = "rules";
inline constexpr absl::string_view kByConversion = "conversion";
// Why a lead is unqualified that the rules do not fit.
inline constexpr absl::string_view kNotAFit = "NOT_A_FIT";

bool IsOpen(LeadState state);
// Whether the sales work has it that the lead fits: qualified and what comes after it.
bool IsQualified(LeadState state);
// Whether a lead may go from one state to another by an update.
bool MayMove(LeadState from, LeadState to);

// An allowed change of a lead.
struct LeadChange {
  LeadState state = LeadState::kSubmitted;  // as before: the sales work stays where it is
  std::optional<Fit> fit;                   // absent: not decided by this change
  absl::Time time;
  std::string by;        // kByRules, kByConversion or a person
  std::string reason;    // of a lead that is lost or unqualified
  bool contact = false;  // it tells that somebody was in touch with the lead
  friend bool operator==(const LeadChange&, const LeadChange&) = default;
};

// A change as a person or a CRM reports it. An absent time means the time of the call.
struct LeadUpdate {
  LeadState state = LeadState::kSubmitted;
  std::optional<absl::Time> time;
  std::string by;
  std::string reason;
};
// The change that an update makes; nullopt when the lead stands there already. Checked in
// this order: NOT_A_LEAD, TIME_IN_FUTURE, REASON_MISSING (to lose or unqualify), INVALID_FIELD
// (a reason for anything else), ILLEGAL_LEAD_TRANSITION, TIME_OUT_OF_ORDER (before the last
// change, or before the submission). Whoever qualifies a lead, or takes it further, also
// decides that it fits, if that is not decided yet; whoever unqualifies it, that it does not.
absl::StatusOr<std::optional<LeadChange>> JudgeUpdate(const Referral& lead,
                                                      const LeadUpdate& update,
                                                      absl::Time now);

// A person's decision whether a lead fits.
struct FitDecision {
  Fit fit = Fit::kUnknown;
  std::string by;
  std::string reason;  // of a bad one
};
// The change that it makes; nullopt when it was decided so by the same person before. A good
// fit leaves an open lead where it stands and qualifies one that was unqualified; a bad one
// makes an open lead unqualified. Checked in this order: NOT_A_LEAD, INVALID_FIELD (neither
// good nor bad), REASON_MISSING, INVALID_FIELD (a reason for a good one),
// ILLEGAL_LEAD_TRANSITION (a lost lead; a bad fit of a won one).
absl::StatusOr<std::optional<LeadChange>> JudgeFitDecision(const Referral& lead,
                                                           const FitDecision& decision,
                                                           absl::Time now);

// What the rules say of a lead at its submission; nullopt when they leave it to a person. A
// good fit stays submitted, a bad one is unqualified.
std::optional<LeadChange> JudgeFitByRules(const LeadRules& rules, const Referral& lead,
                                          const Advocate& advocate);
// The fields that fit rules may look at: `lead.*` and `advocate.*`.
FieldValues FitFields(const Referral& lead, const Advocate& advocate);

// The change by a live conversion at `time`; nullopt unless the lead is open.
std::optional<LeadChange> ChangeByConversion(const Referral& lead, absl::Time time);

// The lead after the change. A first contact after its time shows as a breach, unless the lead
// is rejected as a fraud; one in time does not, even if it is told after the breach. A lead
// that was ever found to fit keeps `ever_qualified`.
Referral Changed(Referral lead, const LeadChange& change);

// What became known of a lead's quality: whether it fits, when that is first decided, and once
// more when one that was found bad is first found good; that it was won, when it is first won
// or converts. One that is lost is known to be so when its time is over (see quality.h).
struct LeadOutcome {
  QualityMetric metric = QualityMetric::kQualification;
  bool good = false;
  std::optional<absl::Time> corrects = std::nullopt;  // the decision of that time
  friend bool operator==(const LeadOutcome&, const LeadOutcome&) = default;
};
std::vector<LeadOutcome> OutcomesOf(const Referral& before, const Referral& after);

// By when a lead must be contacted; nullopt: no limit.
std::optional<absl::Time> FollowUpDueTime(const LeadRules& rules, absl::Time submitted);
// Whether somebody still has to contact the lead by its due time: not one that is rejected as
// a fraud.
bool AwaitsContact(const Referral& lead);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_LEAD_H_
