// Who is honest.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "tests/property/reference.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

std::string DomainOf(const std::string& email) {
  const size_t at = email.find('@');
  return at == std::string::npos ? "" : email.substr(at + 1);
}

template <class List>
bool Has(const List& list, const std::string& word) {
  return std::count(list.begin(), list.end(), word) > 0;
}

int64_t WeightOf(const v1::FraudRules& rules, v1::Signal signal) {
  for (const auto& own : rules.weights()) {
    if (own.signal() == signal) return own.weight();
  }
  switch (signal) {
    case v1::SIGNAL_SAME_DOMAIN:
      return 40;
    case v1::SIGNAL_VELOCITY:
      return 50;
    case v1::SIGNAL_DISPOSABLE_DOMAIN:
    case v1::SIGNAL_PAID_SEARCH:
      return 60;
    case v1::SIGNAL_CIRCULAR_CHAIN:
      return 70;
    case v1::SIGNAL_DUPLICATE_ACCOUNT:
      return 80;
    default:  // oneself, an existing customer, the blocklist
      return 100;
  }
}

int64_t DayOf(absl::Time time, const std::string& zone_name) {
  absl::TimeZone zone;
  absl::LoadTimeZone(zone_name, &zone);
  return absl::ToCivilDay(time, zone) - absl::CivilDay(1970, 1, 1);
}

bool Same(const std::string& a, const std::string& b) { return !a.empty() && a == b; }

}  // namespace

// The company that an address tells, by the rules of when it was told.
std::string Reference::CompanyOf(const std::string& email, size_t version) const {
  const std::string domain = DomainOf(email);
  return Has(RulesOf(version).fraud().free_mail_domains(), domain) ? "" : domain;
}

Reference::Suspect Reference::SuspectOf(const Step& lead) const {
  const size_t version = VersionAt(lead.time);
  return {.referral = lead.id,
          .advocate = lead.advocate,
          .customer = lead.customer,
          .email = lead.email,
          .company = CompanyOf(lead.email, version),
          .domain = DomainOf(lead.email),
          .device = lead.device,
          .ip = lead.ip,
          .source = "",
          .time = lead.time,
          .version = version};
}

Reference::Suspect Reference::SuspectOf(const Customer& customer, const std::string& advocate,
                                        const std::string& referral, bool reported) const {
  const Step& signup = customer.signup;
  return {.referral = referral,
          .advocate = advocate,
          .customer = signup.customer,
          .email = signup.email,
          .company = customer.company,
          .domain = reported ? DomainOf(signup.email) : "",
          .device = signup.device,
          .ip = signup.ip,
          .source = signup.source,
          .signup = true,
          .time = signup.time,
          .version = customer.version};
}

bool Reference::SharesIdentity(const Suspect& suspect) const {
  const Advocate& advocate = advocates_.at(suspect.advocate);
  if (suspect.customer == suspect.advocate || Same(suspect.email, advocate.email)) return true;
  const auto as_customer = customers_.find(suspect.advocate);
  const bool is_customer = as_customer != customers_.end();
  if (is_customer && Same(suspect.email, as_customer->second.signup.email)) return true;
  // A lead is submitted by the advocate, or for the advocate.
  if (!suspect.signup) return false;
  if (Same(suspect.device, advocate.device) || Same(suspect.ip, advocate.ip)) return true;
  if (advocate.submitted_from.count("device " + suspect.device) > 0) return true;
  if (advocate.submitted_from.count("ip " + suspect.ip) > 0) return true;
  return is_customer && (Same(suspect.device, as_customer->second.signup.device) ||
                         Same(suspect.ip, as_customer->second.signup.ip));
}

bool Reference::BroughtByReferee(const Suspect& suspect, int64_t depth) const {
  std::string who = suspect.advocate;
  for (int64_t i = 0; i < depth; ++i) {
    const auto customer = customers_.find(who);
    if (customer == customers_.end() || customer->second.advocate.empty()) return false;
    who = customer->second.advocate;
    if (who == suspect.customer) return true;
  }
  return false;
}

