#include "services/referral/app/counting.h"

#include <algorithm>
#include <utility>

#include "absl/functional/function_ref.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/reward_facts.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::MilestoneOf;
using domain::Occasion;
using domain::Referral;
using domain::Reward;
using domain::RewardRule;
using domain::RuleInForce;
using domain::Trigger;

// Batches hold up to a thousand contacts of one advocate: so many further counts, at most, are
// looked up ahead.
constexpr int64_t kCountsAhead = 1000;
constexpr int kNumbersAhead = 16;

// Wants the referrals that a rule of a campaign counts, and returns those that are there.
std::vector<const Referral*> WantOfCampaign(exec::Loader& loader, const RuleInForce& rule,
                                            const store::IdKey& advocate) {
  if (rule.campaign == nullptr) return {};
  const store::ReferralsOfCampaign::Key key = {advocate.first, advocate.second,
                                               rule.campaign->campaign_id};
  loader.WantAll<store::ReferralsOfCampaign>(key);
  return loader.PeekAll<store::ReferralsOfCampaign>(key);
}

std::string SeasonFor(const domain::Judges& judges, const RuleInForce& rule,
                      const Referral& referral) {
  if (rule.campaign == nullptr) return "";
  return domain::SeasonOf(judges, referral).value_or("");
}

void GrantCounts(exec::Unit& unit, const Rules& rules, const Judging& judging,
                 Occasion occasion, absl::FunctionRef<bool(const RewardRule&)> applies,
                 absl::Time now) {
  if (!judging.Has(occasion.trigger) || occasion.advocate == nullptr) return;
  const store::IdKey advocate = store::AdvocateTable::KeyOf(*occasion.advocate);
  const Referral* stored = unit.Find<store::ReferralTable>(
      {occasion.referral->program_id, occasion.referral->referral_id});
  if (stored == nullptr) return;
  const domain::Judges judges = {rules.versions(), judging.version};
  for (const RuleInForce& rule : judging.rules) {
    if (rule.rule->trigger != occasion.trigger || !applies(*rule.rule)) continue;
    if (!domain::IsCounted(rule, *stored)) continue;
    occasion.season = SeasonFor(judges, rule, *stored);
    occasion.count = CountFor(unit, judges, rule, advocate, occasion.season);
    if (!domain::FillsCount(*rule.rule, occasion.count)) continue;
    const Reward* reward = Grant(unit, judging, rule, occasion, now);
    if (reward == nullptr) continue;
    PublishMilestoneReached(unit, *reward, advocate.second, occasion.count);
  }
}

// Whether the rule counts the referral, for that run of its campaign, while its gate is open.
bool WasCounted(const domain::Judges& judges, const RuleInForce& rule, Referral referral,
                const std::string& season) {
  referral.fraud = domain::FraudState::kClear;
  if (!domain::IsCounted(rule, referral)) return false;
  if (rule.campaign == nullptr) return true;
  return referral.campaign == rule.campaign->campaign_id &&
         domain::SeasonOf(judges, referral) == season;
}

// By how many the advocate's count of now misses what the reward is for, if it counted what
// is gone; else 0.
int64_t ShortBy(exec::Unit& unit, const Rules& rules, const Reward& reward,
                const RuleInForce& rule, const Referral& gone) {
  const std::optional<domain::Numbered> numbered = domain::NumberOf(reward);
  if (!numbered.has_value()) return 0;
  const domain::Judges judges = {rules.versions(), rules.Version(reward.program_version)};
  if (!WasCounted(judges, rule, gone, numbered->season)) return 0;
  return numbered->number - CountFor(unit, judges, rule,
                                     {reward.program_id, reward.recipient_id},
                                     numbered->season);
}

// Wants the milestones of a lead by the rules of a time.
void WantMilestonesAt(exec::Loader& loader, const Rules& rules, const Referral& referral,
                      absl::Time time) {
  const Judging judging = JudgedAt(rules, referral, time);
  Occasion occasion;
  occasion.trigger = Trigger::kMilestone;
  occasion.time = time;
  occasion.referral = &referral;
  for (const RuleInForce& rule : judging.rules) {
    if (rule.rule->trigger != Trigger::kMilestone) continue;
    WantCounts(loader, rules, judging, rule, occasion);
  }
}

}  // namespace

void WantCounts(exec::Loader& loader, const Rules& rules, const Judging& judging,
                const RuleInForce& rule, Occasion occasion) {
  const Referral& referral = *occasion.referral;
  const store::IdKey key = {referral.program_id, referral.advocate_id};
  const std::vector<const Referral*> of_campaign = WantOfCampaign(loader, rule, key);
  const auto* advocate = loader.Peek<store::AdvocateTable>(key);
  if (advocate == nullptr || rule.rule->count < 1) return;
  const domain::Judges judges = {rules.versions(), judging.version};
  occasion.trigger = rule.rule->trigger;
  occasion.season = SeasonFor(judges, rule, referral);
  const int64_t so_far =
      domain::CountUnder(judges, rule, occasion.season, *advocate, of_campaign);
  const int64_t step = rule.rule->count;
  int64_t next = std::max(step, (so_far / step) * step);
  for (int i = 0; i < kNumbersAhead && next <= so_far + kCountsAhead; ++i, next += step) {
    if (!domain::FillsCount(*rule.rule, next)) continue;
    occasion.count = next;
    WantGrant(loader, judging, rule, occasion);
  }
}

