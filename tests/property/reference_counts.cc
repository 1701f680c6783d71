// What an advocate's count reaches.
#include <algorithm>
#include <cstdlib>

#include "tests/property/reference.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

// Whoever is under suspicion does not count, nor who is not of the campaign whose rule it is.
bool Reference::IsCounted(const RuleInForce& rule, size_t version,
                          const Referral& referral) const {
  if (referral.fraud == "held" || referral.fraud == "rejected") return false;
  const auto rules = RulesFor(version, referral);
  const bool is_in = std::any_of(rules.begin(), rules.end(), [&](const RuleInForce& other) {
    return other.campaign == rule.campaign;
  });
  if (!rule.campaign.empty() && !is_in) return false;
  if (rule.rule->trigger() == v1::TRIGGER_NTH_SUCCESS) return !referral.live.empty();
  if (!referral.lead) return false;
  if (!rule.campaign.empty() && referral.campaign_by_code) return false;
  return rule.rule->milestone_of() != v1::MILESTONE_OF_QUALIFIED || referral.ever_qualified;
}

int64_t Reference::CountOf(const RuleInForce& rule, size_t version,
                           const std::string& advocate) const {
  return std::count_if(referrals_.begin(), referrals_.end(), [&](const auto& entry) {
    return entry.second.advocate == advocate && IsCounted(rule, version, entry.second);
  });
}

// The referral, which is stored, has come to be counted.
void Reference::GrantCounts(const Referral& referral, Occasion occasion, size_t version,
                            std::optional<v1::MilestoneOf> of) {
  for (const RuleInForce& rule : RulesFor(version, referral)) {
    if (rule.rule->trigger() != occasion.trigger) continue;
    if (of && rule.rule->milestone_of() != *of) continue;
    if (!IsCounted(rule, version, referrals_.at(referral.id))) continue;
    const int64_t n = rule.rule->count();
    occasion.count = CountOf(rule, version, referral.advocate);
    const bool fills = rule.rule->repeat() ? occasion.count % n == 0 : occasion.count == n;
    if (fills) Grant(referral, rule, occasion, version);
  }
}

// Its case was decided in its favour: it counts from now on. What that reaches has waited for
// the decision.
void Reference::CountApproved(Referral referral) {
  referral.fraud = "held";
  const auto milestone = [&](absl::Time time, v1::MilestoneOf of) {
    GrantCounts(referral, {.trigger = v1::TRIGGER_MILESTONE, .time = time}, VersionAt(time),
                of);
  };
  if (referral.lead) milestone(referral.submitted, v1::MILESTONE_OF_SUBMITTED);
  if (referral.ever_qualified) milestone(referral.qualified, v1::MILESTONE_OF_QUALIFIED);
  if (referral.live.empty()) return;
  const Conversion& live = conversions_.at(referral.live);
  GrantCounts(
      referral,
      {.trigger = v1::TRIGGER_NTH_SUCCESS, .time = live.step.time, .conversion = &live},
      live.version, std::nullopt);
}

// The advocate has this one less to count, which is told as it was.
void Reference::TakeBackUnreached(const Referral& gone, const std::string& cause,
                                  bool of_leads, std::optional<absl::Time> reversed) {
  const std::string& advocate = gone.advocate;
  Referral honest = gone;
  honest.fraud = "clear";
  for (auto& [id, reward] : rewards_) {
    if (!model::IsOverCounts(reward.rule) || reward.recipient != advocate) continue;
    if (reward.rule.trigger() == v1::TRIGGER_MILESTONE && !of_leads) continue;
    const int64_t number = std::atoll(id.c_str() + id.rfind('#') + 1);
    const RuleInForce rule = {&reward.rule, reward.campaign};
    if (!IsCounted(rule, reward.version, honest)) continue;
    const int64_t missing = number - CountOf(rule, reward.version, advocate);
    if (missing <= reward.kept) continue;
    const absl::Duration window = absl::Seconds(reward.rule.clawback_window().seconds());
    const bool late = reversed && reward.rule.has_clawback_window() &&
                      *reversed > reward.occasion + window &&
                      !NotYetAvailable(reward, *reversed);
    if (late) {
      reward.kept = std::min(missing, reward.kept + 1);
      continue;
    }
    TakeBack(reward, cause, /*moved=*/true);
  }
}

}  // namespace kith::property
