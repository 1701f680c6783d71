// Payments and what they convert.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/property/reference.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

// The earlier one, by time and then by id.
bool Before(const Step& a, const Step& b) {
  return std::tie(a.time, a.id) < std::tie(b.time, b.id);
}

}  // namespace

bool model::Earns(const RuleInForce& rule, const Referral& referral,
                  const Conversion& conversion) {
  const std::string& event = rule.rule->event();
  if (!event.empty()) return event == conversion.step.event;
  const bool every = rule.rule->occurrence() == v1::OCCURRENCE_EVERY;
  return conversion.success && (every || referral.live == conversion.step.id);
}

std::string Reference::CustomerOf(const Step& step) const {
  if (!step.customer.empty() || step.referral.empty()) return step.customer;
  const Referral& referral = referrals_.at(step.referral);
  if (!referral.whom().empty()) return referral.whom();
  // The lead names an address only: whoever signed up with it first.
  const Customer* first = nullptr;
  for (const auto& [id, customer] : customers_) {
    if (referral.email.empty() || customer.signup.email != referral.email) continue;
    const auto rank = [&](const Customer& c) {
      return std::make_tuple(c.referral != referral.id, c.signup.time, c.signup.customer);
    };
    if (first == nullptr || rank(customer) < rank(*first)) first = &customer;
  }
  return first == nullptr ? "" : first->signup.customer;
}

std::string Reference::RefuseConversion(const Step& step) const {
  if (InFuture(step)) return "TIME_IN_FUTURE";
  if (step.referral.empty()) return "";
  const auto referral = referrals_.find(step.referral);
  if (referral == referrals_.end()) return "UNKNOWN_REFERRAL";
  if (step.time < referral->second.submitted) return "BEFORE_REFERRAL";
  const std::string& whom = referral->second.whom();
  if (!step.customer.empty() && !whom.empty() && step.customer != whom) {
    return "CUSTOMER_MISMATCH";
  }
  const auto customer = customers_.find(CustomerOf(step));
  if (customer != customers_.end() && customer->second.referral != step.referral) {
    return "CUSTOMER_MISMATCH";
  }
  return "";
}

// What was paid before the signup was brought by nobody, unless it was said for which
// referral.
bool Reference::BeforeSignup(const Conversion& conversion, const Customer& customer) const {
  const std::string& named = conversion.step.referral;
  if (!named.empty() && named == customer.referral) return false;
  return conversion.step.time < customer.signup.time;
}

std::string Reference::Convert(const Step& step) {
  if (conversions_.count(step.id) > 0) return "ok";
  if (const std::string refusal = RefuseConversion(step); !refusal.empty()) return refusal;
  Conversion conversion;
  conversion.step = step;
  conversion.customer = CustomerOf(step);
  const auto customer = customers_.find(conversion.customer);
  conversion.referral = step.referral;
  if (customer != customers_.end() && !BeforeSignup(conversion, customer->second)) {
    conversion.referral = customer->second.referral;
  }
  conversion.version = VersionAt(step.time);
  const auto& success = RulesOf(conversion.version).success();
  const bool named =
      success.events().empty() ||
      std::count(success.events().begin(), success.events().end(), step.event) > 0;
  conversion.success = named && (!success.has_min_amount_minor() ||
                                 step.amount.value_or(0) >= success.min_amount_minor());
  const std::string referral = conversion.referral;
  conversions_[step.id] = conversion;
  if (referral.empty()) return "ok";
  if (referrals_.at(referral).live.empty() && conversion.success) {
    MakeLive(referrals_.at(referral), conversion);
  } else {
    GrantForConversion(referrals_.at(referral), conversion);
  }
  return "ok";
}

// The open conversions of a referral, earliest first.
std::vector<Memory::Conversion> Memory::OpenOf(const std::string& referral) const {
  std::vector<Conversion> open;
  for (const auto& [id, c] : conversions_) {
    if (c.referral == referral && !c.reversed) open.push_back(c);
  }
  std::sort(open.begin(), open.end(),
            [](const auto& a, const auto& b) { return Before(a.step, b.step); });
  return open;
}

// Which conversion would be the live one of a referral: once live, it stays so, and goes on so
// if its customer goes to another advocate; else the first success.
std::string Reference::NextLive(const std::string& referral_id,
                                const std::string& live) const {
  std::string next = referrals_.at(referral_id).live;
  for (const Conversion& c : OpenOf(referral_id)) {
    if (c.success && c.step.id == live && next.empty()) next = live;
  }
  for (const Conversion& c : OpenOf(referral_id)) {
    if (c.success && next.empty()) next = c.step.id;
  }
  return next;
}

