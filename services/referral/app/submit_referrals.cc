#include "services/referral/app/submit_referrals.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "common/base/seal.h"
#include "common/base/status_macros.h"
#include "services/referral/app/attribution.h"
#include "services/referral/app/due.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/lead_facts.h"
#include "services/referral/app/leads.h"
#include "services/referral/app/notes.h"
#include "services/referral/app/quality.h"
#include "services/referral/app/refused_cases.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/identity.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/lead_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::Referral;

Referral ToReferral(const std::string& program_id, const domain::Lead& lead,
                    const Rules& rules, absl::Time now) {
  Referral referral;
  referral.program_id = program_id;
  referral.referral_id = lead.referral_id;
  referral.advocate_id = lead.advocate_id;
  referral.referee_id = lead.referee_id;
  referral.email_hash = lead.email_hash;
  referral.campaign = lead.campaign;
  referral.submitted_time = lead.submitted_time.value_or(now);
  referral.phone_hash = lead.phone_hash;
  referral.name_hash = lead.name_hash;
  referral.sealed_note = lead.sealed_note;
  referral.expectations = lead.expectations;
  referral.attributes = lead.attributes;
  const auto* version = rules.InForce(referral.submitted_time);
  referral.program_version = version == nullptr ? 0 : version->version;
  return referral;
}

absl::Status Rejected(const domain::FraudVerdict& verdict) {
  const absl::string_view heaviest = verdict.evidence.empty()
                                         ? absl::string_view("the rules")
                                         : domain::Name(verdict.evidence.front().signal);
  return MakeFieldError(domain::errors::kFraudRejected, "referral_id",
                        absl::StrCat("is rejected because of ", heaviest));
}

}  // namespace

SubmitReferrals::SubmitReferrals(std::string program_id, std::vector<NewLead> leads,
                                 Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      leads_(std::move(leads)),
      encode_(std::move(encode)) {
  for (const NewLead& lead : leads_) {
    nonces_.push_back(lead.note.empty() ? std::string() : RandomBytes(kSealNonceBytes));
  }
}

void SubmitReferrals::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  for (const NewLead& input : leads_) {
    loader.Want<store::ReferralTable>({program_id_, input.lead.referral_id});
    loader.Want<store::AdvocateTable>({program_id_, input.lead.advocate_id});
  }
  const Rules rules = Rules::Peek(loader, program_id_);
  for (const Prepared& prepared : Prepare(rules, loader.about_now())) {
    WantLead(loader, rules, prepared);
  }
}

const std::vector<SubmitReferrals::Prepared>& SubmitReferrals::Prepare(const Rules& rules,
                                                                       absl::Time now) const {
  if (rules.key() == prepared_key_) return prepared_;
  prepared_key_ = std::string(rules.key());
  prepared_.clear();
  for (size_t i = 0; i < leads_.size(); ++i) {
    prepared_.push_back(PrepareOne(rules, leads_[i], nonces_[i], now));
  }
  return prepared_;
}

SubmitReferrals::Prepared SubmitReferrals::PrepareOne(const Rules& rules, const NewLead& input,
                                                      const std::string& nonce,
                                                      absl::Time now) const {
  Prepared prepared;
  domain::Lead& lead = prepared.lead;
  lead = input.lead;
  lead.email_hash = rules.HashEmail(input.email);
  const absl::Time submitted = lead.submitted_time.value_or(now);
  const absl::string_view calling_code = rules.CallingCode(submitted);
  prepared.phone_hashes = domain::HashesOfPhone(rules.key(), input.phone, calling_code);
  if (!prepared.phone_hashes.empty()) lead.phone_hash = prepared.phone_hashes.front();
  lead.name_hash = domain::HashName(rules.key(), input.name);
  lead.sealed_note = SealNote(rules.key(), program_id_, lead.referral_id, nonce, input.note);
  prepared.identity.email_hash = lead.email_hash;
  prepared.identity.phone_hash = lead.phone_hash;
  const domain::Program* program = rules.ProgramInForce(submitted);
  if (program != nullptr && program->fraud.enabled) {
    prepared.email_domain = domain::DomainOf(input.email);
    prepared.identity = domain::HashIdentity(rules.key(),
                                             {.email = input.email,
                                              .phone = input.phone,
                                              .device_id = input.device_id,
                                              .payment_fingerprint = {},
                                              .ip_address = input.ip_address},
                                             program->fraud, calling_code);
  }
  return prepared;
}