// What is counted of a suspect, and how many are ordinary.
std::vector<std::pair<Reference::DayKey, int64_t>> Reference::DaysOf(
    const Suspect& suspect) const {
  const Rules& rules = RulesOf(suspect.version);
  std::vector<std::pair<DayKey, int64_t>> out;
  if (WeightOf(rules.fraud(), v1::SIGNAL_VELOCITY) == 0) return out;
  // A lead counted for its advocate when it was submitted.
  const bool of_lead = suspect.signup && suspect.referral != "signup:" + suspect.customer;
  for (const v1::VelocityLimit& limit : rules.fraud().velocity()) {
    const std::string& whose =
        limit.dimension() == v1::VELOCITY_DIMENSION_ADVOCATE ? suspect.advocate
        : limit.dimension() == v1::VELOCITY_DIMENSION_IP     ? suspect.ip
                                                             : suspect.device;
    const bool again = of_lead && limit.dimension() == v1::VELOCITY_DIMENSION_ADVOCATE;
    if (whose.empty() || again) continue;
    out.push_back({{limit.dimension(), whose, DayOf(suspect.time, rules.time_zone())},
                   limit.max_per_day()});
  }
  return out;
}

std::set<v1::Signal> Reference::SignalsOf(const Suspect& suspect) const {
  const v1::FraudRules& rules = RulesOf(suspect.version).fraud();
  std::set<v1::Signal> found;
  if (SharesIdentity(suspect)) found.insert(v1::SIGNAL_SELF_REFERRAL);
  const auto as_customer = customers_.find(suspect.advocate);
  if (Same(suspect.company, advocates_.at(suspect.advocate).company) ||
      (as_customer != customers_.end() &&
       Same(suspect.company, as_customer->second.company))) {
    found.insert(v1::SIGNAL_SAME_DOMAIN);
  }
  if (Has(rules.disposable_domains(), suspect.domain)) {
    found.insert(v1::SIGNAL_DISPOSABLE_DOMAIN);
  }
  for (const auto& [id, other] : customers_) {
    // Of one instant, a signup came after what is known, and a lead before.
    const bool later =
        suspect.signup ? other.signup.time > suspect.time : other.signup.time >= suspect.time;
    if (id == suspect.customer || id == suspect.advocate || later) continue;
    if (Same(other.signup.email, suspect.email)) found.insert(v1::SIGNAL_EXISTING_CUSTOMER);
    if (suspect.signup && Same(other.signup.device, suspect.device)) {
      found.insert(v1::SIGNAL_DUPLICATE_ACCOUNT);
    }
  }
  const int64_t depth = rules.has_chain_depth() ? rules.chain_depth() : 3;
  if (!suspect.customer.empty() && BroughtByReferee(suspect, depth)) {
    found.insert(v1::SIGNAL_CIRCULAR_CHAIN);
  }
  for (const auto& [key, ordinary] : DaysOf(suspect)) {
    const auto before = days_.find(key);
    const int64_t count = (before == days_.end() ? 0 : before->second) + 1;
    if (count > ordinary) found.insert(v1::SIGNAL_VELOCITY);
  }
  if (Has(rules.paid_sources(), suspect.source)) found.insert(v1::SIGNAL_PAID_SEARCH);
  const auto is_blocked = [this](const auto& who) {
    return blocked_.count("email " + who.email) > 0 ||
           blocked_.count("device " + who.device) > 0;
  };
  if (is_blocked(suspect) || is_blocked(advocates_.at(suspect.advocate)) ||
      (as_customer != customers_.end() && is_blocked(as_customer->second.signup))) {
    found.insert(v1::SIGNAL_BLOCKLIST);
  }
  return found;
}

