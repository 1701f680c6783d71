#include "services/referral/app/leads.h"

#include <optional>
#include <string>
#include <utility>

#include "services/referral/app/due.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/lead_facts.h"
#include "services/referral/app/quality.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/lead_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::Referral;

void Observe(exec::Unit& unit, const Rules& rules, const Referral& lead,
             const domain::LeadOutcome& outcome, absl::Time time, absl::Time now) {
  if (outcome.metric == domain::QualityMetric::kConversion) {
    ObserveConversion(unit, rules, lead, time, now);
  } else {
    ObserveFit(unit, rules, lead, outcome, now);
  }
}

// All that follows from a change at `time` but rewards.
void Follow(exec::Unit& unit, const Rules& rules, const Referral& before,
            const Referral& after, absl::Time time, absl::Time now) {
  if (domain::AwaitsContact(before) && !domain::AwaitsContact(after)) {
    Unschedule(unit, after.program_id, DueKind::kFollowUp, after.referral_id);
  }
  if (after.follow_up_breached && !before.follow_up_breached) {
    PublishFollowUpBreached(unit, after);
  }
  if (after.lead_state != before.lead_state) PublishLeadStateChanged(unit, before, after);
  for (const domain::LeadOutcome& outcome : domain::OutcomesOf(before, after)) {
    Observe(unit, rules, after, outcome, time, now);
  }
}

bool IsOverdue(const Referral& lead, absl::Time now) {
  return domain::AwaitsContact(lead) && *lead.follow_up_due_time < now;
}
// Whether it is to be called if it is honest after all.
bool IsToBeResumed(const Referral& lead) {
  return lead.fraud == domain::FraudState::kRejected && lead.follow_up_due_time.has_value();
}

void WantOptOuts(exec::Loader& loader, const Referral& lead) {
  for (const std::string* hash : {&lead.email_hash, &lead.phone_hash}) {
    if (!hash->empty()) loader.Want<store::OptOutTable>({lead.program_id, *hash});
  }
}

bool HasOptedOut(exec::Unit& unit, const Referral& lead) {
  const auto has = [&](const std::string& hash) {
    return !hash.empty() && unit.Find<store::OptOutTable>({lead.program_id, hash}) != nullptr;
  };
  return has(lead.email_hash) || has(lead.phone_hash);
}

}  // namespace

void WantLeadChange(exec::Loader& loader, const Rules& rules, const Referral& referral) {
  loader.Want<store::AdvocateTable>({referral.program_id, referral.advocate_id});
  if (referral.origin != domain::ReferralOrigin::kLead) return;
  WantDue(loader, referral.program_id, DueKind::kFollowUp, referral.referral_id);
  WantQuality(loader, rules, referral);
  if (IsToBeResumed(referral) || IsOverdue(referral, loader.about_now())) {
    WantOptOuts(loader, referral);
  }
}

Referral ChangeLead(exec::Unit& unit, const Rules& rules, const Referral& stored,
                    const domain::LeadChange& change, absl::Time now) {
  const Referral before = stored;
  Referral after = domain::Changed(before, change);
  // Nobody had to call who has opted out.
  if (after.follow_up_breached && !before.follow_up_breached) {
    after.follow_up_breached = !HasOptedOut(unit, before);
  }
  unit.Put<store::ReferralTable>(after);
  Follow(unit, rules, before, after, change.time, now);
  if (after.ever_qualified && !before.ever_qualified) {
    OnQualified(unit, rules, after, change.time, now);
  }
  const auto* changed = unit.Find<store::ReferralTable>({after.program_id, after.referral_id});
  return changed == nullptr ? after : *changed;
}

void LeadWon(exec::Unit& unit, const Rules& rules, Referral& referral, absl::Time time,
             absl::Time now) {
  if (referral.origin != domain::ReferralOrigin::kLead) return;
  const Referral before = referral;
  if (const auto change = domain::ChangeByConversion(referral, time)) {
    referral = domain::Changed(std::move(referral), *change);
  }
  // A lead that was given up and converts all the same is a good outcome too.
  Referral converted = referral;
  converted.ever_converted = true;
  Follow(unit, rules, before, converted, time, now);
}

void WantFollowUpDue(exec::Loader& loader, const std::string& program_id,
                     const std::string& referral_id) {
  loader.Want<store::ReferralTable>({program_id, referral_id});
  const auto* referral = loader.Peek<store::ReferralTable>({program_id, referral_id});
  if (referral == nullptr) return;
  loader.Want<store::AdvocateTable>({program_id, referral->advocate_id});
  WantDue(loader, program_id, DueKind::kFollowUp, referral_id);
  WantOptOuts(loader, *referral);
}

void ApplyFollowUpDue(exec::Unit& unit, const std::string& program_id,
                      const std::string& referral_id, absl::Time now) {
  const auto* stored = unit.Find<store::ReferralTable>({program_id, referral_id});
  if (stored == nullptr || !domain::AwaitsContact(*stored) || stored->follow_up_breached) {
    return;
  }
  if (!IsOverdue(*stored, now)) {
    // A contact at the very instant is in time.
    Schedule(unit, program_id, DueKind::kFollowUp, referral_id,
             *stored->follow_up_due_time + absl::Microseconds(1));
    return;
  }
  if (HasOptedOut(unit, *stored)) return;
  Referral referral = *stored;
  referral.follow_up_breached = true;
  unit.Put<store::ReferralTable>(referral);
  PublishFollowUpBreached(unit, referral);
}

void ResumeFollowUp(exec::Unit& unit, const Referral& referral) {
  if (!domain::AwaitsContact(referral) || referral.follow_up_breached) return;
  if (HasOptedOut(unit, referral)) return;
  Schedule(unit, referral.program_id, DueKind::kFollowUp, referral.referral_id,
           *referral.follow_up_due_time);
}

void FollowOptOut(exec::Unit& unit, const Referral& lead) {
  Referral told = lead;
  told.opted_out = HasOptedOut(unit, lead);
  if (told.opted_out != lead.opted_out) unit.Put<store::ReferralTable>(told);
  ResumeFollowUp(unit, told);
}

}  // namespace kith::referral::app
