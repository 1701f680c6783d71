#include "services/referral/rpc/rule_messages.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/referral/domain/fraud.h"
#include "services/referral/domain/rule_names.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {
namespace {

// A message's number or duration, if it is set.
#define KITH_OPTIONAL_INT(message, field) \
  ((message).has_##field() ? std::optional<int64_t>((message).field()) : std::nullopt)
#define KITH_OPTIONAL_DURATION(message, field) \
  ((message).has_##field() ? std::optional(ToDuration((message).field())) : std::nullopt)

// Of a reward rule or one of its cases, which have the same amounts.
template <class Message>
domain::Amount ToAmount(const Message& message) {
  return {
      .fixed_minor = KITH_OPTIONAL_INT(message, fixed_minor),
      .percent_basis_points = KITH_OPTIONAL_INT(message, percent_basis_points),
      .annual_percent_basis_points = KITH_OPTIONAL_INT(message, annual_percent_basis_points),
      .line = message.line()};
}

template <class Message>
void SetAmount(Message& out, const domain::Amount& amount) {
  if (amount.fixed_minor.has_value()) out.set_fixed_minor(*amount.fixed_minor);
  if (amount.percent_basis_points.has_value()) {
    out.set_percent_basis_points(static_cast<int32_t>(*amount.percent_basis_points));
  }
  if (amount.annual_percent_basis_points.has_value()) {
    out.set_annual_percent_basis_points(
        static_cast<int32_t>(*amount.annual_percent_basis_points));
  }
  if (!amount.line.empty()) out.set_line(amount.line);
}

template <class Field>
std::vector<std::string> ToTexts(const Field& field) {
  return {field.begin(), field.end()};
}

// Which conversions, contacts and days a rule is about.
void SetOccasion(v1::RewardRule& out, const domain::RewardRule& rule) {
  out.set_trigger(ToProto(rule.trigger));
  out.set_event(rule.event);
  if (rule.trigger == domain::Trigger::kConverted) {
    out.set_occurrence(ToProto(rule.occurrence));
  }
  out.set_count(static_cast<int32_t>(rule.count));
  out.set_repeat(rule.repeat);
  if (rule.trigger == domain::Trigger::kMilestone) {
    out.set_milestone_of(ToProto(rule.milestone_of));
  }
  out.set_retained_days(static_cast<int32_t>(rule.retained_days));
}

// When it may be taken, and taken back.
void SetTimes(v1::RewardRule& out, const domain::RewardRule& rule) {
  Set(*out.mutable_holding_period(), rule.holding_period);
  out.set_release_event(rule.release_event);
  if (rule.expires_after.has_value()) Set(*out.mutable_expires_after(), *rule.expires_after);
  if (rule.clawback_window.has_value()) {
    Set(*out.mutable_clawback_window(), *rule.clawback_window);
  }
  if (rule.churn_clawback_window.has_value()) {
    Set(*out.mutable_churn_clawback_window(), *rule.churn_clawback_window);
  }
}

}  // namespace

domain::Condition ToCondition(const v1::Condition& message) {
  domain::Condition condition;
  for (const v1::TestList& list : message.any_of()) {
    std::vector<domain::Test>& all_of = condition.any_of.emplace_back();
    for (const v1::Test& test : list.all_of()) {
      all_of.push_back(
          {.field = test.field(),
           .comparison = ToDomain(test.comparison()).value_or(domain::Comparison::kEquals),
           .values = ToTexts(test.values())});
    }
  }
  return condition;
}

domain::Cap ToCap(const v1::Cap& message) {
  const domain::Cap defaults;
  return {.scope = ToDomain(message.scope()).value_or(defaults.scope),
          .period = ToDomain(message.period()).value_or(defaults.period),
          .max_rewards = KITH_OPTIONAL_INT(message, max_rewards),
          .max_minor = KITH_OPTIONAL_INT(message, max_minor)};
}

domain::RewardRule ToRule(const v1::RewardRule& message) {
  domain::RewardRule rule;
  rule.rule_id = message.rule_id();
  rule.side = ToDomain(message.side()).value_or(rule.side);
  rule.kind = ToDomain(message.kind()).value_or(rule.kind);
  rule.trigger = ToDomain(message.trigger()).value_or(rule.trigger);
  rule.event = message.event();
  rule.occurrence = ToDomain(message.occurrence()).value_or(rule.occurrence);
  rule.count = message.count();
  rule.repeat = message.repeat();
  rule.milestone_of = ToDomain(message.milestone_of()).value_or(rule.milestone_of);
  rule.retained_days = message.retained_days();
  rule.amount = ToAmount(message);
  for (const v1::AmountCase& item : message.cases()) {
    rule.cases.push_back({.when = ToCondition(item.when()), .amount = ToAmount(item)});
  }
  rule.unit = message.unit();
  rule.item = message.item();
  rule.condition = ToCondition(message.condition());
  rule.min_conversion_minor = KITH_OPTIONAL_INT(message, min_conversion_minor);
  rule.max_rewards_per_recipient = KITH_OPTIONAL_INT(message, max_rewards_per_recipient);
  for (const v1::Cap& cap : message.caps()) rule.caps.push_back(ToCap(cap));
  rule.holding_period = ToDuration(message.holding_period());
  rule.release_event = message.release_event();
  rule.expires_after = KITH_OPTIONAL_DURATION(message, expires_after);
  rule.clawback_window = KITH_OPTIONAL_DURATION(message, clawback_window);
  rule.churn_clawback_window = KITH_OPTIONAL_DURATION(message, churn_clawback_window);
  return rule;
}

domain::FraudRules ToFraudRules(const v1::FraudRules& message) {
  domain::FraudRules rules;
  rules.enabled = true;
  for (const v1::SignalWeight& weight : message.weights()) {
    rules.weights.push_back(
        {.signal = ToDomain(weight.signal()).value_or(domain::Signal::kSelfReferral),
         .weight = weight.weight()});
  }
  if (message.has_hold_at()) rules.hold_at = message.hold_at();
  if (message.has_reject_at()) rules.reject_at = message.reject_at();
  rules.suspend_after = KITH_OPTIONAL_INT(message, suspend_after);
  for (const v1::VelocityLimit& limit : message.velocity()) {
    rules.velocity.push_back(
        {.dimension =
             ToDomain(limit.dimension()).value_or(domain::VelocityDimension::kAdvocate),
         .max_per_day = limit.max_per_day()});
  }
  if (message.has_chain_depth()) rules.chain_depth = message.chain_depth();
  rules.free_mail_domains = ToTexts(message.free_mail_domains());
  rules.disposable_domains = ToTexts(message.disposable_domains());
  rules.paid_sources = ToTexts(message.paid_sources());
  return rules;
}

domain::QualityRules ToQualityRules(const v1::QualityRules& message) {
  domain::QualityRules rules;
  rules.enabled = true;
  rules.metric = ToDomain(message.metric()).value_or(rules.metric);
  if (message.has_false_alarm_ppm()) rules.false_alarm_ppm = message.false_alarm_ppm();
  if (message.has_drop_basis_points()) rules.drop_basis_points = message.drop_basis_points();
  rules.baseline_basis_points = KITH_OPTIONAL_INT(message, baseline_basis_points);
  if (message.has_min_baseline_outcomes()) {
    rules.min_baseline_outcomes = message.min_baseline_outcomes();
  }
  rules.auto_pause = message.auto_pause();
  if (message.has_outcome_within()) {
    rules.outcome_within = ToDuration(message.outcome_within());
  }
  return rules;
}

void Set(v1::Test& out, const domain::Test& test) {
  out.set_field(test.field);
  out.set_comparison(ToProto(test.comparison));
  for (const std::string& value : test.values) out.add_values(value);
}

void Set(v1::Condition& out, const domain::Condition& condition) {
  for (const std::vector<domain::Test>& all_of : condition.any_of) {
    v1::TestList& list = *out.add_any_of();
    for (const domain::Test& test : all_of) Set(*list.add_all_of(), test);
  }
}

void Set(v1::Cap& out, const domain::Cap& cap) {
  out.set_scope(ToProto(cap.scope));
  out.set_period(ToProto(cap.period));
  if (cap.max_rewards.has_value()) out.set_max_rewards(*cap.max_rewards);
  if (cap.max_minor.has_value()) out.set_max_minor(*cap.max_minor);
}

void Set(v1::RewardRule& out, const domain::RewardRule& rule) {
  out.set_rule_id(rule.rule_id);
  out.set_side(ToProto(rule.side));
  out.set_kind(ToProto(rule.kind));
  SetOccasion(out, rule);
  SetAmount(out, rule.amount);
  for (const domain::AmountCase& item : rule.cases) {
    v1::AmountCase& message = *out.add_cases();
    Set(*message.mutable_when(), item.when);
    SetAmount(message, item.amount);
  }
  out.set_unit(rule.unit);
  out.set_item(rule.item);
  if (!rule.condition.always()) Set(*out.mutable_condition(), rule.condition);
  if (rule.min_conversion_minor.has_value()) {
    out.set_min_conversion_minor(*rule.min_conversion_minor);
  }
  if (rule.max_rewards_per_recipient.has_value()) {
    out.set_max_rewards_per_recipient(static_cast<int32_t>(*rule.max_rewards_per_recipient));
  }
  for (const domain::Cap& cap : rule.caps) Set(*out.add_caps(), cap);
  SetTimes(out, rule);
}

void Set(v1::FraudRules& out, const domain::FraudRules& rules) {
  for (const domain::SignalWeight& weight : rules.weights) {
    v1::SignalWeight& message = *out.add_weights();
    message.set_signal(ToProto(weight.signal));
    message.set_weight(static_cast<int32_t>(weight.weight));
  }
  out.set_hold_at(static_cast<int32_t>(rules.hold_at));
  out.set_reject_at(static_cast<int32_t>(rules.reject_at));
  if (rules.suspend_after.has_value()) {
    out.set_suspend_after(static_cast<int32_t>(*rules.suspend_after));
  }
  for (const domain::VelocityLimit& limit : rules.velocity) {
    v1::VelocityLimit& message = *out.add_velocity();
    message.set_dimension(ToProto(limit.dimension));
    message.set_max_per_day(static_cast<int32_t>(limit.max_per_day));
  }
  out.set_chain_depth(static_cast<int32_t>(rules.chain_depth));
  for (const std::string& name : rules.free_mail_domains) out.add_free_mail_domains(name);
  for (const std::string& name : rules.disposable_domains) out.add_disposable_domains(name);
  for (const std::string& name : rules.paid_sources) out.add_paid_sources(name);
}

void SetEffective(v1::FraudRules& out, const domain::FraudRules& rules) {
  domain::FraudRules effective = rules;
  effective.weights.clear();
  for (const auto& [signal, name] : domain::Names<domain::Signal>::kAll) {
    effective.weights.push_back({signal, domain::WeightOf(rules, signal)});
  }
  Set(out, effective);
}

void Set(v1::QualityRules& out, const domain::QualityRules& rules) {
  out.set_metric(ToProto(rules.metric));
  out.set_false_alarm_ppm(static_cast<int32_t>(rules.false_alarm_ppm));
  out.set_drop_basis_points(static_cast<int32_t>(rules.drop_basis_points));
  if (rules.baseline_basis_points.has_value()) {
    out.set_baseline_basis_points(static_cast<int32_t>(*rules.baseline_basis_points));
  }
  out.set_min_baseline_outcomes(static_cast<int32_t>(rules.min_baseline_outcomes));
  out.set_auto_pause(rules.auto_pause);
  Set(*out.mutable_outcome_within(), rules.outcome_within);
}

#undef KITH_OPTIONAL_INT
#undef KITH_OPTIONAL_DURATION

}  // namespace kith::referral::rpc