Reference::Verdict Reference::VerdictOn(const Suspect& suspect) const {
  const auto known = cases_.find(suspect.referral);
  if (known != cases_.end() && known->second.advocate == suspect.advocate &&
      known->second.by == "judge") {
    return {suspect.customer, suspect.source, known->second.state, known->second.score, {}};
  }
  const auto before = checks_.find({suspect.referral, suspect.advocate, suspect.signup});
  if (before != checks_.end() && before->second.customer == suspect.customer &&
      before->second.source == suspect.source) {
    return before->second;
  }
  if (!RulesOf(suspect.version).has_fraud()) return {};
  std::set<v1::Signal> found = SignalsOf(suspect);
  if (suspect.signup) {
    // What the lead showed.
    const auto lead = checks_.find({suspect.referral, suspect.advocate, false});
    if (lead != checks_.end()) {
      for (const auto& [signal, weight] : lead->second.signals) found.insert(signal);
    }
  }
  const v1::FraudRules& rules = RulesOf(suspect.version).fraud();
  Verdict verdict;
  verdict.customer = suspect.customer;
  verdict.source = suspect.source;
  for (const v1::Signal signal : found) {
    const int64_t weight = WeightOf(rules, signal);
    if (weight == 0) continue;
    verdict.signals[signal] = weight;
    verdict.score += weight;
  }
  if (verdict.score >= (rules.has_reject_at() ? rules.reject_at() : 100)) {
    verdict.state = "rejected";
  } else if (verdict.score >= (rules.has_hold_at() ? rules.hold_at() : 50)) {
    verdict.state = "held";
  }
  return verdict;
}

