// What is owed.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "tests/property/reference.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

bool IsMoney(v1::RewardKind kind) {
  return kind == v1::REWARD_KIND_CASH || kind == v1::REWARD_KIND_CREDIT;
}

std::string UnitOf(const v1::RewardRule& rule, const v1::Program& program) {
  if (IsMoney(rule.kind())) return program.currency();
  if (rule.kind() == v1::REWARD_KIND_PHYSICAL_GIFT) return "gift";
  return rule.kind() == v1::REWARD_KIND_POINTS ? "points" : "unlock";
}

// A share in hundredths of a percent, half to even.
int64_t Share(int64_t minor, int64_t basis_points) {
  const int64_t product = minor * basis_points;
  const int64_t whole = product / 10'000, rest = product % 10'000;
  const bool up = rest > 5'000 || (rest == 5'000 && whole % 2 == 1);
  return whole + (up ? 1 : 0);
}

absl::Time StartOf(int period, absl::Time time, const std::string& zone_name) {
  absl::TimeZone zone;
  absl::LoadTimeZone(zone_name, &zone);
  const absl::CivilDay day = absl::ToCivilDay(time, zone);
  switch (period) {
    case v1::CAP_PERIOD_DAY:
      return absl::FromCivil(day, zone);
    case v1::CAP_PERIOD_WEEK:
      return absl::FromCivil(day - static_cast<int>(absl::GetWeekday(day)), zone);
    case v1::CAP_PERIOD_MONTH:
      return absl::FromCivil(absl::CivilDay(day.year(), day.month(), 1), zone);
    case v1::CAP_PERIOD_YEAR:
      return absl::FromCivil(absl::CivilDay(day.year(), 1, 1), zone);
    default:
      return absl::UnixEpoch();
  }
}

// The rule that made a reward, as other rules have it.
model::Rule RuleIn(const model::Rules& rules, const model::Reward& reward) {
  for (const v1::Campaign& campaign : rules.campaigns()) {
    if (campaign.campaign_id() != reward.campaign) continue;
    for (const model::Rule& rule : campaign.rewards()) {
      if (rule.rule_id() == reward.rule.rule_id()) return rule;
    }
  }
  for (const model::Rule& rule : rules.rewards()) {
    if (reward.campaign.empty() && rule.rule_id() == reward.rule.rule_id()) return rule;
  }
  return reward.rule;
}

// Whether a conversion releases what another one, if any, has earned.
bool Opens(const model::Conversion& event, const model::Rule& rule,
           const model::Conversion* earned) {
  if (event.reversed || event.step.event != rule.release_event()) return false;
  if (earned == nullptr) return true;
  if (event.step.time < earned->step.time) return false;
  return earned->step.order.empty() || event.step.order == earned->step.order;
}

}  // namespace

size_t Memory::VersionAt(absl::Time time) const {
  for (size_t i = versions_.size(); i > 0; --i) {
    if (!versions_[i - 1].effective || *versions_[i - 1].effective <= time) return i;
  }
  return 0;
}

// Who is in a campaign is told by the rules of when the referral came to it, and the campaign
// keeps its rules for those if it is no more.
std::vector<Reference::RuleInForce> Reference::RulesFor(size_t version,
                                                        const Referral& referral) const {
  const Rules& rules = RulesOf(version);
  const bool by_lead = referral.lead && !referral.campaign_by_code;
  const absl::Time begun = by_lead ? referral.submitted : referral.signup;
  const size_t then =
      referral.campaign_by_code ? VersionAt(referral.signup) : referral.version;
  const v1::Campaign *promised = nullptr, *campaign = nullptr;
  for (const v1::Campaign& c : RulesOf(then).campaigns()) {
    const bool open = CampaignRefusal(RulesOf(then), c.campaign_id(), begun).empty();
    if (c.campaign_id() == referral.campaign && open) promised = &c;
  }
  for (const v1::Campaign& c : rules.campaigns()) {
    if (promised != nullptr && c.campaign_id() == referral.campaign) campaign = &c;
  }
  const bool gone = promised != nullptr && campaign == nullptr;
  if (gone) campaign = promised;
  std::vector<RuleInForce> out;
  if (campaign == nullptr || !campaign->replaces_rewards()) {
    for (const Rule& rule : rules.rewards()) out.push_back({&rule, ""});
  }
  if (campaign == nullptr) return out;
  for (const Rule& rule : campaign->rewards()) {
    out.push_back({&rule, campaign->campaign_id(), gone ? then : 0});
  }
  return out;
}

