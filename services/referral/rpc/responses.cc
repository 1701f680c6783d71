#include "services/referral/rpc/responses.h"

#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {
namespace {

void SetRule(v1::RewardRule& out, const domain::RewardRule& rule) {
  out.set_rule_id(rule.rule_id);
  out.set_side(ToProto(rule.side));
  out.set_kind(ToProto(rule.kind));
  if (rule.fixed_minor.has_value()) out.set_fixed_minor(*rule.fixed_minor);
  if (rule.percent_basis_points.has_value()) {
    out.set_percent_basis_points(static_cast<int32_t>(*rule.percent_basis_points));
  }
  Set(*out.mutable_holding_period(), rule.holding_period);
  if (rule.min_conversion_minor.has_value()) {
    out.set_min_conversion_minor(*rule.min_conversion_minor);
  }
  if (rule.max_rewards_per_recipient.has_value()) {
    out.set_max_rewards_per_recipient(static_cast<int32_t>(*rule.max_rewards_per_recipient));
  }
}

}  // namespace

void Set(v1::GetProgramResponse& out, const domain::ProgramVersion& version) {
  const domain::Program& program = version.program;
  v1::Program& message = *out.mutable_program();
  message.set_program_id(program.program_id);
  message.set_display_name(program.display_name);
  message.set_currency(program.currency);
  message.set_time_zone(program.time_zone);
  v1::AttributionRules& attribution = *message.mutable_attribution();
  Set(*attribution.mutable_touch_window(), program.attribution.touch_window);
  Set(*attribution.mutable_lead_window(), program.attribution.lead_window);
  attribution.set_model(ToProto(program.attribution.model));
  for (const domain::RewardRule& rule : program.rewards) SetRule(*message.add_rewards(), rule);
  if (version.effective_time.has_value()) {
    Set(*message.mutable_effective_time(), *version.effective_time);
  }
  out.set_version(version.version);
}

void Set(v1::Advocate& out, const domain::Advocate& advocate) {
  out.set_advocate_id(advocate.advocate_id);
  out.set_code(advocate.code);
  Set(*out.mutable_enrolled_time(), advocate.enrolled_time);
  out.set_referrals(advocate.referrals);
  out.set_signups(advocate.signups);
  out.set_conversions(advocate.conversions);
}

void Set(v1::Referral& out, const domain::Referral& referral) {
  out.set_referral_id(referral.referral_id);
  out.set_advocate_id(referral.advocate_id);
  out.set_referee_id(referral.referee());
  Set(*out.mutable_submitted_time(), referral.submitted_time);
  out.set_campaign(referral.campaign);
  out.set_state(ToProto(referral.state()));
  if (referral.signup_time.has_value()) Set(*out.mutable_signup_time(), *referral.signup_time);
  if (referral.conversion_time.has_value()) {
    Set(*out.mutable_conversion_time(), *referral.conversion_time);
  }
  out.set_conversion_id(referral.conversion_id);
  out.set_evidence(ToProto(referral.evidence));
  out.set_program_version(referral.program_version);
}

void Set(v1::Attribution& out, const domain::Customer& customer) {
  out.set_customer_id(customer.customer_id);
  out.set_channel(customer.channel());
  out.set_advocate_id(customer.judgement.advocate_id);
  out.set_referral_id(customer.judgement.referral_id);
  out.set_evidence(ToProto(customer.judgement.evidence));
  for (const domain::RejectedEvidence& item : customer.judgement.rejected) {
    v1::RejectedEvidence& rejected = *out.add_rejected();
    rejected.set_evidence(ToProto(item.kind));
    rejected.set_advocate_id(item.advocate_id);
    rejected.set_reason(item.reason);
  }
  Set(*out.mutable_signup_time(), customer.signup_time);
}

void Set(v1::Conversion& out, const app::ConversionView& view) {
  const domain::Conversion& conversion = view.conversion;
  out.set_conversion_id(conversion.conversion_id);
  out.set_customer_id(conversion.customer_id);
  out.set_referral_id(conversion.referral_id);
  Set(*out.mutable_conversion_time(), conversion.conversion_time);
  if (conversion.amount_minor.has_value()) {
    Set(*out.mutable_amount(), *conversion.amount_minor, conversion.currency);
  }
  out.set_live(view.live);
  out.set_reversed(conversion.reversed());
  for (const std::string& reward_id : view.reward_ids) out.add_reward_ids(reward_id);
}

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
}

void Set(v1::ApplyProgramResponse& out, const app::ApplyProgram::Response& response) {
  out.set_version(response.version);
  out.set_changed(response.changed);
  for (const domain::FieldChange& change : response.differences) {
    type::v1::Difference& difference = *out.add_differences();
    difference.set_field(change.path);
    difference.set_old_value(change.old_value);
    difference.set_new_value(change.new_value);
  }
}

void Set(v1::ListProgramsResponse& out, const app::Page<domain::ProgramVersion>& page) {
  for (const domain::ProgramVersion& version : page.rows) Set(*out.add_programs(), version);
  out.set_next_page_token(page.next_token);
}

void Set(v1::ListReferralsResponse& out, const app::Page<domain::Referral>& page) {
  for (const domain::Referral& referral : page.rows) Set(*out.add_referrals(), referral);
  out.set_next_page_token(page.next_token);
}

void Set(v1::ListRewardsResponse& out, const app::RewardPage& rewards, absl::Time now) {
  for (const domain::Reward& reward : rewards.page.rows) Set(*out.add_rewards(), reward, now);
  out.set_next_page_token(rewards.page.next_token);
  for (const app::RewardTotal& total : rewards.totals) {
    v1::RewardTotal& message = *out.add_totals();
    message.set_currency(total.currency);
    message.set_state(ToProto(total.state));
    message.set_amount_minor(total.amount_minor);
    message.set_count(total.count);
  }
}

void Set(v1::GetReferralSummaryResponse& out, const app::Summary& summary) {
  out.set_advocates(summary.advocates);
  out.set_referrals(summary.referrals);
  for (const auto& [name, counts] : summary.channels) {
    v1::ChannelCount& channel = *out.add_channels();
    channel.set_channel(name);
    channel.set_customers(counts.customers);
    channel.set_converted(counts.converted);
  }
  out.set_conversions(summary.conversions);
  out.set_converted_referrals(summary.converted_referrals);
  out.set_tree_depth(static_cast<int32_t>(summary.tree_depth));
  for (const auto& [key, minor] : summary.balances) {
    v1::LedgerBalance& balance = *out.add_balances();
    balance.set_account(key.first);
    balance.set_currency(key.second);
    balance.set_balance_minor(minor);
  }
  out.set_ledger_entries(summary.ledger_entries);
}

}  // namespace kith::referral::rpc
