// What the clock brings, and what becomes of customers.
#include <algorithm>

#include "tests/property/reference.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

}  // namespace

// Everything that is due by now, in the order in which it fell due.
void Reference::DoDue() {
  using Due = std::tuple<absl::Time, std::string, std::string>;
  std::set<Due> due;
  for (const auto& [referral, time] : retained_due_) {
    if (time <= now_) due.insert({time, "retained", referral});
  }
  for (const auto& [id, reward] : rewards_) {
    if (reward.state == "fulfilling" && reward.lease_end <= now_) {
      due.insert({reward.lease_end, "lease", id});
    }
    if (!reward.expiry || *reward.expiry > now_) continue;
    // What nobody is at any more by then expires in its turn.
    const bool lapses = reward.state == "fulfilling" && reward.lease_end <= *reward.expiry;
    if (lapses || reward.state == "held" || reward.state == "approved") {
      due.insert({*reward.expiry, "reward_expiry", id});
    }
  }
  if (due.empty()) return;
  for (const auto& [time, kind, subject] : due) {
    if (kind == "retained") {
      retained_due_.erase(subject);
      DoRetained(subject);
      continue;
    }
    Reward& reward = rewards_.at(subject);
    if (kind == "lease") {
      LetGo(reward);
      continue;
    }
    if (reward.state != "held" && reward.state != "approved") continue;
    Book(reward, "liability:rewards", "expense:rewards");
    if (reward.handing == "to_retry" || reward.handing == "failed") reward.handing = "stopped";
    reward.cause = reward.state == "approved" ? "NOT_RELEASED" : "EXPIRED";
    reward.state = "expired";
  }
  DoDue();
}

std::vector<std::pair<absl::Time, Reference::RuleInForce>> Reference::RetainedOf(
    const Referral& referral) const {
  std::vector<std::pair<absl::Time, RuleInForce>> out;
  for (const RuleInForce& rule : RulesFor(VersionAt(referral.signup), referral)) {
    if (rule.rule->trigger() != v1::TRIGGER_RETAINED) continue;
    out.push_back({referral.signup + absl::Hours(24 * rule.rule->retained_days()), rule});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return out;
}

void Reference::ScheduleRetained(const Referral& referral, absl::Time after) {
  for (const auto& [time, rule] : RetainedOf(referral)) {
    if (time <= after) continue;
    retained_due_[referral.id] = time;
    return;
  }
}

void Reference::Retain(const Referral& referral, absl::Time until) {
  for (const auto& [time, rule] : RetainedOf(referral)) {
    if (time > until) continue;
    Grant(referral, rule, {.trigger = v1::TRIGGER_RETAINED, .time = time},
          VersionAt(referral.signup));
  }
}

void Reference::DoRetained(const std::string& referral_id) {
  const auto found = referrals_.find(referral_id);
  if (found == referrals_.end() || found->second.customer.empty()) return;
  const Referral& referral = found->second;
  const auto& churned = customers_.at(referral.customer).churned;
  Retain(referral, churned ? std::min(now_, *churned) : now_);
  if (!churned) ScheduleRetained(referral, now_);
}

void Reference::OnSignedUp(const Referral& referral) {
  const size_t version = VersionAt(referral.signup);
  GrantAll(referral, {.trigger = v1::TRIGGER_SIGNED_UP, .time = referral.signup}, version);
  if (referral.lead) {
    // What the lead earned for a referee who was not known then.
    GrantAll(
        referral,
        {.trigger = v1::TRIGGER_SUBMITTED, .time = referral.submitted, .referee_only = true},
        VersionAt(referral.submitted));
  }
  if (referral.lead && referral.ever_qualified) {
    GrantAll(
        referral,
        {.trigger = v1::TRIGGER_QUALIFIED, .time = referral.qualified, .referee_only = true},
        VersionAt(referral.qualified));
  }
  ScheduleRetained(referral, absl::InfinitePast());
  const Customer& customer = customers_.at(referral.customer);
  if (customer.aha) OnAha(referral, *customer.aha);
  if (customer.churned) OnChurn(referral, *customer.churned);
}

void Reference::OnAha(const Referral& referral, absl::Time time) {
  GrantAll(referral, {.trigger = v1::TRIGGER_AHA_REACHED, .time = time}, VersionAt(time));
  Release(referral.id, "aha", time, nullptr);
}

void Reference::OnChurn(const Referral& referral, absl::Time time) {
  Retain(referral, std::min(time, now_));
  retained_due_.erase(referral.id);
  for (auto& [id, reward] : rewards_) {
    if (reward.referral != referral.id || !reward.is_of(referral)) continue;
    const bool too_early =
        reward.rule.trigger() == v1::TRIGGER_RETAINED && reward.occasion > time;
    // It is earned after all if the customer turns out to have been back by then.
    if (too_early || LeftTooEarly(reward, referral, time)) {
      TakeBack(reward, "churn", /*moved=*/too_early);
    }
  }
}

// What fell into the absence is lost.
void Reference::OnReactivated(const Referral& referral, absl::Time back) {
  returned_ = true;
  for (const auto& [time, rule] : RetainedOf(referral)) {
    if (time > now_) continue;
    Grant(referral, rule, {.trigger = v1::TRIGGER_RETAINED, .time = time},
          VersionAt(referral.signup), /*missed=*/time <= back);
  }
  returned_ = false;
  ScheduleRetained(referral, now_);
}

std::string Reference::Live(const Step& step) {
  const auto known = customers_.find(step.customer);
  Customer& customer = known != customers_.end() ? known->second : early_[step.customer];
  if (step.act == Act::kAha) customer.aha = step.time;
  if (step.act == Act::kChurn) customer.churned = step.time;
  if (step.act == Act::kReactivate) customer.churned.reset();
  if (known == customers_.end() || customer.referral.empty()) return "ok";
  const Referral referral = referrals_.at(customer.referral);
  if (step.act == Act::kAha) OnAha(referral, step.time);
  if (step.act == Act::kChurn) OnChurn(referral, step.time);
  if (step.act == Act::kReactivate) OnReactivated(referral, step.time);
  return "ok";
}

}  // namespace kith::property