void Reference::GrantAll(const Referral& referral, const Occasion& occasion, size_t version) {
  for (const RuleInForce& rule : RulesFor(version, referral)) {
    if (rule.rule->trigger() != occasion.trigger) continue;
    if (occasion.referee_only && rule.rule->side() != v1::REWARD_SIDE_REFEREE) continue;
    Grant(referral, rule, occasion, version);
  }
}

// The id, or one that follows on it if what had it was taken back because a signup moved, or
// was of an advocate who had the customer before; empty when there is such a reward already.
std::string Reference::FreeId(const std::string& id, const Referral& referral) const {
  bool left = false;  // too early, as was told later: for who is back only
  for (int n = 1; n <= 8; ++n) {
    const std::string next = n == 1 ? id : absl::StrCat(id, "~", n);
    const auto known = rewards_.find(next);
    if (known == rewards_.end()) return left && !returned_ ? "" : next;
    const bool withdrawn = known->second.cause == "recalculation" && !recalculates_;
    if ((!known->second.moved || withdrawn) && known->second.is_of(referral)) break;
    left = known->second.moved && known->second.cause == "churn";
  }
  return "";
}

// The last that had the id, or one that follows on it.
std::string Reference::LastId(const std::string& id) const {
  std::string last = id;
  for (int n = 2; n <= 8 && rewards_.count(absl::StrCat(id, "~", n)) > 0; ++n) {
    last = absl::StrCat(id, "~", n);
  }
  return last;
}

std::string Reference::IdOf(const RuleInForce& rule, const Referral& referral,
                            const Occasion& occasion) const {
  if (occasion.count > 0) {
    return absl::StrCat(rule.key(), ":", referral.advocate, "#", occasion.count);
  }
  if (occasion.conversion == nullptr) return absl::StrCat(rule.key(), ":", referral.id);
  const std::string& conversion = occasion.conversion->step.id;
  return rule.campaign.empty() ? absl::StrCat(conversion, ":", rule.rule->rule_id())
                               : absl::StrCat(rule.key(), ":", conversion);
}

// What the occasion earns by the rule, after caps and before it is known under an id.
bool Reference::Propose(Reward& reward, const Referral& referral, const RuleInForce& rule,
                        const Occasion& occasion, size_t version,
                        std::optional<int64_t> ordinal, int64_t made_up) const {
  const Rule& r = *rule.rule;
  if (rule.version != 0) version = rule.version;
  if (referral.fraud == "rejected") return false;
  reward.recipient =
      r.side() == v1::REWARD_SIDE_REFERRER ? referral.advocate : referral.whom();
  if (reward.recipient.empty()) return false;
  if (occasion.conversion != nullptr) {
    reward.conversion = occasion.conversion->step.id;
    const int64_t paid = occasion.conversion->step.amount.value_or(0);
    if (r.has_min_conversion_minor() && paid < r.min_conversion_minor()) return false;
  }
  reward.referral = referral.id;
  reward.rule = r;
  reward.campaign = rule.campaign;
  reward.version = version;
  reward.unit = UnitOf(r, RulesOf(version));
  reward.occasion = occasion.time;
  reward.available = occasion.time + absl::Seconds(r.holding_period().seconds());
  if (r.has_expires_after()) {
    reward.expiry = reward.available + absl::Seconds(r.expires_after().seconds());
  }
  const auto [granted, minor] = Used({absl::StrCat("rule/", rule.key()), reward.recipient,
                                      v1::CAP_PERIOD_LIFETIME, absl::UnixEpoch()});
  reward.ordinal = ordinal.value_or(granted + 1);
  if (!Holds(r.condition(), referral, reward.ordinal)) return false;
  const int64_t wanted = AmountOf(r, referral, occasion, reward.ordinal) - made_up;
  if (wanted <= 0) return false;
  reward.wanted = wanted;
  reward.amount = Capped(reward, wanted);
  const auto released = ReleasedAt(r, referral, occasion.conversion);
  reward.released = released.has_value();
  if (!reward.released) reward.state = "approved";
  // Nobody could take it before it was released, or other rules gave it.
  const absl::Time taken = recalculates_ ? now_ : released.value_or(absl::InfinitePast());
  if (reward.expiry) {
    reward.expiry =
        std::max(reward.available, taken) + absl::Seconds(r.expires_after().seconds());
  }
  if (referral.fraud == "held") reward.state = "pending";
  return true;
}

