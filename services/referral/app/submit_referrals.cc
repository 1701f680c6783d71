#include "services/referral/app/submit_referrals.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/attribution.h"
#include "services/referral/app/facts.h"
#include "services/referral/domain/errors.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

domain::Lead WithHash(const SubmitReferrals::NewLead& input, const Rules& rules) {
  domain::Lead lead = input.lead;
  lead.email_hash = rules.HashEmail(input.email);
  return lead;
}

domain::Referral ToReferral(const std::string& program_id, const domain::Lead& lead,
                            const Rules& rules, absl::Time now) {
  domain::Referral referral;
  referral.program_id = program_id;
  referral.referral_id = lead.referral_id;
  referral.advocate_id = lead.advocate_id;
  referral.referee_id = lead.referee_id;
  referral.email_hash = lead.email_hash;
  referral.campaign = lead.campaign;
  referral.submitted_time = lead.submitted_time.value_or(now);
  const auto* version = rules.InForce(referral.submitted_time);
  referral.program_version = version == nullptr ? 0 : version->version;
  return referral;
}

}  // namespace

SubmitReferrals::SubmitReferrals(std::string program_id, std::vector<NewLead> leads,
                                 Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      leads_(std::move(leads)),
      encode_(std::move(encode)) {}

void SubmitReferrals::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const NewLead& input : leads_) WantLead(loader, rules, WithHash(input, rules));
}

void SubmitReferrals::WantLead(exec::Loader& loader, const Rules& rules,
                               const domain::Lead& lead) const {
  loader.Want<store::ReferralTable>({program_id_, lead.referral_id});
  loader.Want<store::AdvocateTable>({program_id_, lead.advocate_id});
  std::vector<const domain::Customer*> customers;
  if (!lead.referee_id.empty()) {
    const store::IdKey key = {program_id_, lead.referee_id};
    loader.Want<store::CustomerTable>(key);
    loader.WantAll<store::LeadsByReferee>(key);
    if (const auto* customer = loader.Peek<store::CustomerTable>(key)) {
      customers.push_back(customer);
    }
  }
  if (!lead.email_hash.empty()) {
    const store::IdKey key = {program_id_, lead.email_hash};
    loader.WantAll<store::LeadsByEmail>(key);
    loader.WantAll<store::CustomersByEmail>(key);
    for (const auto* customer : loader.PeekAll<store::CustomersByEmail>(key)) {
      customers.push_back(customer);
    }
  }
  // Who signed up after the lead is judged again.
  for (const auto* customer : customers)
    WantAttribution(loader, rules, *customer, lead.advocate_id);
}

absl::StatusOr<std::string> SubmitReferrals::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  for (const NewLead& input : leads_) {
    response.push_back(Submit(unit, rules, WithHash(input, rules), now));
  }
  return encode_(response);
}

domain::LeadContext SubmitReferrals::ContextOf(exec::Unit& unit, const domain::Lead& lead,
                                               absl::Time now) const {
  domain::LeadContext context;
  context.now = now;
  context.advocate = unit.Find<store::AdvocateTable>({program_id_, lead.advocate_id});
  if (!lead.referee_id.empty()) {
    const store::IdKey key = {program_id_, lead.referee_id};
    context.leads = unit.Select<store::LeadsByReferee>(key);
    if (const auto* customer = unit.Find<store::CustomerTable>(key)) {
      context.customers.push_back(customer);
    }
  }
  if (!lead.email_hash.empty()) {
    const store::IdKey key = {program_id_, lead.email_hash};
    for (const auto* other : unit.Select<store::LeadsByEmail>(key)) {
      context.leads.push_back(other);
    }
    for (const auto* customer : unit.Select<store::CustomersByEmail>(key)) {
      if (customer->customer_id != lead.referee_id) context.customers.push_back(customer);
    }
  }
  return context;
}

absl::StatusOr<domain::Referral> SubmitReferrals::Submit(exec::Unit& unit, const Rules& rules,
                                                         const domain::Lead& lead,
                                                         absl::Time now) const {
  const store::IdKey key = {program_id_, lead.referral_id};
  if (const auto* stored = unit.Find<store::ReferralTable>(key)) {
    if (domain::SameContent(lead, *stored)) return *stored;
    return MakeFieldError(domain::errors::kReferralIdReused, "referral_id",
                          "was used before with other content");
  }
  const domain::LeadContext context = ContextOf(unit, lead, now);
  KITH_RETURN_IF_ERROR(domain::JudgeLead(lead, context));
  domain::Referral referral = ToReferral(program_id_, lead, rules, now);
  unit.Put<store::ReferralTable>(referral);
  PublishReferralSubmitted(unit, referral);
  for (const domain::Customer* customer : context.customers) {
    Attribute(unit, rules, *customer, now);
  }
  const auto* stored = unit.Find<store::ReferralTable>(key);
  return stored == nullptr ? std::move(referral) : *stored;
}

}  // namespace kith::referral::app
