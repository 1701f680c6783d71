#include "services/referral/app/attribution.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/referral/app/facts.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::Customer;
using domain::Evidence;
using domain::Referral;

// Wants the rows behind each piece of evidence, and collects the advocates they speak for.
class EvidenceWants {
 public:
  EvidenceWants(exec::Loader& loader, const Rules& rules, const Customer& customer)
      : loader_(loader),
        rules_(rules),
        customer_(customer),
        program_id_(customer.program_id) {}

  std::set<std::string> Collect(const std::string& new_advocate_id) {
    AddAdvocate(new_advocate_id);
    if (!customer_.code.empty()) WantCode();
    AddAdvocate(customer_.referrer_id);
    WantLeads<store::LeadsByReferee>(customer_.customer_id);
    if (!customer_.email_hash.empty()) WantLeads<store::LeadsByEmail>(customer_.email_hash);
    if (!customer_.visitor_id.empty()) WantTouches();
    AddAdvocate(customer_.judgement.advocate_id);
    return std::move(advocates_);
  }

 private:
  void AddAdvocate(const std::string& advocate_id) {
    if (advocate_id.empty()) return;
    loader_.Want<store::AdvocateTable>({program_id_, advocate_id});
    advocates_.insert(advocate_id);
  }
  void WantCode() {
    const store::IdKey key = {program_id_, customer_.code};
    loader_.Want<store::CodeTable>(key);
    if (const auto* code = loader_.Peek<store::CodeTable>(key)) AddAdvocate(code->advocate_id);
  }
  template <class Index>
  void WantLeads(const std::string& value) {
    loader_.WantAll<Index>({program_id_, value});
    for (const Referral* lead : loader_.PeekAll<Index>({program_id_, value})) {
      AddAdvocate(lead->advocate_id);
      if (lead->ever_converted) WantConversions(*lead);
    }
  }
  void WantConversions(const Referral& lead) {
    const store::IdKey key = {program_id_, lead.referral_id};
    loader_.WantAll<store::OpenByReferral>(key);
    for (const auto* conversion : loader_.PeekAll<store::OpenByReferral>(key)) {
      WantRewards(loader_, rules_, *conversion, lead.advocate_id, customer_.customer_id);
    }
  }
  void WantTouches() {
    const store::IdKey key = {program_id_, customer_.visitor_id};
    loader_.WantAll<store::TouchesByVisitor>(key);
    for (const domain::Touch* touch : loader_.PeekAll<store::TouchesByVisitor>(key)) {
      AddAdvocate(touch->advocate_id);
    }
  }

  exec::Loader& loader_;
  const Rules& rules_;
  const Customer& customer_;
  const std::string& program_id_;
  std::set<std::string> advocates_;
};

const domain::Advocate* FindAdvocate(exec::Unit& unit, const Customer& customer,
                                     const std::string& advocate_id) {
  return unit.Find<store::AdvocateTable>({customer.program_id, advocate_id});
}

// The leads that name the customer, by id or address, and were not taken up by another one.
std::vector<const Referral*> LeadsFor(exec::Unit& unit, const Customer& customer) {
  std::vector<const Referral*> leads =
      unit.Select<store::LeadsByReferee>({customer.program_id, customer.customer_id});
  if (!customer.email_hash.empty()) {
    for (const Referral* lead :
         unit.Select<store::LeadsByEmail>({customer.program_id, customer.email_hash})) {
      if (lead->referee_id != customer.customer_id) leads.push_back(lead);
    }
  }
  std::erase_if(leads, [&](const Referral* lead) {
    return !lead->customer_id.empty() && lead->customer_id != customer.customer_id;
  });
  return leads;
}

std::vector<Evidence> GatherEvidence(exec::Unit& unit, const Customer& customer) {
  std::vector<Evidence> evidence;
  if (!customer.code.empty()) {
    const auto* code = unit.Find<store::CodeTable>({customer.program_id, customer.code});
    evidence.push_back(domain::CodeEvidence(
        code == nullptr ? nullptr : FindAdvocate(unit, customer, code->advocate_id)));
  }
  for (const Referral* lead : LeadsFor(unit, customer)) {
    evidence.push_back(
        domain::LeadEvidence(*lead, FindAdvocate(unit, customer, lead->advocate_id)));
  }
  if (!customer.referrer_id.empty()) {
    evidence.push_back(domain::SelfReportedEvidence(
        customer.referrer_id, FindAdvocate(unit, customer, customer.referrer_id)));
  }
  if (customer.visitor_id.empty()) return evidence;
  for (const domain::Touch* touch :
       unit.Select<store::TouchesByVisitor>({customer.program_id, customer.visitor_id})) {
    evidence.push_back(
        domain::TouchEvidence(*touch, FindAdvocate(unit, customer, touch->advocate_id)));
  }
  return evidence;
}

void Judge(exec::Unit& unit, const Rules& rules, bool is_new, Customer& customer) {
  // A customer who is judged again is judged by the version of the first time.
  const domain::ProgramVersion* version =
      is_new ? rules.InForce(customer.signup_time) : rules.Version(customer.program_version);
  customer.program_version = version == nullptr ? 0 : version->version;
  customer.judgement = domain::JudgeSignup(
      customer, GatherEvidence(unit, customer),
      version == nullptr ? domain::AttributionRules() : version->program.attribution);
}

// Parts a customer from the referral that no longer has the judgement for it.
void LeaveReferral(exec::Unit& unit, const store::IdKey& key) {
  const Referral* stored = unit.Find<store::ReferralTable>(key);
  if (stored == nullptr) return;
  if (stored->origin == domain::ReferralOrigin::kSignup) {
    unit.Erase<store::ReferralTable>(key);
    return;
  }
  Referral referral = *stored;
  referral.customer_id.clear();
  referral.signup_time.reset();
  referral.evidence = domain::EvidenceKind::kNone;
  unit.Put<store::ReferralTable>(std::move(referral));
}