void Reference::Grant(const Referral& referral, const RuleInForce& rule,
                      const Occasion& occasion, size_t version, bool missed, int64_t made_up) {
  Reward reward;
  if (IsKept(rule, referral, occasion)) return;
  reward.id = FreeId(IdOf(rule, referral, occasion), referral);
  if (reward.id.empty()) return;
  if (!Propose(reward, referral, rule, occasion, version, std::nullopt, made_up)) return;
  if (missed) reward.amount = 0;
  if (reward.amount == 0) {
    reward.state = "cancelled";
    reward.cause = missed ? "NOT_RETAINED" : "CAP_REACHED";
  }
  if (reward.owed()) Book(reward, "expense:rewards", "liability:rewards");
  rewards_[reward.id] = reward;
  TakeBackIfLeft(rewards_[reward.id], referral);
}

// What is told after a customer left ends as if told before, unless it waits for its release.
void Reference::TakeBackIfLeft(Reward& reward, const Referral& referral, absl::Time released) {
  const auto customer = customers_.find(referral.customer);
  if (customer == customers_.end() || !customer->second.churned) return;
  if (!reward.released || !reward.is_of(referral) || model::IsOverCounts(reward.rule)) return;
  const absl::Time left = *customer->second.churned;
  const bool too_late = reward.occasion <= left && left < released;
  if (too_late || LeftTooEarly(reward, referral, left)) TakeBack(reward, "churn");
}

bool Reference::Holds(const v1::Condition& condition, const Referral& referral,
                      int64_t ordinal) const {
  if (condition.any_of().empty()) return true;
  // The generator makes conditions of one test.
  const v1::Test& test = condition.any_of(0).all_of(0);
  if (test.field() == "occasion.ordinal") return test.values(0) == absl::StrCat(ordinal);
  const auto customer = customers_.find(referral.customer);
  return customer == customers_.end() || customer->second.signup.plan != test.values(0);
}

int64_t Reference::AmountOf(const Rule& rule, const Referral& referral,
                            const Occasion& occasion, int64_t ordinal) const {
  for (const v1::AmountCase& bonus : rule.cases()) {
    if (Holds(bonus.when(), referral, ordinal)) return bonus.fixed_minor();
  }
  const Conversion* c = occasion.conversion;
  if (rule.amount_case() == Rule::kFixedMinor) return rule.fixed_minor();
  if (rule.amount_case() == Rule::AMOUNT_NOT_SET) return 1;
  if (c == nullptr) return 0;
  if (rule.amount_case() == Rule::kPercentBasisPoints) {
    return Share(c->step.amount.value_or(0), rule.percent_basis_points());
  }
  if (rule.amount_case() == Rule::kAnnualPercentBasisPoints) {
    return Share(c->step.annual.value_or(0), rule.annual_percent_basis_points());
  }
  return c->step.fee.value_or(0);
}

// The limits that a reward of a rule meets, and what it counts under there.
std::vector<std::pair<Memory::CapKey, v1::Cap>> Memory::CapsOn(const Reward& reward) const {
  const Rules& rules = RulesOf(reward.recalculated > 0 ? reward.recalculated : reward.version);
  const Rule rule = RuleIn(rules, reward);
  const std::string rule_key = reward.campaign.empty()
                                   ? reward.rule.rule_id()
                                   : absl::StrCat(reward.campaign, "/", reward.rule.rule_id());
  std::vector<std::pair<CapKey, v1::Cap>> out;
  const auto add = [&](const std::string& holder, const v1::Cap& cap) {
    const std::string whose =
        cap.scope() == v1::CAP_SCOPE_PROGRAM ? std::string() : reward.recipient;
    out.push_back({{holder, whose, cap.period(),
                    StartOf(cap.period(), reward.occasion, rules.time_zone())},
                   cap});
  };
  // The rule's rewards of one recipient are counted in any case.
  v1::Cap each;
  each.set_scope(v1::CAP_SCOPE_RECIPIENT);
  each.set_period(v1::CAP_PERIOD_LIFETIME);
  if (rule.has_max_rewards_per_recipient()) {
    each.set_max_rewards(rule.max_rewards_per_recipient());
  }
  add("rule/" + rule_key, each);
  for (const v1::Cap& cap : rule.caps()) add("rule/" + rule_key, cap);
  // A budget is over money; a number is over everything.
  const auto add_budget = [&](const std::string& holder, v1::Cap cap) {
    if (!IsMoney(reward.rule.kind())) cap.clear_max_minor();
    add(holder, cap);
  };
  for (const v1::Campaign& campaign : rules.campaigns()) {
    if (campaign.campaign_id() != reward.campaign) continue;
    for (const v1::Cap& cap : campaign.caps()) add_budget("campaign/" + reward.campaign, cap);
  }
  for (const v1::Cap& cap : rules.caps()) add_budget("program", cap);
  return out;
}