void WantUnreached(exec::Loader& loader, const Rules& rules, const Referral& referral) {
  if (!rules.AnyOverCounts()) return;
  const store::IdKey advocate = {referral.program_id, referral.advocate_id};
  loader.Want<store::AdvocateTable>(advocate);
  loader.WantAll<store::RewardsOverCounts>(advocate);
  for (const Reward* reward : loader.PeekAll<store::RewardsOverCounts>(advocate)) {
    WantChange(loader, rules, *reward);
    if (reward->campaign.empty()) continue;
    loader.WantAll<store::ReferralsOfCampaign>(
        {advocate.first, advocate.second, reward->campaign});
  }
}

void WantGateOpened(exec::Loader& loader, const Rules& rules, const Referral& referral) {
  if (!rules.AnyOverCounts()) return;
  loader.Want<store::AdvocateTable>({referral.program_id, referral.advocate_id});
  if (referral.origin == domain::ReferralOrigin::kLead) {
    WantMilestonesAt(loader, rules, referral, referral.submitted_time);
    if (referral.ever_qualified) {
      WantMilestonesAt(loader, rules, referral,
                       referral.qualified_time.value_or(referral.submitted_time));
    }
  }
  if (referral.conversion_id.empty()) return;
  const store::IdKey live = {referral.program_id, referral.conversion_id};
  loader.Want<store::ConversionTable>(live);
  const auto* conversion = loader.Peek<store::ConversionTable>(live);
  if (conversion != nullptr) WantConversion(loader, rules, *conversion, referral);
}

void GrantMilestones(exec::Unit& unit, const Rules& rules, const Judging& judging,
                     Occasion occasion, MilestoneOf of, absl::Time now) {
  occasion.trigger = Trigger::kMilestone;
  GrantCounts(
      unit, rules, judging, occasion,
      [of](const RewardRule& rule) { return rule.milestone_of == of; }, now);
}

void GrantSuccesses(exec::Unit& unit, const Rules& rules, const Judging& judging,
                    Occasion occasion, absl::Time now) {
  occasion.trigger = Trigger::kNthSuccess;
  GrantCounts(
      unit, rules, judging, occasion, [](const RewardRule&) { return true; }, now);
}

void OnGateOpened(exec::Unit& unit, const Rules& rules, const Referral& referral,
                  absl::Time now) {
  Referral waiting = referral;
  waiting.fraud = domain::FraudState::kHeld;
  const auto milestones = [&](MilestoneOf of, absl::Time time) {
    GrantMilestones(unit, rules, JudgedAt(rules, waiting, time),
                    OccasionOf(unit, waiting, Trigger::kMilestone, time), of, now);
  };
  if (referral.origin == domain::ReferralOrigin::kLead) {
    milestones(MilestoneOf::kSubmitted, referral.submitted_time);
    if (referral.ever_qualified) {
      milestones(MilestoneOf::kQualified,
                 referral.qualified_time.value_or(referral.submitted_time));
    }
  }
  if (referral.conversion_id.empty()) return;
  const auto* live =
      unit.Find<store::ConversionTable>({referral.program_id, referral.conversion_id});
  if (live == nullptr) return;
  const domain::Conversion conversion = *live;
  GrantSuccesses(unit, rules, JudgedFor(rules, conversion, waiting),
                 ConversionOccasion(unit, waiting, conversion), now);
}

void TakeBackUnreached(exec::Unit& unit, const Rules& rules, const Referral& gone,
                       const Fall& fall, absl::Time now) {
  if (!rules.AnyOverCounts()) return;
  std::vector<Reward> standing;
  for (const Reward* reward :
       unit.Select<store::RewardsOverCounts>({gone.program_id, gone.advocate_id})) {
    const bool concerned = fall.of_leads || reward->trigger == Trigger::kNthSuccess;
    if (concerned && domain::Stands(*reward)) standing.push_back(*reward);
  }
  for (Reward& reward : standing) {
    const RuleInForce rule = MakerOf(unit, reward);
    const int64_t short_by =
        rule.rule == nullptr ? 0 : ShortBy(unit, rules, reward, rule, gone);
    if (short_by <= 0) continue;
    domain::Explanation explanation = domain::ParseExplanation(reward.explanation);
    if (short_by <= explanation.kept_short_by) continue;
    const bool kept = fall.reversal_time.has_value() &&
                      !domain::InClawbackWindow(reward, rule.rule, *fall.reversal_time);
    if (!kept) {
      TakeBack(unit, std::move(reward), fall.cause, now, fall.by);
      continue;
    }
    // What is only suspected may be short, too, and was kept by nothing.
    explanation.kept_short_by = std::min(short_by, explanation.kept_short_by + 1);
    reward.explanation = domain::ToText(explanation);
    unit.Put<store::RewardTable>(std::move(reward));
  }
}

}  // namespace kith::referral::app