Referral NewSignupReferral(const Customer& customer) {
  Referral referral;
  referral.program_id = customer.program_id;
  referral.referral_id = customer.judgement.referral_id;
  referral.advocate_id = customer.judgement.advocate_id;
  referral.origin = domain::ReferralOrigin::kSignup;
  referral.submitted_time = customer.signup_time;
  referral.program_version = customer.program_version;
  return referral;
}

void JoinReferral(exec::Unit& unit, const Customer& customer) {
  if (!customer.attributed()) return;
  const Referral* stored =
      unit.Find<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  // A referral that began with the signup is made anew: its advocate may be another one.
  const bool is_lead = stored != nullptr && stored->origin == domain::ReferralOrigin::kLead;
  Referral referral = is_lead ? *stored : NewSignupReferral(customer);
  referral.customer_id = customer.customer_id;
  referral.signup_time = customer.signup_time;
  referral.evidence = customer.judgement.evidence;
  unit.Put<store::ReferralTable>(std::move(referral));
}

// Ties the open conversions of customer and referral to each other; returns how many the
// customer has.
int64_t AdoptConversions(exec::Unit& unit, const Customer& customer) {
  const store::IdKey customer_key = {customer.program_id, customer.customer_id};
  const store::IdKey referral_key = {customer.program_id, customer.judgement.referral_id};
  if (!customer.attributed()) return unit.Select<store::OpenByCustomer>(customer_key).size();
  std::vector<domain::Conversion> adopted;
  for (const auto* conversion : unit.Select<store::OpenByCustomer>(customer_key)) {
    if (conversion->referral_id.empty()) adopted.push_back(*conversion);
  }
  // Only a lead that converted before the signup can have conversions of its own.
  const Referral* referral = unit.Find<store::ReferralTable>(referral_key);
  if (referral != nullptr && referral->ever_converted) {
    for (const auto* conversion : unit.Select<store::OpenByReferral>(referral_key)) {
      if (conversion->customer_id.empty()) adopted.push_back(*conversion);
    }
  }
  for (domain::Conversion& conversion : adopted) {
    conversion.customer_id = customer.customer_id;
    conversion.referral_id = customer.judgement.referral_id;
    unit.Put<store::ConversionTable>(std::move(conversion));
  }
  return unit.Select<store::OpenByCustomer>(customer_key).size();
}

// Makes the next conversion live if the referral has none, or pays a referee who is known
// only now.
void SettleReferral(exec::Unit& unit, const Rules& rules, const Customer& customer,
                    absl::Time now) {
  if (!customer.attributed()) return;
  const Referral* stored =
      unit.Find<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  if (stored == nullptr) return;
  const Referral referral = *stored;
  std::vector<const domain::Conversion*> open =
      unit.Select<store::OpenByCustomer>({customer.program_id, customer.customer_id});
  std::erase_if(open, [&](const auto* c) { return c->referral_id != referral.referral_id; });
  if (!referral.conversion_id.empty()) {
    const auto* live =
        unit.Find<store::ConversionTable>({customer.program_id, referral.conversion_id});
    if (live != nullptr) GrantRewards(unit, rules, referral, *live, now);
  } else if (const domain::Conversion* next = domain::NextLive(open)) {
    MakeLive(unit, rules, domain::Conversion(*next), now);
  }
}

// Whether money was, or may have been, owed for the customer's referral.
bool IsSettled(exec::Unit& unit, const Customer& customer) {
  if (!customer.attributed()) return false;
  const Referral* referral =
      unit.Find<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  return referral != nullptr && referral->ever_converted;
}

}  // namespace

void WantAttribution(exec::Loader& loader, const Rules& rules, const Customer& customer,
                     const std::string& new_advocate_id) {
  const store::IdKey key = {customer.program_id, customer.customer_id};
  loader.Want<store::CustomerTable>(key);
  loader.Want<store::ReferralTable>(
      {customer.program_id, domain::SignupReferralId(customer.customer_id)});
  if (customer.attributed()) {
    loader.Want<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  }
  const std::set<std::string> advocates =
      EvidenceWants(loader, rules, customer).Collect(new_advocate_id);
  loader.WantAll<store::OpenByCustomer>(key);
  for (const auto* conversion : loader.PeekAll<store::OpenByCustomer>(key)) {
    for (const std::string& advocate_id : advocates) {
      WantRewards(loader, rules, *conversion, advocate_id, customer.customer_id);
    }
  }
}

void Attribute(exec::Unit& unit, const Rules& rules, Customer customer, absl::Time now) {
  const bool is_new =
      unit.Find<store::CustomerTable>({customer.program_id, customer.customer_id}) == nullptr;
  if (IsSettled(unit, customer)) return;
  const domain::Judgement before = customer.judgement;
  Judge(unit, rules, is_new, customer);
  const domain::Judgement& after = customer.judgement;
  const bool changed = before.evidence != after.evidence ||
                       before.advocate_id != after.advocate_id ||
                       before.referral_id != after.referral_id;
  if (changed) {
    if (!before.referral_id.empty()) {
      LeaveReferral(unit, {customer.program_id, before.referral_id});
    }
    JoinReferral(unit, customer);
  }
  customer.open_conversions = AdoptConversions(unit, customer);
  unit.Put<store::CustomerTable>(customer);
  if (is_new || changed) PublishSignupAttributed(unit, customer);
  SettleReferral(unit, rules, customer, now);
}

}  // namespace kith::referral::app
