#include "services/referral/app/lead_facts.h"

#include <string>

#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"
#include "services/referral/app/fact_values.h"
#include "services/referral/domain/names.h"

namespace kith::referral::app {

using events::v1::Fact;

void PublishReferralSubmitted(exec::Unit& unit, const domain::Referral& referral,
                              bool alert_referee) {
  Fact fact;
  auto& submitted = *fact.mutable_referral_submitted();
  submitted.set_referral_id(referral.referral_id);
  submitted.set_advocate_id(referral.advocate_id);
  submitted.set_referee_id(referral.referee_id);
  SetTime(*submitted.mutable_submitted_time(), referral.submitted_time);
  submitted.set_campaign(referral.campaign);
  submitted.set_alert_referee(alert_referee);
  if (referral.follow_up_due_time.has_value()) {
    SetTime(*submitted.mutable_follow_up_due_time(), *referral.follow_up_due_time);
  }
  for (const std::string& name : referral.expectations) submitted.add_expectations(name);
  feed::Emit(unit, referral.program_id, fact);
}

void PublishLeadStateChanged(exec::Unit& unit, const domain::Referral& before,
                             const domain::Referral& after) {
  Fact fact;
  auto& changed = *fact.mutable_lead_state_changed();
  changed.set_referral_id(after.referral_id);
  changed.set_advocate_id(after.advocate_id);
  changed.set_old_state(std::string(domain::Name(before.lead_state)));
  changed.set_new_state(std::string(domain::Name(after.lead_state)));
  changed.set_cause(after.unqualified_reason);
  SetTime(*changed.mutable_change_time(),
          after.lead_state_time.value_or(after.submitted_time));
  feed::Emit(unit, after.program_id, fact);
}

void PublishFollowUpBreached(exec::Unit& unit, const domain::Referral& referral) {
  if (!referral.follow_up_due_time.has_value()) return;
  Fact fact;
  auto& breached = *fact.mutable_follow_up_breached();
  breached.set_referral_id(referral.referral_id);
  breached.set_advocate_id(referral.advocate_id);
  SetTime(*breached.mutable_due_time(), *referral.follow_up_due_time);
  feed::Emit(unit, referral.program_id, fact);
}

}  // namespace kith::referral::app