void Reference::Settle(const std::string& referral_id, const std::string& live) {
  Referral& referral = referrals_.at(referral_id);
  const std::string next = NextLive(referral_id, live);
  if (referral.live.empty() && !next.empty()) MakeLive(referral, conversions_.at(next));
  for (const Conversion& c : OpenOf(referral_id)) GrantForConversion(referral, c);
}

void Reference::MakeLive(Referral& referral, const Conversion& conversion) {
  if (referral.fraud == "rejected") return;
  referral.live = conversion.step.id;
  referral.ever_converted = true;
  const bool open = referral.sales == "submitted" || referral.sales == "qualified";
  if (referral.lead && open) referral.sales = "won";
  GrantForConversion(referral, conversion);
  GrantCounts(referral,
              {.trigger = v1::TRIGGER_NTH_SUCCESS,
               .time = conversion.step.time,
               .conversion = &conversion},
              conversion.version, std::nullopt);
}

void Reference::GrantForConversion(const Referral& referral, const Conversion& conversion) {
  const Step& step = conversion.step;
  const Occasion occasion = {
      .trigger = v1::TRIGGER_CONVERTED, .time = step.time, .conversion = &conversion};
  for (const RuleInForce& rule : RulesFor(conversion.version, referral)) {
    if (rule.rule->trigger() != v1::TRIGGER_CONVERTED) continue;
    if (!Earns(rule, referral, conversion)) continue;
    if (AnotherHas(referral, rule, step.id)) continue;
    Grant(referral, rule, occasion, conversion.version);
  }
  if (!step.event.empty()) Release(referral.id, step.event, step.time, &conversion);
}

// Whether another conversion of the referral has the one reward that the rule gives. That of
// an event was given even if it was not taken, or was taken back, as long as the event stands,
// but for what was rejected as a fraud.
bool Reference::AnotherHas(const Referral& referral, const RuleInForce& rule,
                           const std::string& conversion) const {
  if (rule.rule->occurrence() == v1::OCCURRENCE_EVERY) return false;
  const auto by_rule = [&](const Reward& r) {
    return r.referral == referral.id && r.rule.rule_id() == rule.rule->rule_id() &&
           r.campaign == rule.campaign && r.is_of(referral);
  };
  // What it has is not undone by what another one had and lost.
  const bool has_own = std::any_of(rewards_.begin(), rewards_.end(), [&](const auto& entry) {
    const Reward& r = entry.second;
    return by_rule(r) && r.conversion == conversion && r.owed() && r.taken.empty();
  });
  return std::any_of(rewards_.begin(), rewards_.end(), [&](const auto& entry) {
    const Reward& r = entry.second;
    const bool was_given = r.cause != "FRAUD_REJECTED" && !r.conversion.empty() &&
                           !conversions_.at(r.conversion).reversed;
    const bool has = (r.owed() && r.taken.empty()) ||
                     (was_given && !has_own && !rule.rule->event().empty());
    return by_rule(r) && has && !r.moved && !r.conversion.empty() &&
           r.conversion != conversion;
  });
}

std::string Reference::Reverse(const Step& step) {
  const auto found = conversions_.find(step.id);
  if (found == conversions_.end()) return "CONVERSION_NOT_FOUND";
  Conversion& conversion = found->second;
  if (conversion.reversed) return "ok";
  const absl::Time time = step.amount ? step.time : now_;
  if (step.amount && time < conversion.step.time) return "BEFORE_CONVERSION";
  conversion.reversed = true;
  if (conversion.referral.empty()) return "ok";
  Referral& referral = referrals_.at(conversion.referral);
  const bool was_live = referral.live == step.id;
  const Referral before = referral;
  const std::vector<Conversion> open = OpenOf(referral.id);
  const auto next =
      std::find_if(open.begin(), open.end(), [](const Conversion& c) { return c.success; });
  const bool still_converted = !was_live || next != open.end();
  if (was_live) referral.live.clear();
  for (auto& [id, reward] : rewards_) {
    if (reward.referral != referral.id) continue;
    if (reward.conversion != step.id) continue;
    if (reward.rule.trigger() == v1::TRIGGER_NTH_SUCCESS) continue;
    const absl::Duration window = absl::Seconds(reward.rule.clawback_window().seconds());
    const bool late = reward.rule.has_clawback_window() && time > reward.occasion + window;
    if (!late || NotYetAvailable(reward, time)) TakeBack(reward, "refund");
  }
  // A success that was counted goes when too few are left; others may reach it again.
  if (!still_converted) TakeBackUnreached(before, "refund", false, time);
  Shut(referral, conversion.step.event);
  if (was_live && next != open.end()) MakeLive(referral, *next);
  for (const Conversion& c : open) GrantForConversion(referral, c);
  return "ok";
}

}  // namespace kith::property
