#include "services/referral/rpc/program_messages.h"

#include <string>

#include "services/referral/rpc/rule_messages.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {
namespace {

domain::AttributionRules ToAttributionRules(const v1::AttributionRules& message) {
  domain::AttributionRules rules;
  if (message.has_touch_window()) rules.touch_window = ToDuration(message.touch_window());
  if (message.has_lead_window()) rules.lead_window = ToDuration(message.lead_window());
  rules.model = ToDomain(message.model()).value_or(rules.model);
  if (message.has_code_grace()) rules.code_grace = ToDuration(message.code_grace());
  if (message.has_credit_half_life()) {
    rules.credit_half_life = ToDuration(message.credit_half_life());
  }
  return rules;
}

domain::LeadRules ToLeadRules(const v1::LeadRules& message) {
  domain::LeadRules rules;
  rules.fit = ToCondition(message.fit());
  if (message.has_follow_up_sla()) rules.follow_up_sla = ToDuration(message.follow_up_sla());
  rules.alert_referee = message.alert_referee();
  return rules;
}

domain::SuccessRules ToSuccessRules(const v1::SuccessRules& message) {
  domain::SuccessRules rules;
  rules.events.assign(message.events().begin(), message.events().end());
  if (message.has_min_amount_minor()) rules.min_amount_minor = message.min_amount_minor();
  return rules;
}

void SetAttributionRules(v1::AttributionRules& out, const domain::AttributionRules& rules) {
  Set(*out.mutable_touch_window(), rules.touch_window);
  Set(*out.mutable_lead_window(), rules.lead_window);
  out.set_model(ToProto(rules.model));
  Set(*out.mutable_code_grace(), rules.code_grace);
  Set(*out.mutable_credit_half_life(), rules.credit_half_life);
}

void SetLeadRules(v1::LeadRules& out, const domain::LeadRules& rules) {
  if (!rules.fit.always()) Set(*out.mutable_fit(), rules.fit);
  if (rules.follow_up_sla.has_value()) Set(*out.mutable_follow_up_sla(), *rules.follow_up_sla);
  out.set_alert_referee(rules.alert_referee);
}

void SetSuccessRules(v1::SuccessRules& out, const domain::SuccessRules& rules) {
  for (const std::string& event : rules.events) out.add_events(event);
  if (rules.min_amount_minor.has_value()) out.set_min_amount_minor(*rules.min_amount_minor);
}

v1::RecalculationOutcome ToProto(app::RecalculationOutcome outcome) {
  switch (outcome) {
    case app::RecalculationOutcome::kCreated:
      return v1::RECALCULATION_OUTCOME_CREATED;
    case app::RecalculationOutcome::kAdjusted:
      return v1::RECALCULATION_OUTCOME_ADJUSTED;
    case app::RecalculationOutcome::kSupplemented:
      return v1::RECALCULATION_OUTCOME_SUPPLEMENTED;
    case app::RecalculationOutcome::kPaid:
      return v1::RECALCULATION_OUTCOME_PAID;
    case app::RecalculationOutcome::kWithdrawn:
      return v1::RECALCULATION_OUTCOME_WITHDRAWN;
    case app::RecalculationOutcome::kCapped:
      return v1::RECALCULATION_OUTCOME_CAPPED;
    case app::RecalculationOutcome::kSuperseded:
      return v1::RECALCULATION_OUTCOME_SUPERSEDED;
  }
  return v1::RECALCULATION_OUTCOME_UNSPECIFIED;
}

v1::CampaignState StateOf(const app::CampaignStatus& status) {
  if (status.pause.has_value()) return v1::CAMPAIGN_STATE_PAUSED;
  if (status.season.has_value()) return v1::CAMPAIGN_STATE_OPEN;
  return status.next_start.has_value() ? v1::CAMPAIGN_STATE_UPCOMING
                                       : v1::CAMPAIGN_STATE_CLOSED;
}

}  // namespace

