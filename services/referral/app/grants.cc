#include "services/referral/app/grants.h"

#include "services/referral/app/due.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/retention_grants.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::MilestoneOf;
using domain::Occasion;
using domain::Referral;
using domain::Trigger;

// Batches hold up to a thousand contacts of one advocate: so many further counts, at most, are
// looked up ahead.
constexpr int64_t kCountsAhead = 1000;
constexpr int kMilestonesAhead = 16;

bool IsOf(const domain::RewardRule& rule, MilestoneOf of) { return rule.milestone_of == of; }

// Wants the rewards of the next milestones of an advocate.
void WantMilestones(exec::Loader& loader, const Judging& judging,
                    const domain::RuleInForce& rule, Occasion occasion) {
  if (occasion.advocate == nullptr || rule.rule->count < 1) return;
  const bool submitted = IsOf(*rule.rule, MilestoneOf::kSubmitted);
  const int64_t so_far = submitted ? occasion.advocate->leads : occasion.advocate->qualified;
  const int64_t step = rule.rule->count;
  int64_t next = (so_far / step) * step;
  if (next == 0) next = step;
  for (int i = 0; i < kMilestonesAhead && next <= so_far + kCountsAhead; ++i, next += step) {
    if (!domain::FillsCount(*rule.rule, next)) continue;
    occasion.count = next;
    WantGrant(loader, judging, rule, occasion);
  }
}

// Wants what the rules over the referral itself may grant it.
void WantRules(exec::Loader& loader, const Judging& judging, const Referral& referral,
               Occasion occasion) {
  for (const domain::RuleInForce& rule : judging.rules) {
    occasion.trigger = rule.rule->trigger;
    switch (rule.rule->trigger) {
      case Trigger::kConverted:
      case Trigger::kNthSuccess:
        break;
      case Trigger::kMilestone:
        WantMilestones(loader, judging, rule, occasion);
        break;
      case Trigger::kRetained: {
        Occasion retained = occasion;
        retained.time = RetainedTime(referral, *rule.rule);
        WantGrant(loader, judging, rule, retained);
        WantDue(loader, referral.program_id, DueKind::kRetained, referral.referral_id);
        break;
      }
      default:
        WantGrant(loader, judging, rule, occasion);
    }
  }
}

void GrantMilestones(exec::Unit& unit, const Judging& judging, Occasion occasion,
                     MilestoneOf of, absl::Time now) {
  if (occasion.advocate == nullptr) return;
  occasion.trigger = Trigger::kMilestone;
  occasion.count =
      of == MilestoneOf::kSubmitted ? occasion.advocate->leads : occasion.advocate->qualified;
  GrantCounts(
      unit, judging, occasion, [of](const domain::RewardRule& rule) { return IsOf(rule, of); },
      now);
}

// What the lead has earned for a referee whose customer id was not known then.
void GrantLateReferee(exec::Unit& unit, const Rules& rules, const Referral& referral,
                      absl::Time now) {
  if (referral.origin != domain::ReferralOrigin::kLead) return;
  const auto grant = [&](Trigger trigger, absl::Time time) {
    const Judging judging = JudgedAt(rules, referral, time);
    const Occasion occasion = OccasionOf(unit, referral, trigger, time);
    for (const domain::RuleInForce& rule : judging.rules) {
      if (rule.rule->trigger != trigger) continue;
      if (rule.rule->side != domain::RewardSide::kReferee) continue;
      Grant(unit, judging, rule, occasion, now);
    }
  };
  grant(Trigger::kSubmitted, referral.submitted_time);
  if (!referral.ever_qualified) return;
  grant(Trigger::kQualified, referral.qualified_time.value_or(referral.submitted_time));
}

}  // namespace