// How many rewards, and how much, is owed under a key.
std::pair<int64_t, int64_t> Memory::Used(const CapKey& key) const {
  std::pair<int64_t, int64_t> used;
  for (const auto& [id, reward] : rewards_) {
    if (!reward.owed()) continue;
    const auto caps = CapsOn(reward);
    if (std::any_of(caps.begin(), caps.end(),
                    [&](const auto& cap) { return cap.first == key; })) {
      used.first += reward.supplements.empty() ? 1 : 0;
      const bool money = IsMoney(reward.rule.kind()) || key.holder.rfind("rule/", 0) == 0;
      used.second += money ? reward.amount : 0;
    }
  }
  return used;
}

int64_t Reference::Capped(const Reward& reward, int64_t wanted) const {
  for (const auto& [key, cap] : CapsOn(reward)) {
    const auto [rewards, minor] = Used(key);
    if (cap.has_max_rewards() && rewards >= cap.max_rewards()) wanted = 0;
    if (cap.has_max_minor()) {
      wanted = std::min(wanted, std::max<int64_t>(0, cap.max_minor() - minor));
    }
  }
  return wanted;
}

// Nothing: it waits.
std::optional<absl::Time> Reference::ReleasedAt(const Rule& rule, const Referral& referral,
                                                const Conversion* earned) const {
  if (rule.release_event().empty()) return absl::InfinitePast();
  if (rule.release_event() == "aha") {
    const auto customer = customers_.find(referral.customer);
    return customer == customers_.end() ? std::nullopt : customer->second.aha;
  }
  for (const Conversion& c : OpenOf(referral.id)) {  // by time
    if (Opens(c, rule, earned)) return c.step.time;
  }
  return std::nullopt;
}

const model::Conversion* Reference::EarnedBy(const Reward& reward) const {
  return reward.conversion.empty() ? nullptr : &conversions_.at(reward.conversion);
}

// `by`: the conversion that it is, if it is one.
void Reference::Release(const std::string& referral_id, const std::string& event,
                        absl::Time time, const Conversion* by) {
  for (auto& [id, reward] : rewards_) {
    if (reward.referral != referral_id || reward.released) continue;
    if (reward.state != "pending" && reward.state != "approved") continue;
    if (reward.rule.release_event() != event) continue;
    if (by != nullptr && !Opens(*by, reward.rule, EarnedBy(reward))) continue;
    reward.released = true;
    if (reward.state == "approved") {
      reward.state = "held";
      // It may be taken for as long as was said, from when it may really be taken.
      if (reward.expiry) {
        reward.expiry = std::max(reward.available, time) +
                        absl::Seconds(reward.rule.expires_after().seconds());
      }
    }
    TakeBackIfLeft(reward, referrals_.at(referral_id), time);
  }
}

// An event was reversed: what it alone has released waits again, unless somebody is at it.
void Reference::Shut(const Referral& referral, const std::string& event) {
  if (event.empty()) return;
  for (auto& [id, reward] : rewards_) {
    if (reward.referral != referral.id || reward.rule.release_event() != event) continue;
    ShutOne(reward, referral);
  }
}

void Reference::ShutOne(Reward& reward, const Referral& referral) const {
  if (!reward.released || (reward.state != "pending" && reward.state != "held")) return;
  if (ReleasedAt(reward.rule, referral, EarnedBy(reward))) return;
  reward.released = false;
  if (reward.state == "held") reward.state = "approved";
}

void Reference::TakeBack(Reward& reward, const std::string& cause, bool moved) {
  if (!reward.owed() || !reward.taken.empty()) return;
  if (reward.state == "fulfilling") {
    // It is decided when the provider has reported.
    reward.taken = reward.cause = cause;
    reward.moved = moved;
    return;
  }
  if (reward.handing == "to_retry" || reward.handing == "failed") reward.handing = "stopped";
  Book(reward, reward.paid ? "receivable:clawback" : "liability:rewards", "expense:rewards");
  const bool never_owed = reward.state == "pending" || reward.state == "approved";
  reward.state = never_owed ? "cancelled" : "reversed";
  reward.cause = cause;
  reward.moved = moved;
}

void Reference::Book(const Reward& reward, const char* debit, const char* credit) {
  balances_[{debit, reward.unit}] += reward.amount;
  balances_[{credit, reward.unit}] -= reward.amount;
}

std::string Reference::StateOf(const Reward& reward) const {
  if (reward.state != "held") return reward.state;
  if (now_ < reward.available) return "held";
  if (reward.expiry && now_ >= *reward.expiry) return "expired";
  return reward.retry && now_ < *reward.retry ? "fulfilling" : "available";
}

}  // namespace kith::property