void SubmitReferrals::WantLead(exec::Loader& loader, const Rules& rules,
                               const Prepared& prepared) const {
  const domain::Lead& lead = prepared.lead;
  if (loader.Peek<store::ReferralTable>({program_id_, lead.referral_id}) != nullptr) return;
  std::vector<const domain::Customer*> customers;
  const auto add = [&customers](const std::vector<const domain::Customer*>& found) {
    customers.insert(customers.end(), found.begin(), found.end());
  };
  if (!lead.referee_id.empty()) {
    const store::IdKey key = {program_id_, lead.referee_id};
    loader.Want<store::CustomerTable>(key);
    loader.WantAll<store::LeadsByReferee>(key);
    if (const auto* found = loader.Peek<store::CustomerTable>(key)) customers.push_back(found);
  }
  if (!lead.email_hash.empty()) {
    const store::IdKey key = {program_id_, lead.email_hash};
    loader.WantAll<store::LeadsByEmail>(key);
    loader.WantAll<store::CustomersByEmail>(key);
    loader.Want<store::OptOutTable>(key);
    add(loader.PeekAll<store::CustomersByEmail>(key));
  }
  if (!lead.phone_hash.empty()) {
    const store::IdKey key = {program_id_, lead.phone_hash};
    loader.WantAll<store::LeadsByPhone>(key);
    loader.WantAll<store::CustomersByPhone>(key);
    for (const std::string& hash : prepared.phone_hashes) {
      loader.Want<store::OptOutTable>({program_id_, hash});
    }
    add(loader.PeekAll<store::CustomersByPhone>(key));
  }
  if (!lead.name_hash.empty()) {
    loader.WantAll<store::LeadsByName>({program_id_, lead.advocate_id, lead.name_hash});
  }
  const Referral referral = ToReferral(program_id_, lead, rules, loader.about_now());
  const FraudSubject subject = SubjectOf(prepared, referral.submitted_time);
  WantFraud(loader, rules, subject);
  WantRefusedCase(loader, rules, subject);
  WantGrants(loader, rules, referral, lead.referee_id, referral.submitted_time);
  WantLeadChange(loader, rules, referral);
  // Who signed up after the lead is judged again.
  for (const auto* customer : customers) {
    WantAttribution(loader, rules, *customer, lead.advocate_id, lead.referral_id);
    // What the lead earns by the customer, who may come to it.
    Referral joined = referral;
    joined.customer_id = customer->customer_id;
    joined.signup_time = customer->signup_time;
    WantGrants(loader, rules, joined, joined.customer_id, customer->signup_time);
    WantWelcome(loader, rules, joined, customer->aha_time);
  }
}

absl::StatusOr<std::string> SubmitReferrals::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  const std::vector<Prepared>& prepared = Prepare(rules, now);
  refused_.Restart();
  for (size_t i = 0; i < prepared.size(); ++i) {
    auto referral = Submit(unit, rules, prepared[i], leads_[i], now);
    if (referral.ok()) {
      auto warnings =
          domain::WarningsOf(*referral, rules.ProgramInForce(referral->submitted_time));
      response.push_back(SubmittedReferral{*std::move(referral), std::move(warnings)});
    } else {
      refused_.Add(referral.status());
      response.push_back(referral.status());
    }
  }
  return encode_(response);
}

domain::LeadContext SubmitReferrals::ContextOf(exec::Unit& unit, const Rules& rules,
                                               const Prepared& prepared,
                                               absl::Time now) const {
  const domain::Lead& lead = prepared.lead;
  domain::LeadContext context;
  context.now = now;
  context.program = rules.ProgramInForce(lead.submitted_time.value_or(now));
  context.advocate = unit.Find<store::AdvocateTable>({program_id_, lead.advocate_id});
  const auto add_customer = [&context](const domain::Customer* customer) {
    for (const domain::Customer* known : context.customers) {
      if (known->customer_id == customer->customer_id) return;
    }
    context.customers.push_back(customer);
  };
  const auto add_leads = [&context](const std::vector<const Referral*>& leads) {
    context.leads.insert(context.leads.end(), leads.begin(), leads.end());
  };
  if (!lead.referee_id.empty()) {
    const store::IdKey key = {program_id_, lead.referee_id};
    add_leads(unit.Select<store::LeadsByReferee>(key));
    if (const auto* found = unit.Find<store::CustomerTable>(key)) add_customer(found);
  }
  if (!lead.email_hash.empty()) {
    const store::IdKey key = {program_id_, lead.email_hash};
    add_leads(unit.Select<store::LeadsByEmail>(key));
    for (const auto* found : unit.Select<store::CustomersByEmail>(key)) add_customer(found);
    context.email_opted_out = unit.Find<store::OptOutTable>(key) != nullptr;
  }
  if (!lead.phone_hash.empty()) {
    const store::IdKey key = {program_id_, lead.phone_hash};
    add_leads(unit.Select<store::LeadsByPhone>(key));
    for (const auto* found : unit.Select<store::CustomersByPhone>(key)) add_customer(found);
    for (const std::string& hash : prepared.phone_hashes) {
      const bool out = unit.Find<store::OptOutTable>({program_id_, hash}) != nullptr;
      context.phone_opted_out = context.phone_opted_out || out;
    }
  }
  if (!lead.name_hash.empty()) {
    add_leads(
        unit.Select<store::LeadsByName>({program_id_, lead.advocate_id, lead.name_hash}));
  }
  return context;
}

