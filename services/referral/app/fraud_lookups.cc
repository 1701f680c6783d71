#include "services/referral/app/fraud_lookups.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/referral/domain/campaign.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conduct_tables.h"
#include "services/referral/store/customer_tables.h"

namespace kith::referral::app {
namespace {

using domain::IdentityKind;
using domain::Signal;
using domain::VelocityDimension;
using store::AdvocateTraceTable;
using store::BlockedIdentityTable;
using store::CustomerTable;
using store::IdKey;

using Kept = std::pair<IdentityKind, BlockedIdentityTable::Key>;

bool Watches(const domain::FraudRules& rules, Signal signal) {
  return domain::WeightOf(rules, signal) > 0;
}

// The keys under which identities would be blocked.
std::vector<Kept> KeysOf(const std::string& program_id, const domain::Identity& identity) {
  const std::pair<IdentityKind, const std::string*> identities[] = {
      {IdentityKind::kEmail, &identity.email_hash},
      {IdentityKind::kEmailDomain, &identity.domain_hash},
      {IdentityKind::kPhone, &identity.phone_hash},
      {IdentityKind::kDevice, &identity.device_hash},
      {IdentityKind::kPayment, &identity.payment_hash},
      {IdentityKind::kIp, &identity.ip_hash}};
  std::vector<Kept> keys;
  for (const auto& [kind, hash] : identities) {
    if (hash->empty()) continue;
    keys.emplace_back(kind,
                      BlockedIdentityTable::Key(program_id, std::string(domain::Name(kind)),
                                                domain::ShortHash(*hash)));
  }
  return keys;
}

bool LooksAtBlocklist(const Rules& rules, const domain::FraudRules& fraud) {
  return Watches(fraud, Signal::kBlocklist) && !rules.key().empty();
}

// Those of the referee. That of a free mail domain is known only while the domain is at hand
// in the clear.
std::vector<Kept> BlockKeys(const Rules& rules, const domain::FraudRules& fraud,
                            const FraudSubject& subject) {
  if (!LooksAtBlocklist(rules, fraud)) return {};
  domain::Identity referee = subject.referee;
  if (!subject.email_domain.empty()) {
    referee.domain_hash =
        domain::KeyedHash(rules.key(), IdentityKind::kEmailDomain, subject.email_domain);
  }
  return KeysOf(subject.program_id, referee);
}

// Those of the advocate, as such and as a customer (nullptr: is not known, or is none), each
// once.
std::vector<Kept> AdvocateBlockKeys(const Rules& rules, const domain::FraudRules& fraud,
                                    const FraudSubject& subject,
                                    const domain::Advocate* advocate,
                                    const domain::Customer* customer) {
  std::vector<Kept> keys;
  if (!LooksAtBlocklist(rules, fraud)) return keys;
  const auto add = [&](const auto* person) {
    if (person == nullptr) return;
    domain::Identity identity = person->identity;
    identity.email_hash = person->email_hash;
    for (Kept& key : KeysOf(subject.program_id, identity)) keys.push_back(std::move(key));
  };
  add(advocate);
  add(customer);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// The keys of what the advocate submitted leads from, if it was from where the subject comes.
std::vector<AdvocateTraceTable::Key> SeenKeys(const FraudSubject& subject) {
  const std::pair<IdentityKind, const std::string*> origins[] = {
      {IdentityKind::kDevice, &subject.referee.device_hash},
      {IdentityKind::kIp, &subject.referee.ip_hash}};
  std::vector<AdvocateTraceTable::Key> keys;
  for (const auto& [kind, hash] : origins) {
    if (hash->empty()) continue;
    keys.emplace_back(subject.program_id, subject.advocate_id, std::string(domain::Name(kind)),
                      domain::ShortHash(*hash));
  }
  return keys;
}

// Calls `visit` with the index of the customers who share an identity of the subject, the key
// in it, and the field of SignalInput that they belong in. The device of a lead is not the
// referee's.
template <class Visit>
void ForEachShared(const FraudSubject& subject, Visit visit) {
  using Input = domain::SignalInput;
  const domain::Identity& referee = subject.referee;
  const auto visit_known = [&](auto index, const std::string& hash, auto field) {
    if (!hash.empty()) visit(index, IdKey(subject.program_id, hash), field);
  };
  visit_known(store::CustomersByEmail(), referee.email_hash, &Input::same_email);
  visit_known(store::CustomersByPhone(), referee.phone_hash, &Input::same_phone);
  visit_known(store::CustomersByDevice(), subject.signup ? referee.device_hash : std::string(),
              &Input::same_device);
  visit_known(store::CustomersByPayment(), referee.payment_hash, &Input::same_payment);
}

// Who brought the advocate, who brought them, and so on; `find` gives a customer's row.
template <class Find>
std::vector<std::string> ChainOf(const FraudSubject& subject, int64_t depth, Find find) {
  std::vector<std::string> chain;
  if (subject.customer_id.empty()) return chain;
  std::string person = subject.advocate_id;
  while (static_cast<int64_t>(chain.size()) < depth) {
    const domain::Customer* customer = find(IdKey(subject.program_id, person));
    if (customer == nullptr || customer->judgement.advocate_id.empty()) break;
    person = customer->judgement.advocate_id;
    chain.push_back(person);
  }
  return chain;
}

}  // namespace

const domain::ProgramVersion* FraudVersion(const Rules& rules, const FraudSubject& subject) {
  const auto* version = rules.InForce(subject.time);
  return version == nullptr || !version->program.fraud.enabled ? nullptr : version;
}

std::vector<store::VelocityTable::Key> VelocityKeys(const domain::Program& program,
                                                    const FraudSubject& subject) {
  std::vector<store::VelocityTable::Key> keys;
  if (!Watches(program.fraud, Signal::kVelocity)) return keys;
  const bool own =
      !subject.signup || subject.referral_id == domain::SignupReferralId(subject.customer_id);
  const std::pair<VelocityDimension, std::string> subjects[] = {
      {VelocityDimension::kAdvocate, own ? subject.advocate_id : std::string()},
      {VelocityDimension::kIp, domain::ShortHash(subject.referee.ip_hash)},
      {VelocityDimension::kDevice, domain::ShortHash(subject.referee.device_hash)}};
  const int64_t day = domain::LocalDay(subject.time, domain::ZoneOf(program));
  for (const domain::VelocityLimit& limit : program.fraud.velocity) {
    for (const auto& [dimension, id] : subjects) {
      if (dimension != limit.dimension || id.empty()) continue;
      keys.emplace_back(subject.program_id, std::string(domain::Name(dimension)), id, day);
    }
  }
  return keys;
}

std::vector<AdvocateTraceTable::Key> TraceKeys(const FraudSubject& subject) {
  if (subject.signup) return {};
  return SeenKeys(subject);
}

void WantLookups(exec::Loader& loader, const Rules& rules, const domain::Program& program,
                 const FraudSubject& subject) {
  loader.Want<store::AdvocateTable>({subject.program_id, subject.advocate_id});
  loader.Want<CustomerTable>({subject.program_id, subject.advocate_id});
  ForEachShared(subject, [&]<class Index>(Index, const IdKey& key, auto) {
    loader.WantAll<Index>(key);
  });
  for (const auto& key : SeenKeys(subject)) loader.Want<AdvocateTraceTable>(key);
  for (const auto& key : VelocityKeys(program, subject)) {
    loader.Want<store::VelocityTable>(key);
  }
  for (const Kept& kept : BlockKeys(rules, program.fraud, subject)) {
    loader.Want<BlockedIdentityTable>(kept.second);
  }
  const IdKey advocate = {subject.program_id, subject.advocate_id};
  for (const Kept& kept : AdvocateBlockKeys(rules, program.fraud, subject,
                                            loader.Peek<store::AdvocateTable>(advocate),
                                            loader.Peek<CustomerTable>(advocate))) {
    loader.Want<BlockedIdentityTable>(kept.second);
  }
  ChainOf(subject, program.fraud.chain_depth, [&](const IdKey& key) {
    loader.Want<CustomerTable>(key);
    return loader.Peek<CustomerTable>(key);
  });
}

domain::SignalInput LookUp(exec::Unit& unit, const Rules& rules,
                           const domain::Program& program, const FraudSubject& subject) {
  domain::SignalInput input;
  input.advocate_id = subject.advocate_id;
  input.customer_id = subject.customer_id;
  input.referee = subject.referee;
  input.email_domain = subject.email_domain;
  input.source = subject.source;
  input.signup = subject.signup;
  input.time = subject.time;
  input.advocate = unit.Find<store::AdvocateTable>({subject.program_id, subject.advocate_id});
  input.advocate_as_customer =
      unit.Find<CustomerTable>({subject.program_id, subject.advocate_id});
  ForEachShared(subject, [&]<class Index>(Index, const IdKey& key, auto field) {
    input.*field = unit.Select<Index>(key);
  });
  for (const auto& key : SeenKeys(subject)) {
    if (unit.Find<AdvocateTraceTable>(key) == nullptr) continue;
    const bool ip = std::get<2>(key) == domain::Name(IdentityKind::kIp);
    (ip ? input.advocate_ip : input.advocate_device) = true;
  }
  for (const auto& key : VelocityKeys(program, subject)) {
    const auto* count = unit.Find<store::VelocityTable>(key);
    input.counts.push_back({*domain::ParseName<VelocityDimension>(std::get<1>(key)),
                            count == nullptr ? 0 : count->referrals});
  }
  for (const auto& [kind, key] : BlockKeys(rules, program.fraud, subject)) {
    if (unit.Find<BlockedIdentityTable>(key) != nullptr) input.blocked.push_back(kind);
  }
  for (const auto& [kind, key] : AdvocateBlockKeys(
           rules, program.fraud, subject, input.advocate, input.advocate_as_customer)) {
    if (unit.Find<BlockedIdentityTable>(key) == nullptr) continue;
    // Two addresses of one kind may be blocked.
    std::vector<IdentityKind>& blocked = input.advocate_blocked;
    if (blocked.empty() || blocked.back() != kind) blocked.push_back(kind);
  }
  input.chain = ChainOf(subject, program.fraud.chain_depth,
                        [&](const IdKey& key) { return unit.Find<CustomerTable>(key); });
  return input;
}

}  // namespace kith::referral::app