domain::Campaign ToCampaign(const v1::Campaign& message) {
  domain::Campaign campaign;
  campaign.campaign_id = message.campaign_id();
  campaign.display_name = message.display_name();
  campaign.kind = ToDomain(message.kind()).value_or(campaign.kind);
  campaign.cause = message.cause();
  campaign.link_template = message.link_template();
  if (message.has_start_time()) campaign.start_time = ToTime(message.start_time());
  if (message.has_end_time()) campaign.end_time = ToTime(message.end_time());
  campaign.recurrence = ToDomain(message.recurrence()).value_or(campaign.recurrence);
  campaign.audience = ToCondition(message.audience());
  campaign.replaces_rewards = message.replaces_rewards();
  for (const v1::RewardRule& rule : message.rewards()) {
    campaign.rewards.push_back(ToRule(rule));
  }
  for (const v1::Cap& cap : message.caps()) campaign.caps.push_back(ToCap(cap));
  if (message.has_quality()) campaign.quality = ToQualityRules(message.quality());
  if (message.has_further_quality()) {
    campaign.further_quality = ToQualityRules(message.further_quality());
  }
  return campaign;
}

domain::Program ToProgram(const v1::Program& message) {
  domain::Program program;
  program.program_id = message.program_id();
  program.display_name = message.display_name();
  program.currency = message.currency();
  if (!message.time_zone().empty()) program.time_zone = message.time_zone();
  program.default_calling_code = message.default_calling_code();
  program.link_template = message.link_template();
  program.attribution = ToAttributionRules(message.attribution());
  program.advocate_eligibility = ToCondition(message.advocate_eligibility());
  program.leads = ToLeadRules(message.leads());
  program.success = ToSuccessRules(message.success());
  for (const v1::RewardRule& rule : message.rewards()) program.rewards.push_back(ToRule(rule));
  for (const v1::Cap& cap : message.caps()) program.caps.push_back(ToCap(cap));
  if (message.has_fraud()) program.fraud = ToFraudRules(message.fraud());
  for (const v1::Campaign& campaign : message.campaigns()) {
    program.campaigns.push_back(ToCampaign(campaign));
  }
  return program;
}

void Set(v1::Campaign& out, const domain::Campaign& campaign) {
  out.set_campaign_id(campaign.campaign_id);
  out.set_display_name(campaign.display_name);
  out.set_kind(ToProto(campaign.kind));
  out.set_cause(campaign.cause);
  out.set_link_template(campaign.link_template);
  if (campaign.start_time != absl::InfinitePast()) {
    Set(*out.mutable_start_time(), campaign.start_time);
  }
  if (campaign.end_time != absl::InfiniteFuture()) {
    Set(*out.mutable_end_time(), campaign.end_time);
  }
  out.set_recurrence(ToProto(campaign.recurrence));
  if (!campaign.audience.always()) Set(*out.mutable_audience(), campaign.audience);
  out.set_replaces_rewards(campaign.replaces_rewards);
  for (const domain::RewardRule& rule : campaign.rewards) Set(*out.add_rewards(), rule);
  for (const domain::Cap& cap : campaign.caps) Set(*out.add_caps(), cap);
  if (campaign.quality.enabled) Set(*out.mutable_quality(), campaign.quality);
  if (campaign.further_quality.enabled) {
    Set(*out.mutable_further_quality(), campaign.further_quality);
  }
}

void Set(v1::Program& out, const domain::Program& program) {
  out.set_program_id(program.program_id);
  out.set_display_name(program.display_name);
  out.set_currency(program.currency);
  out.set_time_zone(program.time_zone);
  out.set_default_calling_code(program.default_calling_code);
  out.set_link_template(program.link_template);
  SetAttributionRules(*out.mutable_attribution(), program.attribution);
  if (!program.advocate_eligibility.always()) {
    Set(*out.mutable_advocate_eligibility(), program.advocate_eligibility);
  }
  if (program.leads != domain::LeadRules()) SetLeadRules(*out.mutable_leads(), program.leads);
  if (program.success != domain::SuccessRules()) {
    SetSuccessRules(*out.mutable_success(), program.success);
  }
  for (const domain::RewardRule& rule : program.rewards) Set(*out.add_rewards(), rule);
  for (const domain::Cap& cap : program.caps) Set(*out.add_caps(), cap);
  if (program.fraud.enabled) Set(*out.mutable_fraud(), program.fraud);
  for (const domain::Campaign& campaign : program.campaigns) {
    Set(*out.add_campaigns(), campaign);
  }
}

