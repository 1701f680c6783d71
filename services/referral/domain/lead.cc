#include "services/referral/domain/lead.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/campaign.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/names.h"
#include "services/referral/domain/submission.h"

namespace kith::referral::domain {
namespace {

using NoChange = std::optional<LeadChange>;

bool NeedsReason(LeadState state) {
  return state == LeadState::kLost || state == LeadState::kUnqualified;
}

absl::Status CheckIsLead(const Referral& referral) {
  if (referral.origin == ReferralOrigin::kLead) return absl::OkStatus();
  return MakeFieldError(errors::kNotALead, "referral_id",
                        "must be a lead, not a referral that began with a signup");
}

absl::Status CheckReason(bool needed, const std::string& reason) {
  if (needed && reason.empty()) {
    return MakeFieldError(errors::kReasonMissing, "reason",
                          "is needed for a lead that is lost or unqualified");
  }
  if (!needed && !reason.empty()) {
    return MakeFieldError(kith::errors::kInvalidField, "reason",
                          "must be empty unless the lead is lost or unqualified");
  }
  return absl::OkStatus();
}

absl::Status IllegalMove(absl::string_view field, LeadState from, absl::string_view to) {
  return MakeFieldError(errors::kIllegalLeadTransition, field,
                        absl::StrCat("a lead that is ", Name(from), " cannot become ", to));
}

absl::Time LastChange(const Referral& lead) {
  return lead.lead_state_time.value_or(lead.submitted_time);
}

bool SaysTheSame(const Referral& lead, const LeadUpdate& update) {
  return update.state == lead.lead_state && update.reason == lead.unqualified_reason &&
         (!update.time.has_value() || update.time == lead.lead_state_time);
}

// What whoever reports that state has decided about the fit.
std::optional<Fit> FitOf(LeadState state, Fit before) {
  if (state == LeadState::kUnqualified) return Fit::kBad;
  const bool decides = IsQualified(state) && before == Fit::kUnknown;
  return decides ? std::optional(Fit::kGood) : std::nullopt;
}

bool IsWon(const Referral& lead) {
  return lead.ever_converted || lead.lead_state == LeadState::kWon;
}

}  // namespace

bool IsOpen(LeadState state) { return state <= LeadState::kNegotiation; }

bool IsQualified(LeadState state) {
  return state >= LeadState::kQualified && state <= LeadState::kWon;
}

bool MayMove(LeadState from, LeadState to) { return IsOpen(from) && to > from; }

absl::StatusOr<NoChange> JudgeUpdate(const Referral& lead, const LeadUpdate& update,
                                     absl::Time now) {
  KITH_RETURN_IF_ERROR(CheckIsLead(lead));
  if (update.time.has_value()) {
    KITH_RETURN_IF_ERROR(CheckNotInFuture(*update.time, now, "change_time"));
  }
  if (SaysTheSame(lead, update)) return NoChange();
  KITH_RETURN_IF_ERROR(CheckReason(NeedsReason(update.state), update.reason));
  if (!MayMove(lead.lead_state, update.state)) {
    return IllegalMove("state", lead.lead_state, Name(update.state));
  }
  // A lead may be submitted a little ahead of our clock.
  const absl::Time time = update.time.value_or(std::max(now, LastChange(lead)));
  if (time < LastChange(lead)) {
    return MakeFieldError(errors::kTimeOutOfOrder, "change_time",
                          absl::StrCat("must not be before the lead's last change at ",
                                       absl::FormatTime(LastChange(lead))));
  }
  return NoChange(LeadChange{.state = update.state,
                             .fit = FitOf(update.state, lead.fit),
                             .time = time,
                             .by = update.by,
                             .reason = update.reason,
                             .contact = true});
}

absl::StatusOr<NoChange> JudgeFitDecision(const Referral& lead, const FitDecision& decision,
                                          absl::Time now) {
  KITH_RETURN_IF_ERROR(CheckIsLead(lead));
  if (decision.fit == Fit::kUnknown) {
    return MakeFieldError(kith::errors::kInvalidField, "fit", "must be FIT_GOOD or FIT_BAD");
  }
  const bool good = decision.fit == Fit::kGood;
  KITH_RETURN_IF_ERROR(CheckReason(!good, decision.reason));
  if (lead.lead_state == LeadState::kLost || (lead.lead_state == LeadState::kWon && !good)) {
    return IllegalMove("fit", lead.lead_state, good ? "qualified" : "unqualified");
  }
  if (lead.fit == decision.fit && lead.fit_by == decision.by &&
      lead.unqualified_reason == decision.reason) {
    return NoChange();
  }
  LeadChange change{.state = lead.lead_state,
                    .fit = decision.fit,
                    .time = std::max(now, LastChange(lead)),
                    .by = decision.by,
                    .reason = decision.reason,
                    .contact = false};
  if (!good) change.state = LeadState::kUnqualified;
  if (good && lead.lead_state == LeadState::kUnqualified) {
    change.state = LeadState::kQualified;
  }
  return NoChange(std::move(change));
}

FieldValues FitFields(const Referral& lead, const Advocate& advocate) {
  FieldValues values;
  for (const auto& [name, value] : lead.attributes) {
    values[absl::StrCat("lead.", name)] = value;
  }
  AddFields(advocate, values);
  return values;
}

NoChange JudgeFitByRules(const LeadRules& rules, const Referral& lead,
                         const Advocate& advocate) {
  if (rules.fit.always()) return std::nullopt;
  const bool good = Holds(rules.fit, FitFields(lead, advocate));
  return LeadChange{.state = good ? lead.lead_state : LeadState::kUnqualified,
                    .fit = good ? Fit::kGood : Fit::kBad,
                    .time = lead.submitted_time,
                    .by = std::string(kByRules),
                    .reason = good ? std::string() : std::string(kNotAFit),
                    .contact = false};
}

NoChange ChangeByConversion(const Referral& lead, absl::Time time) {
  if (lead.origin != ReferralOrigin::kLead || !IsOpen(lead.lead_state)) return std::nullopt;
  return LeadChange{.state = LeadState::kWon,
                    .fit = std::nullopt,
                    .time = std::max(time, LastChange(lead)),
                    .by = std::string(kByConversion),
                    .reason = {},
                    .contact = false};
}

Referral Changed(Referral lead, const LeadChange& change) {
  if (change.fit.has_value()) {
    lead.fit = *change.fit;
    lead.fit_by = change.by;
    if (*change.fit == Fit::kGood && !lead.ever_qualified) {
      lead.ever_qualified = true;
      lead.qualified_time = change.time;
    }
  }
  if (change.contact && !lead.first_contact_time.has_value()) {
    lead.first_contact_time = change.time;
    const bool late =
        lead.follow_up_due_time.has_value() && change.time > *lead.follow_up_due_time;
    // Nobody had to call a fraud. A contact in time may be told late, after the breach.
    if (lead.fraud != FraudState::kRejected) lead.follow_up_breached = late;
  }
  if (change.state != lead.lead_state) lead.lead_state_time = change.time;
  lead.lead_state = change.state;
  lead.unqualified_reason = NeedsReason(change.state) ? change.reason : std::string();
  return lead;
}

std::vector<LeadOutcome> OutcomesOf(const Referral& before, const Referral& after) {
  std::vector<LeadOutcome> outcomes;
  if (before.fit == Fit::kUnknown && after.fit != Fit::kUnknown) {
    outcomes.push_back({QualityMetric::kQualification, after.fit == Fit::kGood});
  }
  if (before.fit == Fit::kBad && !before.ever_qualified && after.ever_qualified) {
    outcomes.push_back({QualityMetric::kQualification, true, LastChange(before)});
  }
  if (!IsWon(before) && IsWon(after)) outcomes.push_back({QualityMetric::kConversion, true});
  return outcomes;
}

std::optional<absl::Time> FollowUpDueTime(const LeadRules& rules, absl::Time submitted) {
  if (!rules.follow_up_sla.has_value()) return std::nullopt;
  return submitted + *rules.follow_up_sla;
}

bool AwaitsContact(const Referral& lead) {
  return lead.origin == ReferralOrigin::kLead && lead.follow_up_due_time.has_value() &&
         lead.lead_state == LeadState::kSubmitted && !lead.first_contact_time.has_value() &&
         lead.fraud != FraudState::kRejected;
}

}  // namespace kith::referral::domain
