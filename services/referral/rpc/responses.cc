#include "services/referral/rpc/responses.h"

#include <optional>
#include <string>

#include "services/referral/domain/planned_versions.h"
#include "services/referral/rpc/program_messages.h"
#include "services/referral/rpc/reward_messages.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {
namespace {

// `field` gives the field, which it sets by that.
template <class Field>
void SetOptional(const std::optional<absl::Time>& time, Field field) {
  if (time.has_value()) Set(*field(), *time);
}

// The sales work on a referral; one that began with a signup has none.
void SetLead(v1::Referral& out, const domain::Referral& referral) {
  if (referral.origin != domain::ReferralOrigin::kLead) return;
  out.set_lead_state(ToProto(referral.lead_state));
  SetOptional(referral.lead_state_time, [&] { return out.mutable_lead_state_time(); });
  SetOptional(referral.first_contact_time, [&] { return out.mutable_first_contact_time(); });
  SetOptional(referral.follow_up_due_time, [&] { return out.mutable_follow_up_due_time(); });
  out.set_follow_up_breached(referral.follow_up_breached);
  out.set_fit(ToProto(referral.fit));
  out.set_fit_by(referral.fit_by);
  out.set_unqualified_reason(referral.unqualified_reason);
  for (const std::string& name : referral.expectations) out.add_expectations(name);
  Set(*out.mutable_attributes(), referral.attributes);
}

}  // namespace

void Set(v1::Advocate& out, const domain::Advocate& advocate) {
  out.set_advocate_id(advocate.advocate_id);
  out.set_code(advocate.code);
  Set(*out.mutable_enrolled_time(), advocate.enrolled_time);
  out.set_referrals(advocate.referrals);
  out.set_signups(advocate.signups);
  out.set_conversions(advocate.conversions);
  out.set_kind(advocate.kind);
  Set(*out.mutable_attributes(), advocate.attributes);
  out.set_tier(advocate.tier);
  out.set_segment(advocate.segment);
  out.set_qualified(advocate.qualified);
  out.set_frauds(advocate.frauds);
  SetOptional(advocate.suspended_time, [&] { return out.mutable_suspended_time(); });
  out.set_suspension_cause(advocate.suspension_cause);
  out.set_link(advocate.link);
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
  SetLead(out, referral);
  out.set_fraud(ToProto(referral.fraud));
  out.set_fraud_score(referral.fraud_score);
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
  out.set_event(conversion.event);
  out.set_success(conversion.success);
  out.set_uncounted_reason(view.uncounted);
  out.set_order_id(conversion.order_id);
  if (!conversion.reversed()) return;
  Set(*out.mutable_reversal_time(), *conversion.reversal_time);
  out.set_reversal_cause(conversion.cause);
}

void Set(v1::ApplyProgramResponse& out, const app::ApplyProgram::Response& response) {
  out.set_version(response.version);
  out.set_changed(response.changed);
  for (const domain::FieldChange& change : response.differences) {
    Set(*out.add_differences(), change);
  }
  if (!response.withdrawn.empty()) out.add_warnings(std::string(domain::kPlanWithdrawn));
  if (!response.backdated.has_value()) return;
  out.add_warnings(std::string(domain::kBackdated));
  Set(*out.mutable_backdated_from_time(), response.backdated->from);
  Set(*out.mutable_backdated_until_time(), response.backdated->until);
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
