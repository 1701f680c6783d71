#include "services/referral/app/retention_grants.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/referral/app/due.h"
#include "services/referral/app/grants.h"

namespace kith::referral::app {
namespace {

using domain::Referral;
using domain::Trigger;

Judging JudgedAtSignup(const Rules& rules, const Referral& referral) {
  return JudgedAt(rules, referral, *referral.signup_time);
}

// Calls `visit` with each retained-N-days rule and when it is earned, earliest first.
template <class Visit>
void ForEachRetained(const Judging& judging, const Referral& referral, Visit visit) {
  std::vector<const domain::RuleInForce*> rules;
  for (const domain::RuleInForce& rule : judging.rules) {
    if (rule.rule->trigger == Trigger::kRetained) rules.push_back(&rule);
  }
  std::stable_sort(rules.begin(), rules.end(), [](const auto* a, const auto* b) {
    return a->rule->retained_days < b->rule->retained_days;
  });
  for (const auto* rule : rules) visit(*rule, RetainedTime(referral, *rule->rule));
}

// Grants what was earned by `until`.
void GrantRetained(exec::Unit& unit, const Judging& judging, const Referral& referral,
                   absl::Time until, absl::Time now) {
  ForEachRetained(judging, referral, [&](const domain::RuleInForce& rule, absl::Time time) {
    if (time > until) return;
    Grant(unit, judging, rule, OccasionOf(unit, referral, Trigger::kRetained, time), now);
  });
}

}  // namespace

absl::Time RetainedTime(const Referral& referral, const domain::RewardRule& rule) {
  return referral.signup_time.value_or(referral.submitted_time) +
         absl::Hours(24) * rule.retained_days;
}

void ScheduleRetained(exec::Unit& unit, const Judging& judging, const Referral& referral,
                      absl::Time after) {
  std::optional<absl::Time> next;
  ForEachRetained(judging, referral, [&](const domain::RuleInForce&, absl::Time time) {
    if (time > after && !next.has_value()) next = time;
  });
  if (!next.has_value()) return;
  Schedule(unit, referral.program_id, DueKind::kRetained, referral.referral_id, *next);
}

void OnRetainedDue(exec::Unit& unit, const Rules& rules, const Referral& referral,
                   absl::Time now) {
  if (referral.customer_id.empty() || !referral.signup_time.has_value()) return;
  const Judging judging = JudgedAtSignup(rules, referral);
  if (!judging.Has(Trigger::kRetained)) return;
  const auto* customer = OccasionOf(unit, referral, Trigger::kRetained, now).customer;
  const bool left = customer != nullptr && customer->churned_time.has_value();
  GrantRetained(unit, judging, referral, left ? std::min(now, *customer->churned_time) : now,
                now);
  if (!left) ScheduleRetained(unit, judging, referral, now);
}

void OnChurned(exec::Unit& unit, const Rules& rules, const Referral& referral, absl::Time time,
               absl::Time now) {
  if (!referral.signup_time.has_value()) return;
  const Judging judging = JudgedAtSignup(rules, referral);
  if (judging.Has(Trigger::kRetained)) {
    // Due work may be late: what was earned before is not lost.
    GrantRetained(unit, judging, referral, std::min(time, now), now);
    Unschedule(unit, referral.program_id, DueKind::kRetained, referral.referral_id);
  }
  for (domain::Reward& reward : RewardsOf(unit, referral)) {
    // The fact may be late as well.
    TakeBackOnLeaving(unit, referral, std::move(reward), time, now);
  }
}

void OnReactivated(exec::Unit& unit, const Rules& rules, const Referral& referral,
                   absl::Time time, absl::Time now) {
  if (!referral.signup_time.has_value()) return;
  Judging judging = JudgedAtSignup(rules, referral);
  if (!judging.Has(Trigger::kRetained)) return;
  judging.returned = true;
  ForEachRetained(judging, referral, [&](const domain::RuleInForce& rule, absl::Time due) {
    if (due > now) return;
    const auto occasion = OccasionOf(unit, referral, Trigger::kRetained, due);
    if (due > time) {
      Grant(unit, judging, rule, occasion, now);
    } else {
      // What fell into the absence is lost, and says so.
      Miss(unit, judging, rule, occasion, now);
    }
  });
  ScheduleRetained(unit, judging, referral, now);
}

}  // namespace kith::referral::app