FraudSubject SubmitReferrals::SubjectOf(const Prepared& prepared, absl::Time submitted) const {
  FraudSubject subject;
  subject.program_id = program_id_;
  subject.referral_id = prepared.lead.referral_id;
  subject.advocate_id = prepared.lead.advocate_id;
  subject.customer_id = prepared.lead.referee_id;
  subject.referee = prepared.identity;
  subject.email_domain = prepared.email_domain;
  subject.time = submitted;
  return subject;
}

absl::StatusOr<Referral> SubmitReferrals::SubmitAgain(const Rules& rules, domain::Lead lead,
                                                      const NewLead& input,
                                                      const Referral& stored) const {
  // The same note sealed under the same nonce is the same text.
  if (!input.note.empty() && !stored.sealed_note.empty()) {
    lead.sealed_note = SealNote(rules.key(), program_id_, lead.referral_id,
                                NonceOf(stored.sealed_note), input.note);
  }
  if (!lead.submitted_time.has_value()) {
    lead.phone_hash =
        domain::HashPhone(rules.key(), input.phone, rules.CallingCode(stored.submitted_time));
  }
  if (domain::SameContent(lead, stored)) return stored;
  return MakeFieldError(domain::errors::kReferralIdReused, "referral_id",
                        "was used before with other content");
}

absl::StatusOr<Referral> SubmitReferrals::Submit(exec::Unit& unit, const Rules& rules,
                                                 const Prepared& prepared,
                                                 const NewLead& input, absl::Time now) const {
  const store::IdKey key = {program_id_, prepared.lead.referral_id};
  if (const auto* stored = unit.Find<store::ReferralTable>(key)) {
    return SubmitAgain(rules, prepared.lead, input, *stored);
  }
  const domain::LeadContext context = ContextOf(unit, rules, prepared, now);
  KITH_RETURN_IF_ERROR(domain::JudgeLead(prepared.lead, context));
  Referral referral = ToReferral(program_id_, prepared.lead, rules, now);
  const FraudSubject subject = SubjectOf(prepared, referral.submitted_time);
  const domain::FraudVerdict verdict = JudgeFraud(unit, rules, subject);
  if (verdict.state == domain::FraudState::kRejected) {
    DropRefusedCase(unit, rules, subject);
    RecordFraud(unit, rules, subject, verdict, now);
    return Rejected(verdict);
  }
  referral.fraud = verdict.state;
  referral.fraud_score = verdict.score;
  const domain::LeadRules lead_rules =
      context.program == nullptr ? domain::LeadRules() : context.program->leads;
  const std::optional<domain::LeadChange> fit =
      domain::JudgeFitByRules(lead_rules, referral, *context.advocate);
  // Nobody has to call a lead that does not fit.
  if (!fit.has_value() || fit->fit == domain::Fit::kGood) {
    referral.follow_up_due_time = domain::FollowUpDueTime(lead_rules, referral.submitted_time);
  }
  SetRefusedCaseAside(unit, rules, subject);
  Store(unit, referral, lead_rules.alert_referee);
  RecordFraud(unit, rules, subject, verdict, now);
  AwaitConversion(unit, rules, referral, now);
  OnSubmitted(unit, rules, referral, now);
  if (fit.has_value()) ChangeLead(unit, rules, referral, *fit, now);
  for (const domain::Customer* customer : context.customers) {
    Attribute(unit, rules, *customer, now);
  }
  const auto* stored = unit.Find<store::ReferralTable>(key);
  return stored == nullptr ? referral : *stored;
}

void SubmitReferrals::Store(exec::Unit& unit, const Referral& referral,
                            bool alert_referee) const {
  unit.Put<store::ReferralTable>(referral);
  PublishReferralSubmitted(unit, referral, alert_referee);
  if (!referral.follow_up_due_time.has_value()) return;
  Schedule(unit, program_id_, DueKind::kFollowUp, referral.referral_id,
           *referral.follow_up_due_time);
}

}  // namespace kith::referral::app
