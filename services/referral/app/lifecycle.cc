#include "services/referral/app/lifecycle.h"

#include <tuple>
#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/rules.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/life_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using store::EarlyLife;
using store::EarlyLifeTable;

EarlyLifeTable::Key KeyOf(const std::string& program_id, absl::string_view role,
                          const std::string& subject_id) {
  return {program_id, std::string(role), subject_id};
}

// What is kept of somebody; empty when nothing is.
EarlyLife Kept(exec::Unit& unit, const EarlyLifeTable::Key& key) {
  if (const EarlyLife* stored = unit.Find<EarlyLifeTable>(key)) return *stored;
  EarlyLife life;
  std::tie(life.program_id, life.role, life.subject_id) = key;
  return life;
}

// Changes the same two fields of a customer and of what is kept of one.
template <class Life>
void Change(Life& life, const CustomerFact& fact) {
  switch (fact.kind) {
    case CustomerFact::Kind::kAha:
      life.aha_time = fact.time;
      break;
    case CustomerFact::Kind::kChurned:
      life.churned_time = fact.time;
      break;
    case CustomerFact::Kind::kReactivated:
      life.churned_time.reset();
      break;
  }
}

template <class Life>
void Change(Life& life, const AdvocateFact& fact) {
  (fact.kind == AdvocateFact::Kind::kTier ? life.tier : life.segment) = fact.name;
}

template <class Fact>
void Keep(exec::Unit& unit, const EarlyLifeTable::Key& key, const Fact& fact) {
  EarlyLife life = Kept(unit, key);
  Change(life, fact);
  unit.Put<EarlyLifeTable>(std::move(life));
}

// Lets the rewards of the referral follow.
absl::Status Follow(exec::Unit& unit, const domain::Customer& customer,
                    const CustomerFact& fact, absl::Time now) {
  const auto* referral =
      unit.Find<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  if (referral == nullptr) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, customer.program_id));
  switch (fact.kind) {
    case CustomerFact::Kind::kAha:
      OnAha(unit, rules, domain::Referral(*referral), fact.time, now);
      break;
    case CustomerFact::Kind::kChurned:
      OnChurned(unit, rules, domain::Referral(*referral), fact.time, now);
      break;
    case CustomerFact::Kind::kReactivated:
      OnReactivated(unit, rules, domain::Referral(*referral), fact.time, now);
      break;
  }
  return absl::OkStatus();
}

}  // namespace

void WantLife(exec::Loader& loader, const CustomerFact& fact) {
  Rules::Want(loader, fact.program_id);
  const store::IdKey key = {fact.program_id, fact.customer_id};
  loader.Want<store::CustomerTable>(key);
  WantEarlyCustomer(loader, fact.program_id, fact.customer_id);
  const auto* customer = loader.Peek<store::CustomerTable>(key);
  if (customer == nullptr || !customer->attributed()) return;
  const store::IdKey referral_key = {fact.program_id, customer->judgement.referral_id};
  loader.Want<store::ReferralTable>(referral_key);
  const auto* referral = loader.Peek<store::ReferralTable>(referral_key);
  if (referral == nullptr) return;
  // Retained days are judged by the rules of the signup.
  const bool of_signup = fact.kind != CustomerFact::Kind::kAha;
  const absl::Time time = of_signup ? referral->signup_time.value_or(fact.time) : fact.time;
  WantGrants(loader, Rules::Peek(loader, fact.program_id), *referral, fact.customer_id, time);
}

absl::Status ApplyLife(exec::Unit& unit, const CustomerFact& fact, absl::Time now) {
  const auto* stored = unit.Find<store::CustomerTable>({fact.program_id, fact.customer_id});
  if (stored == nullptr) {
    Keep(unit, KeyOf(fact.program_id, store::kCustomerRole, fact.customer_id), fact);
    return absl::OkStatus();
  }
  domain::Customer customer = *stored;
  Change(customer, fact);
  unit.Put<store::CustomerTable>(customer);
  return customer.attributed() ? Follow(unit, customer, fact, now) : absl::OkStatus();
}

void WantLife(exec::Loader& loader, const AdvocateFact& fact) {
  loader.Want<store::AdvocateTable>({fact.program_id, fact.advocate_id});
  WantEarlyAdvocate(loader, fact.program_id, fact.advocate_id);
}

absl::Status ApplyLife(exec::Unit& unit, const AdvocateFact& fact, absl::Time) {
  const auto* stored = unit.Find<store::AdvocateTable>({fact.program_id, fact.advocate_id});
  if (stored == nullptr) {
    Keep(unit, KeyOf(fact.program_id, store::kAdvocateRole, fact.advocate_id), fact);
    return absl::OkStatus();
  }
  domain::Advocate advocate = *stored;
  Change(advocate, fact);
  unit.Put<store::AdvocateTable>(std::move(advocate));
  return absl::OkStatus();
}

void WantEarlyCustomer(exec::Loader& loader, const std::string& program_id,
                       const std::string& customer_id) {
  loader.Want<EarlyLifeTable>(KeyOf(program_id, store::kCustomerRole, customer_id));
}

void AddEarlyLife(exec::Loader& loader, domain::Customer& customer) {
  const EarlyLife* life = loader.Peek<EarlyLifeTable>(
      KeyOf(customer.program_id, store::kCustomerRole, customer.customer_id));
  if (life == nullptr) return;
  customer.aha_time = life->aha_time;
  customer.churned_time = life->churned_time;
}

void TakeEarlyLife(exec::Unit& unit, domain::Customer& customer) {
  const EarlyLifeTable::Key key =
      KeyOf(customer.program_id, store::kCustomerRole, customer.customer_id);
  const EarlyLife* life = unit.Find<EarlyLifeTable>(key);
  if (life == nullptr) return;
  customer.aha_time = life->aha_time;
  customer.churned_time = life->churned_time;
  unit.Erase<EarlyLifeTable>(key);
}

void WantEarlyAdvocate(exec::Loader& loader, const std::string& program_id,
                       const std::string& advocate_id) {
  loader.Want<EarlyLifeTable>(KeyOf(program_id, store::kAdvocateRole, advocate_id));
}

void AddEarlyLife(exec::Unit& unit, domain::Advocate& advocate) {
  const EarlyLife* life = unit.Find<EarlyLifeTable>(
      KeyOf(advocate.program_id, store::kAdvocateRole, advocate.advocate_id));
  if (life == nullptr) return;
  if (life->tier.has_value()) advocate.tier = *life->tier;
  if (life->segment.has_value()) advocate.segment = *life->segment;
}

void ForgetEarlyLife(exec::Unit& unit, const domain::Advocate& advocate) {
  unit.Erase<EarlyLifeTable>(
      KeyOf(advocate.program_id, store::kAdvocateRole, advocate.advocate_id));
}

}  // namespace kith::referral::app
