#include "services/referral/domain/fraud_signals.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kith::referral::domain {
namespace {

bool Same(const std::string& a, const std::string& b) { return !a.empty() && a == b; }

// What the referee shares with one set of identities of the advocate.
void AddShared(const SignalInput& input, const Identity& advocate,
               std::vector<absl::string_view>& shared) {
  const Identity& referee = input.referee;
  const std::pair<absl::string_view, bool> facts[] = {
      {"mail address", Same(referee.email_hash, advocate.email_hash)},
      {"phone number", Same(referee.phone_hash, advocate.phone_hash)},
      {"device", input.signup && Same(referee.device_hash, advocate.device_hash)},
      {"means of payment", Same(referee.payment_hash, advocate.payment_hash)},
      {"network address", input.signup && Same(referee.ip_hash, advocate.ip_hash)}};
  for (const auto& [name, same] : facts) {
    if (same && !absl::StrContains(absl::StrJoin(shared, ","), name)) shared.push_back(name);
  }
}

template <class Person>
Identity FullIdentity(const Person& person) {
  Identity identity = person.identity;
  identity.email_hash = person.email_hash;
  return identity;
}

// The first of `customers` who is neither end of the referral and came before it. Of one
// instant, as dates alone make it, a signup came later than what is known, a lead earlier.
const Customer* EarlierOther(const SignalInput& input,
                             const std::vector<const Customer*>& customers) {
  for (const Customer* customer : customers) {
    if (customer->customer_id == input.customer_id) continue;
    if (customer->customer_id == input.advocate_id) continue;
    if (customer->signup_time < input.time) return customer;
    if (input.signup && customer->signup_time == input.time) return customer;
  }
  return nullptr;
}

std::string SharedWith(absl::string_view what, const Customer& customer) {
  return absl::StrCat("same ", what, " as ", customer.churned_time.has_value() ? "past " : "",
                      "customer ", customer.customer_id);
}

absl::string_view TextOf(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::kEmail:
      return "mail address";
    case IdentityKind::kEmailDomain:
      return "mail domain";
    case IdentityKind::kPhone:
      return "phone number";
    case IdentityKind::kDevice:
      return "device";
    case IdentityKind::kPayment:
      return "means of payment";
    case IdentityKind::kIp:
      return "network address";
  }
  return "";
}

std::string TextOf(const std::vector<IdentityKind>& kinds) {
  std::vector<absl::string_view> names;
  for (const IdentityKind kind : kinds) names.push_back(TextOf(kind));
  return absl::StrJoin(names, ", ");
}

std::string TextOf(VelocityDimension dimension, const std::string& advocate_id) {
  switch (dimension) {
    case VelocityDimension::kAdvocate:
      return absl::StrCat("of advocate ", advocate_id);
    case VelocityDimension::kIp:
      return "from one network address";
    case VelocityDimension::kDevice:
      return "from one device";
  }
  return "";
}

// The source as the rules name it; nullptr: it is not paid for.
const std::string* FindPaid(absl::string_view source, const FraudRules& rules) {
  if (source.empty()) return nullptr;
  for (const std::string& paid : rules.paid_sources) {
    if (absl::EqualsIgnoreCase(paid, source)) return &paid;
  }
  return nullptr;
}

}  // namespace

std::string SelfReferral(const SignalInput& input) {
  if (Same(input.customer_id, input.advocate_id)) {
    return absl::StrCat("the referee is advocate ", input.advocate_id);
  }
  std::vector<absl::string_view> shared;
  if (input.advocate != nullptr) AddShared(input, FullIdentity(*input.advocate), shared);
  if (input.advocate_as_customer != nullptr) {
    AddShared(input, FullIdentity(*input.advocate_as_customer), shared);
  }
  Identity traces;
  if (input.advocate_device) traces.device_hash = input.referee.device_hash;
  if (input.advocate_ip) traces.ip_hash = input.referee.ip_hash;
  AddShared(input, traces, shared);
  if (shared.empty()) return "";
  return absl::StrCat("same ", absl::StrJoin(shared, ", "), " as advocate ",
                      input.advocate_id);
}