// Counts and files what was judged, once.
void Reference::Record(const Suspect& suspect, const Verdict& verdict) {
  if (!RulesOf(suspect.version).has_fraud()) return;
  const auto known = cases_.find(suspect.referral);
  if (known != cases_.end() && known->second.advocate == suspect.advocate &&
      known->second.by == "judge") {
    return;
  }
  const auto before = checks_.find({suspect.referral, suspect.advocate, suspect.signup});
  if (before != checks_.end() && before->second.customer == suspect.customer &&
      before->second.source == suspect.source) {
    return;
  }
  const auto days = DaysOf(suspect);
  for (const auto& [key, ordinary] : days) ++days_[key];
  if (!suspect.signup) {
    Advocate& advocate = advocates_.at(suspect.advocate);
    if (!suspect.device.empty()) advocate.submitted_from.insert("device " + suspect.device);
    if (!suspect.ip.empty()) advocate.submitted_from.insert("ip " + suspect.ip);
  }
  if (!days.empty() || !verdict.signals.empty()) {
    checks_[{suspect.referral, suspect.advocate, suspect.signup}] = verdict;
  }
  if (verdict.state == "clear") return;
  const bool open = known != cases_.end() && known->second.state == "open";
  const bool of_other = known != cases_.end() && known->second.advocate != suspect.advocate;
  // Whoever is refused does not push out what is filed about another one.
  if (verdict.state == "rejected" && of_other) return;
  Case& filed = cases_[suspect.referral];
  std::vector<std::pair<v1::Signal, int64_t>> signals(verdict.signals.begin(),
                                                      verdict.signals.end());
  std::stable_sort(signals.begin(), signals.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (open && of_other) {
    signals.insert(signals.end(), filed.signals.begin(), filed.signals.end());
  }
  filed.signals = signals;
  filed.advocate = suspect.advocate;
  filed.score = verdict.score;
  filed.version = suspect.version;
  if (open) return;
  filed.opened = now_;
  filed.state = verdict.state == "held" ? "open" : "rejected";
  filed.by = verdict.state == "held" ? "" : "rules";
  const auto lead = referrals_.find(suspect.referral);
  if (verdict.state != "rejected" || lead == referrals_.end()) return;
  // The signup may be another advocate's so far.
  if (lead->second.advocate != suspect.advocate) return;
  lead->second.score = std::max(lead->second.score, verdict.score);
  Reject(lead->second);
}

// Of a customer whom a person gives to an advocate: what is known about the two.
Reference::Verdict Reference::VerdictByCase(const Customer& customer, const Customer& before) {
  const auto referral = referrals_.find(customer.referral);
  const bool stays = before.referral == customer.referral;
  const auto known = cases_.find(customer.referral);
  const bool about_them = known != cases_.end() && known->second.advocate == customer.advocate;
  if (!about_them) {
    // What waits for a person goes on waiting.
    const bool waits =
        stays && referral != referrals_.end() && referral->second.fraud == "held";
    return waits ? Verdict{"", "", "held", referral->second.score, {}} : Verdict{};
  }
  Case& one = known->second;
  if (one.by == "rules") {
    one.by = "judge";
    one.state = "approved";
    if (referral != referrals_.end()) Approve(referral->second);
  }
  return {"", "", one.state == "open" ? "held" : one.state, one.score, {}};
}

void Reference::Reject(Referral& referral) {
  const Referral before = referral;
  referral.fraud = "rejected";
  referral.live.clear();
  for (auto& [id, reward] : rewards_) {
    if (reward.referral != referral.id) continue;
    const auto trigger = reward.rule.trigger();
    const bool counted =
        trigger == v1::TRIGGER_NTH_SUCCESS || trigger == v1::TRIGGER_MILESTONE;
    if (!counted) TakeBack(reward, "FRAUD_REJECTED");
  }
  // Others may reach it again.
  TakeBackUnreached(before, "FRAUD_REJECTED", true);
}

void Reference::Approve(Referral& referral) {
  const bool waited = referral.fraud == "held" || referral.fraud == "rejected";
  referral.fraud = "approved";
  if (waited) CountApproved(referral);
  for (auto& [id, reward] : rewards_) {
    if (reward.referral == referral.id) OpenGate(reward);
  }
}

std::string Reference::Resolve(const Step& step) {
  if (!step.amount) return Decide(step.id, !step.no);
  std::vector<std::pair<absl::Time, std::string>> open;
  for (const auto& [id, one] : cases_) {
    if (one.state == "open") open.push_back({one.opened, id});
  }
  if (open.empty()) return "ok";
  std::sort(open.begin(), open.end());
  const std::string id = open[static_cast<size_t>(*step.amount) % open.size()].second;
  return absl::StrCat(id, " ", Decide(id, !step.no));
}

std::string Reference::Decide(const std::string& id, bool approve) {
  const auto found = cases_.find(id);
  if (found == cases_.end()) return "CASE_NOT_FOUND";
  Case& decided = found->second;
  const std::string state = approve ? "approved" : "rejected";
  if (decided.state != "open") return decided.state == state ? "ok" : "CASE_RESOLVED";
  decided.state = state;
  decided.by = "judge";
  const auto referral = referrals_.find(id);
  const bool concerned =
      referral != referrals_.end() &&
      (referral->second.advocate == decided.advocate || referral->second.fraud == "held");
  if (concerned && approve) {
    Approve(referral->second);
    // Whom the rules refused to the lead comes to it.
    const Referral lead = referral->second;
    for (const auto& [customer, unused] : std::map(customers_)) {
      const bool named = Named(lead, customer, unused.signup.email);
      if (lead.lead && lead.customer.empty() && named) Judge(customer);
    }
  }
  if (concerned && !approve) Reject(referral->second);
  if (approve) return "ok";
  Advocate& advocate = advocates_.at(decided.advocate);
  ++advocate.frauds;
  const v1::FraudRules& rules = RulesOf(VersionAt(now_)).fraud();
  if (!rules.has_suspend_after() || advocate.frauds < rules.suspend_after()) return "ok";
  if (advocate.suspended) return "ok";
  advocate.suspended = now_;
  return "ok and suspended";
}

std::string Reference::Block(const Step& step) {
  const std::string what =
      step.email.empty() ? "device " + step.device : "email " + step.email;
  if (step.act == Act::kBlock) {
    blocked_.insert(what);
  } else {
    blocked_.erase(what);
  }
  return "ok";
}

void Reference::LookAtCases(Picture& picture) const {
  for (const auto& [id, one] : cases_) {
    std::string line = absl::StrCat("case ", id, " of ", one.advocate, " ", one.state, " by ",
                                    one.by, " score ", one.score, " version ", one.version);
    for (const auto& [signal, weight] : one.signals) {
      absl::StrAppend(
          &line, " ",
          absl::AsciiStrToLower(absl::StripPrefix(v1::Signal_Name(signal), "SIGNAL_")), "=",
          weight);
    }
    picture.push_back(line);
  }
}

}  // namespace kith::property
