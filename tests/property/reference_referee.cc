// What does not depend on who referred: a referee's own rewards.
#include <set>

#include "tests/property/reference.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

// The customer has come to another advocate's referral. Whatever is owed to the customer here
// as it was there is neither taken back nor given again.
void Reference::KeepOrTakeBack(const std::vector<std::string>& own, const Referral& referral,
                               const std::string& live, const std::string& cause) {
  std::set<std::string> kept;
  for (const std::string& id : own) {
    const Reward& reward = rewards_.at(id);
    if (reward.supplements.empty() && EarnsToo(reward, referral, live)) kept.insert(id);
  }
  // What was made up goes where the rest of it goes.
  for (const std::string& id : own) {
    const Reward& reward = rewards_.at(id);
    if (reward.supplements.empty() || referral.fraud == "rejected") continue;
    std::optional<bool> rest;
    for (const std::string& other_id : own) {
      const Reward& other = rewards_.at(other_id);
      const bool same = other.supplements.empty() && other.conversion == reward.conversion &&
                        other.rule.rule_id() == reward.rule.rule_id() &&
                        other.campaign == reward.campaign;
      if (same) rest = kept.count(other_id) > 0;
    }
    const Conversion& conversion = conversions_.at(reward.conversion);
    const bool comes_along = !conversion.reversed && conversion.referral == referral.id;
    if (rest.value_or(comes_along)) kept.insert(id);
  }
  for (const std::string& id : own) {
    Reward& reward = rewards_.at(id);
    if (kept.count(id) == 0) {
      TakeBack(reward, cause, /*moved=*/true);
      continue;
    }
    reward.referral = referral.id;
    if (referral.fraud != "held") {
      OpenGate(reward);
    } else if (reward.state == "held" || reward.state == "approved") {
      reward.state = "pending";
    }
  }
}

// What earned a reward, as it is for this referral, if it is at all.
std::optional<Reference::Occasion> Reference::SameFor(const Reward& reward,
                                                      const Referral& referral) const {
  Occasion same = {.trigger = reward.rule.trigger(), .time = absl::UnixEpoch()};
  const Customer& customer = customers_.at(referral.customer);
  switch (reward.rule.trigger()) {
    case v1::TRIGGER_CONVERTED:
      same.conversion = &conversions_.at(reward.conversion);
      if (same.conversion->reversed || same.conversion->referral != referral.id) return {};
      same.time = same.conversion->step.time;
      return same;
    case v1::TRIGGER_SIGNED_UP:
    case v1::TRIGGER_RETAINED:
      same.time = referral.signup;
      return same;
    case v1::TRIGGER_AHA_REACHED:
      if (!customer.aha) return {};
      same.time = *customer.aha;
      return same;
    case v1::TRIGGER_SUBMITTED:
      if (!referral.lead) return {};
      same.time = referral.submitted;
      return same;
    case v1::TRIGGER_QUALIFIED:
      if (!referral.lead || !referral.ever_qualified) return {};
      same.time = referral.qualified;
      return same;
    default:
      return {};
  }
}

// Whether the referral earns its referee the same reward, limits aside.
bool Reference::EarnsToo(const Reward& reward, Referral referral,
                         const std::string& live) const {
  const std::optional<Occasion> same = SameFor(reward, referral);
  if (!same) return false;
  size_t version = VersionAt(same->time);
  if (same->conversion != nullptr) {
    // What was recalculated since is right by that.
    version = reward.recalculated > 0 ? reward.recalculated : reward.version;
  }
  referral.live = NextLive(referral.id, live);
  for (const RuleInForce& rule : RulesFor(version, referral)) {
    const bool of_it = rule.rule->rule_id() == reward.rule.rule_id() &&
                       rule.campaign == reward.campaign &&
                       rule.rule->trigger() == reward.rule.trigger() &&
                       rule.rule->side() == reward.rule.side();
    if (!of_it) continue;
    if (same->conversion != nullptr) {
      if (!Earns(rule, referral, *same->conversion)) return false;
      if (AnotherHas(referral, rule, same->conversion->step.id)) return false;
    }
    if (rule.rule->trigger() == v1::TRIGGER_RETAINED &&
        reward.occasion != referral.signup + absl::Hours(24 * rule.rule->retained_days())) {
      return false;
    }
    Reward anew;
    return Propose(anew, referral, rule, *same, version, reward.ordinal) &&
           anew.wanted == reward.wanted && anew.unit == reward.unit &&
           anew.recipient == reward.recipient && anew.rule.kind() == reward.rule.kind() &&
           anew.rule.item() == reward.rule.item();
  }
  return false;
}

// Whether the referee has it already, from when the customer was another advocate's.
bool Reference::IsKept(const RuleInForce& rule, const Referral& referral,
                       const Occasion& occasion) const {
  if (occasion.conversion != nullptr || occasion.count > 0) return false;
  if (rule.rule->side() != v1::REWARD_SIDE_REFEREE) return false;
  for (const auto& [id, reward] : rewards_) {
    const bool of_it = reward.referral == referral.id && reward.campaign == rule.campaign &&
                       reward.rule.rule_id() == rule.rule->rule_id() &&
                       reward.rule.trigger() != v1::TRIGGER_MILESTONE &&
                       reward.conversion.empty() && reward.is_of(referral);
    if (of_it && !reward.moved) return true;
  }
  return false;
}

// The fraud gate opens, or is open.
void Reference::OpenGate(Reward& reward) {
  if (reward.state != "pending") return;
  reward.state = reward.released ? "held" : "approved";
  // What the friend has yet to do could be done meanwhile.
  if (!reward.expiry || !reward.released) return;
  // Nobody could take it before.
  reward.expiry =
      std::max(reward.available, now_) + absl::Seconds(reward.rule.expires_after().seconds());
}

}  // namespace kith::property