std::string SameDomain(const SignalInput& input) {
  const std::string& company = input.referee.domain_hash;
  const Customer* customer = input.advocate_as_customer;
  const bool same =
      (input.advocate != nullptr && Same(company, input.advocate->identity.domain_hash)) ||
      (customer != nullptr && Same(company, customer->identity.domain_hash));
  if (!same) return "";
  return absl::StrCat("mail address of the same company as advocate ", input.advocate_id);
}

std::string DisposableDomain(const SignalInput& input, const FraudRules& rules) {
  return IsDisposable(input.email_domain, rules) ? "throw-away mail address" : "";
}

std::string ExistingCustomer(const SignalInput& input) {
  if (const Customer* other = EarlierOther(input, input.same_email)) {
    return SharedWith("mail address", *other);
  }
  if (const Customer* other = EarlierOther(input, input.same_phone)) {
    return SharedWith("phone number", *other);
  }
  return "";
}

std::string DuplicateAccount(const SignalInput& input) {
  if (const Customer* other = EarlierOther(input, input.same_device);
      other != nullptr && input.signup) {
    return SharedWith("device", *other);
  }
  if (const Customer* other = EarlierOther(input, input.same_payment)) {
    return SharedWith("means of payment", *other);
  }
  return "";
}

std::string CircularChain(const SignalInput& input) {
  if (input.customer_id.empty()) return "";
  for (size_t i = 0; i < input.chain.size(); ++i) {
    if (input.chain[i] != input.customer_id) continue;
    return absl::StrCat("the referee brought advocate ", input.advocate_id, ", ", i + 1,
                        i == 0 ? " step back" : " steps back");
  }
  return "";
}

std::string Velocity(const SignalInput& input, const FraudRules& rules) {
  std::vector<std::string> texts;
  for (const VelocityLimit& limit : rules.velocity) {
    for (const DayCount& count : input.counts) {
      if (count.dimension != limit.dimension || count.before < limit.max_per_day) continue;
      texts.push_back(absl::StrCat(count.before + 1, " in a day ",
                                   TextOf(limit.dimension, input.advocate_id), ", ",
                                   limit.max_per_day, " are ordinary"));
    }
  }
  return absl::StrJoin(texts, "; ");
}

bool IsBought(absl::string_view source, const FraudRules& rules) {
  return FindPaid(source, rules) != nullptr;
}

std::string PaidSearch(const SignalInput& input, const FraudRules& rules) {
  const std::string* paid = FindPaid(input.source, rules);
  return paid == nullptr ? "" : absl::StrCat("traffic from ", *paid, " is bought");
}

std::string Blocklist(const SignalInput& input) {
  if (input.blocked.empty()) return "";
  return absl::StrCat(TextOf(input.blocked), " on the blocklist");
}

std::string AdvocateOnBlocklist(const SignalInput& input) {
  if (input.advocate_blocked.empty()) return "";
  return absl::StrCat(TextOf(input.advocate_blocked), " of advocate ", input.advocate_id,
                      " on the blocklist");
}

std::vector<SignalEvidence> FindSignals(const SignalInput& input, const FraudRules& rules) {
  const std::pair<Signal, std::string> all[] = {
      {Signal::kSelfReferral, SelfReferral(input)},
      {Signal::kSameDomain, SameDomain(input)},
      {Signal::kDisposableDomain, DisposableDomain(input, rules)},
      {Signal::kExistingCustomer, ExistingCustomer(input)},
      {Signal::kDuplicateAccount, DuplicateAccount(input)},
      {Signal::kCircularChain, CircularChain(input)},
      {Signal::kVelocity, Velocity(input, rules)},
      {Signal::kPaidSearch, PaidSearch(input, rules)},
      {Signal::kBlocklist, Blocklist(input)},
      {Signal::kBlocklist, AdvocateOnBlocklist(input)}};
  std::vector<SignalEvidence> found;
  for (const auto& [signal, text] : all) {
    if (!text.empty()) found.push_back({signal, WeightOf(rules, signal), text});
  }
  return found;
}

}  // namespace kith::referral::domain