void WantGrants(exec::Loader& loader, const Rules& rules, const Referral& referral,
                const std::string& customer_id, absl::Time time) {
  const store::IdKey key = {referral.program_id, referral.referral_id};
  const store::IdKey advocate_key = {referral.program_id, referral.advocate_id};
  loader.Want<store::AdvocateTable>(advocate_key);
  Referral expected = referral;
  if (!customer_id.empty()) {
    loader.Want<store::CustomerTable>({referral.program_id, customer_id});
    expected.customer_id = customer_id;
    if (!expected.signup_time.has_value()) expected.signup_time = time;
  }
  // A referral that is not stored yet has neither rewards nor conversions.
  if (loader.Peek<store::ReferralTable>(key) != nullptr) {
    loader.WantAll<store::RewardsByReferral>(key);
    for (const domain::Reward* reward : loader.PeekAll<store::RewardsByReferral>(key)) {
      WantChange(loader, rules, *reward);
    }
  }
  if (AnyReleases(rules)) loader.WantAll<store::OpenByReferral>(key);
  const Judging judging = JudgedAt(rules, expected, time);
  if (judging.version == nullptr) return;
  Occasion occasion;
  occasion.time = time;
  occasion.referral = &expected;
  occasion.advocate = loader.Peek<store::AdvocateTable>(advocate_key);
  WantRules(loader, judging, expected, occasion);
}

void WantWelcome(exec::Loader& loader, const Rules& rules, const Referral& referral,
                 std::optional<absl::Time> aha_time) {
  const auto want = [&](Trigger trigger, absl::Time time, bool of_referee) {
    const Judging judging = JudgedAt(rules, referral, time);
    Occasion occasion;
    occasion.trigger = trigger;
    occasion.time = time;
    occasion.referral = &referral;
    for (const domain::RuleInForce& rule : judging.rules) {
      if (rule.rule->trigger != trigger) continue;
      if (of_referee && rule.rule->side != domain::RewardSide::kReferee) continue;
      WantGrant(loader, judging, rule, occasion);
    }
  };
  if (aha_time.has_value()) want(Trigger::kAhaReached, *aha_time, false);
  if (referral.origin != domain::ReferralOrigin::kLead) return;
  want(Trigger::kSubmitted, referral.submitted_time, true);
  if (!referral.ever_qualified) return;
  want(Trigger::kQualified, referral.qualified_time.value_or(referral.submitted_time), true);
}

void OnSubmitted(exec::Unit& unit, const Rules& rules, const Referral& referral,
                 absl::Time now) {
  const Judging judging = JudgedAt(rules, referral, referral.submitted_time);
  const Occasion occasion =
      OccasionOf(unit, referral, Trigger::kSubmitted, referral.submitted_time);
  GrantAll(unit, judging, occasion, now);
  GrantMilestones(unit, judging, occasion, MilestoneOf::kSubmitted, now);
}

void OnQualified(exec::Unit& unit, const Rules& rules, const Referral& referral,
                 absl::Time time, absl::Time now) {
  const Judging judging = JudgedAt(rules, referral, time);
  const Occasion occasion = OccasionOf(unit, referral, Trigger::kQualified, time);
  GrantAll(unit, judging, occasion, now);
  GrantMilestones(unit, judging, occasion, MilestoneOf::kQualified, now);
}

void OnSignedUp(exec::Unit& unit, const Rules& rules, const Referral& referral,
                absl::Time now) {
  if (!referral.signup_time.has_value()) return;
  const Judging judging = JudgedAt(rules, referral, *referral.signup_time);
  const Occasion occasion =
      OccasionOf(unit, referral, Trigger::kSignedUp, *referral.signup_time);
  GrantAll(unit, judging, occasion, now);
  GrantLateReferee(unit, rules, referral, now);
  ScheduleRetained(unit, judging, referral, absl::InfinitePast());
}

void OnSignupLeft(exec::Unit& unit, const Rules&, const Referral& referral,
                  absl::string_view cause, absl::Time now) {
  for (domain::Reward& reward : RewardsOf(unit, referral)) {
    const bool of_lead = reward.trigger == Trigger::kSubmitted ||
                         reward.trigger == Trigger::kQualified ||
                         reward.trigger == Trigger::kMilestone;
    // What the lead earned for a referee who was known by this signup only goes with it.
    const bool by_signup =
        reward.side == domain::RewardSide::kReferee && referral.referee_id.empty();
    if (!of_lead || by_signup)
      TakeBack(unit, std::move(reward), cause, now, domain::kByAttribution);
  }
}

void OnAha(exec::Unit& unit, const Rules& rules, const Referral& referral, absl::Time time,
           absl::Time now) {
  const Judging judging = JudgedAt(rules, referral, time);
  GrantAll(unit, judging, OccasionOf(unit, referral, Trigger::kAhaReached, time), now);
  if (AnyReleases(rules)) ReleaseRewards(unit, referral, domain::kAhaEvent, time, now);
}

}  // namespace kith::referral::app