void Set(v1::GetProgramResponse& out, const domain::ProgramVersion& version) {
  v1::Program& message = *out.mutable_program();
  if (!version.unreadable.empty()) {
    message.set_program_id(version.program.program_id);
    out.set_version(version.version);
    out.set_unreadable(version.unreadable);
    return;
  }
  Set(message, version.program);
  if (version.effective_time.has_value()) {
    Set(*message.mutable_effective_time(), *version.effective_time);
  }
  if (version.program.fraud.enabled) {
    SetEffective(*out.mutable_effective_fraud(), version.program.fraud);
  }
  out.set_version(version.version);
}

void Set(v1::ListProgramVersionsResponse& out, const app::VersionPage& versions) {
  for (const domain::ProgramVersion& version : versions.page.rows) {
    const domain::Program& program = version.program;
    v1::ProgramVersionSummary& summary = *out.add_versions();
    summary.set_version(version.version);
    if (version.effective_time.has_value()) {
      Set(*summary.mutable_effective_time(), *version.effective_time);
    }
    summary.set_in_force(version.version == versions.in_force);
    summary.set_display_name(program.display_name);
    size_t rules = program.rewards.size();
    for (const domain::Campaign& campaign : program.campaigns) {
      rules += campaign.rewards.size();
    }
    summary.set_reward_rules(static_cast<int32_t>(rules));
    summary.set_campaigns(static_cast<int32_t>(program.campaigns.size()));
    summary.set_currency(program.currency);
  }
  out.set_next_page_token(versions.page.next_token);
}

void Set(v1::DiffProgramVersionsResponse& out, const app::VersionDifferences& differences) {
  out.set_old_version(differences.old_version);
  out.set_new_version(differences.new_version);
  for (const domain::FieldChange& change : differences.differences) {
    Set(*out.add_differences(), change);
  }
}

void Set(v1::RecalculateProgramResponse& out,
         const app::RecalculateProgram::Response& result) {
  out.set_version(result.version);
  for (const app::RecalculatedReward& reward : result.rewards) {
    v1::RecalculatedReward& message = *out.add_rewards();
    message.set_reward_id(reward.reward_id);
    message.set_conversion_id(reward.conversion_id);
    message.set_recipient_id(reward.recipient_id);
    Set(*message.mutable_old_amount(), reward.old_minor, reward.currency);
    Set(*message.mutable_new_amount(), reward.new_minor, reward.currency);
    message.set_outcome(ToProto(reward.outcome));
    message.set_supplement_id(reward.supplement_id);
    message.set_superseded_by_version(reward.superseded_by);
  }
  out.set_conversions(static_cast<int32_t>(result.conversions));
  out.set_next_page_token(result.next_token);
}

void Set(v1::CampaignPause& out, const app::PausedCampaign& pause) {
  Set(*out.mutable_paused_time(), pause.paused_time);
  out.set_cause(pause.cause);
  out.set_paused_by(pause.paused_by);
}

void Set(v1::CampaignStatus& out, const app::CampaignStatus& status) {
  Set(*out.mutable_campaign(), status.campaign);
  out.set_open(status.season.has_value());
  out.set_state(StateOf(status));
  if (status.next_start.has_value()) Set(*out.mutable_next_start_time(), *status.next_start);
  if (status.season.has_value()) {
    if (status.season->start != absl::InfinitePast()) {
      Set(*out.mutable_season_start_time(), status.season->start);
    }
    if (status.season->end != absl::InfiniteFuture()) {
      Set(*out.mutable_season_end_time(), status.season->end);
    }
  }
  if (status.pause.has_value()) Set(*out.mutable_pause(), *status.pause);
  if (status.resumption.has_value()) {
    v1::CampaignResumption& resumption = *out.mutable_resumption();
    Set(*resumption.mutable_resumed_time(), status.resumption->decided_time);
    resumption.set_resumed_by(status.resumption->decided_by);
  }
  for (const app::BudgetUse& use : status.budget) {
    v1::BudgetUse& message = *out.add_budget();
    Set(*message.mutable_cap(), use.cap);
    if (use.cap.period != domain::CapPeriod::kLifetime) {
      Set(*message.mutable_period_start_time(), use.period_start);
    }
    message.set_rewards(use.used.rewards);
    message.set_minor(use.used.minor);
  }
}

}  // namespace kith::referral::rpc
