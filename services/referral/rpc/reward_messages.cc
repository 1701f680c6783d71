#include "services/referral/rpc/reward_messages.h"

#include <string>
#include <vector>

#include "services/referral/rpc/responses.h"
#include "services/referral/rpc/rule_messages.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {
namespace {

v1::LedgerEntryKind ToKind(domain::EntryKind kind) {
  switch (kind) {
    case domain::EntryKind::kAccrual:
      return v1::LEDGER_ENTRY_KIND_ACCRUAL;
    case domain::EntryKind::kPayment:
      return v1::LEDGER_ENTRY_KIND_PAYMENT;
    case domain::EntryKind::kReversal:
      return v1::LEDGER_ENTRY_KIND_REVERSAL;
    case domain::EntryKind::kClawback:
      return v1::LEDGER_ENTRY_KIND_CLAWBACK;
    case domain::EntryKind::kExpiry:
      return v1::LEDGER_ENTRY_KIND_EXPIRY;
    case domain::EntryKind::kAdjustment:
      return v1::LEDGER_ENTRY_KIND_ADJUSTMENT;
  }
  return v1::LEDGER_ENTRY_KIND_UNSPECIFIED;
}

void SetTest(v1::ConditionOutcome& out, const domain::TestOutcome& outcome) {
  out.set_field(outcome.test.field);
  out.set_comparison(ToProto(outcome.test.comparison));
  for (const std::string& value : outcome.test.values) out.add_values(value);
  if (outcome.value.has_value()) out.set_value(*outcome.value);
  out.set_holds(outcome.holds);
}

void SetCap(v1::CapOutcome& out, const domain::CapOutcome& cap) {
  out.set_holder(cap.key.holder);
  out.set_scope(ToProto(cap.scope));
  out.set_period(ToProto(cap.key.period));
  if (cap.rewards_left.has_value()) out.set_rewards_left(*cap.rewards_left);
  if (cap.minor_left.has_value()) out.set_minor_left(*cap.minor_left);
  out.set_bound(cap.bound);
}

void SetStep(v1::RewardStep& out, const app::RewardStep& step) {
  out.set_state(ToProto(step.state));
  Set(*out.mutable_time(), step.time);
  out.set_cause(step.cause);
  out.set_decided_by(step.decided_by);
}

void SetRule(v1::RuleOutcome& out, const app::RuleStory& rule, absl::Time now) {
  out.set_rule_key(rule.rule_key);
  out.set_side(ToProto(rule.side));
  for (const auto& reward : rule.rewards) Set(*out.add_rewards(), reward, now);
  out.set_reason(rule.unpaid.reason);
  out.set_detail(rule.unpaid.detail);
  for (const auto& test : rule.unpaid.tests) SetTest(*out.add_tests(), test);
  for (const auto& cap : rule.caps) SetCap(*out.add_caps(), cap);
  out.set_trigger(ToProto(rule.trigger));
  out.set_program_version(rule.program_version);
}

void SetExplanation(v1::ExplainRewardResponse& out, const domain::Explanation& explanation) {
  for (const auto& test : explanation.tests) SetTest(*out.add_tests(), test);
  for (const auto& test : explanation.case_tests) SetTest(*out.add_case_tests(), test);
  for (const std::string& step : explanation.arithmetic) out.add_arithmetic(step);
  for (const auto& cap : explanation.caps) SetCap(*out.add_caps(), cap);
}

}  // namespace

void Set(v1::Reward& out, const domain::Reward& reward, absl::Time now) {
  out.set_reward_id(reward.reward_id);
  out.set_referral_id(reward.referral_id);
  out.set_conversion_id(reward.conversion_id);
  out.set_rule_id(reward.rule_id);
  out.set_program_version(reward.program_version);
  out.set_side(ToProto(reward.side));
  out.set_recipient_id(reward.recipient_id);
  out.set_kind(ToProto(reward.kind));
  Set(*out.mutable_amount(), reward.amount_minor, reward.currency);
  out.set_state(ToProto(reward.state(now)));
  Set(*out.mutable_available_time(), reward.available_time);
  Set(*out.mutable_created_time(), reward.created_time);
  out.set_cause(reward.cause);
  if (reward.reversal_time.has_value()) Set(*out.mutable_closed_time(), *reward.reversal_time);
  out.set_campaign(reward.campaign);
  out.set_trigger(ToProto(reward.trigger));
  Set(*out.mutable_occasion_time(), reward.occasion_time);
  if (reward.expiry_time.has_value()) Set(*out.mutable_expiry_time(), *reward.expiry_time);
  if (reward.fulfilled_time.has_value()) {
    Set(*out.mutable_fulfilled_time(), *reward.fulfilled_time);
  }
  out.set_item(reward.item);
  out.set_wanted_minor(reward.wanted_minor);
}

void Set(v1::ExplainRewardResponse& out, const app::RewardStory& story, absl::Time now) {
  Set(*out.mutable_reward(), story.reward, now);
  out.set_rule_key(story.rule_key);
  if (story.rule.has_value()) Set(*out.mutable_rule(), *story.rule);
  out.set_program_version(story.reward.program_version);
  SetExplanation(out, story.explanation);
  for (const app::RewardStep& step : story.history) SetStep(*out.add_history(), step);
  out.set_waits_for(story.waits_for);
  out.set_recalculated_version(story.reward.recalculated_version);
}

void Set(v1::ExplainConversionResponse& out, const app::ConversionStory& story,
         absl::Time now) {
  Set(*out.mutable_conversion(), story.view);
  out.set_advocate_id(story.advocate_id);
  out.set_program_version(story.program_version);
  out.set_reason(story.reason);
  for (const app::RuleStory& rule : story.rules) SetRule(*out.add_rules(), rule, now);
}

void Set(v1::ExplainReferralResponse& out, const app::ReferralStory& story, absl::Time now) {
  Set(*out.mutable_referral(), story.referral);
  for (const app::RuleStory& rule : story.rules) SetRule(*out.add_rules(), rule, now);
}

void Set(v1::LedgerEntry& out, const domain::LedgerEntry& entry) {
  out.set_reward_id(entry.reward_id);
  out.set_kind(ToKind(entry.kind));
  out.set_account(entry.account);
  out.set_currency(entry.currency);
  out.set_amount_minor(entry.amount_minor);
  Set(*out.mutable_entry_time(), entry.entry_time);
  out.set_sequence(entry.sequence);
}

void Set(v1::GetLedgerBalancesResponse& out, const app::LedgerBalances& balances) {
  for (const auto& [key, minor] : balances.balances) {
    v1::LedgerBalance& balance = *out.add_balances();
    balance.set_account(key.first);
    balance.set_currency(key.second);
    balance.set_balance_minor(minor);
  }
  out.set_ledger_entries(balances.entries);
}

void Set(v1::CapUse& out, const app::CapUseView& use) {
  out.set_holder(use.cap.key.holder);
  Set(*out.mutable_cap(), use.cap.cap);
  if (use.cap.key.period != domain::CapPeriod::kLifetime) {
    Set(*out.mutable_period_start(), use.cap.key.period_start);
  }
  out.set_rewards(use.count.rewards);
  out.set_minor(use.count.minor);
}

}  // namespace kith::referral::rpc
