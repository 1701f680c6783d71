#include "services/referral/app/grants.h"

#include "services/referral/app/counting.h"
#include "services/referral/app/due.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/release.h"
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

// Wants what the rules over the referral itself may grant it.
void WantRules(exec::Loader& loader, const Rules& rules, const Judging& judging,
               const Referral& referral, Occasion occasion) {
  for (const domain::RuleInForce& rule : judging.rules) {
    occasion.trigger = rule.rule->trigger;
    switch (rule.rule->trigger) {
      case Trigger::kConverted:
      case Trigger::kNthSuccess:
        break;
      case Trigger::kMilestone:
        WantCounts(loader, rules, judging, rule, occasion);
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
  WantReleases(loader, rules, key);
  const Judging judging = JudgedAt(rules, expected, time);
  if (judging.version == nullptr) return;
  Occasion occasion;
  occasion.time = time;
  occasion.referral = &expected;
  occasion.advocate = loader.Peek<store::AdvocateTable>(advocate_key);
  WantRules(loader, rules, judging, expected, occasion);
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
  GrantMilestones(unit, rules, judging, occasion, MilestoneOf::kSubmitted, now);
}

void OnQualified(exec::Unit& unit, const Rules& rules, const Referral& referral,
                 absl::Time time, absl::Time now) {
  const Judging judging = JudgedAt(rules, referral, time);
  const Occasion occasion = OccasionOf(unit, referral, Trigger::kQualified, time);
  GrantAll(unit, judging, occasion, now);
  GrantMilestones(unit, rules, judging, occasion, MilestoneOf::kQualified, now);
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

void OnAha(exec::Unit& unit, const Rules& rules, const Referral& referral, absl::Time time,
           absl::Time now) {
  const Judging judging = JudgedAt(rules, referral, time);
  GrantAll(unit, judging, OccasionOf(unit, referral, Trigger::kAhaReached, time), now);
  if (rules.AnyWaiting()) ReleaseByAha(unit, referral, time, now);
}

}  // namespace kith::referral::app
