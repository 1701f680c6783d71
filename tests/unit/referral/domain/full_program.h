// A program that uses every field of the rules once, for tests of what keeps all of them.
#ifndef KITH_TESTS_UNIT_REFERRAL_DOMAIN_FULL_PROGRAM_H_
#define KITH_TESTS_UNIT_REFERRAL_DOMAIN_FULL_PROGRAM_H_

#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// The condition of a text such as "lead.size at_least 50".
inline Condition When(absl::string_view text) { return *ParseCondition(text); }

inline RewardRule FixedRule(std::string rule_id, int64_t minor) {
  RewardRule rule;
  rule.rule_id = std::move(rule_id);
  rule.amount.fixed_minor = minor;
  return rule;
}

// An entry in a draw for each 5 good contacts.
inline RewardRule MilestoneRule() {
  RewardRule rule;
  rule.rule_id = "entry";
  rule.kind = RewardKind::kContestEntry;
  rule.trigger = Trigger::kMilestone;
  rule.milestone_of = MilestoneOf::kQualified;
  rule.count = 5;
  rule.repeat = true;
  rule.item = "draw";
  return rule;
}

// A share of each order, by cases, with caps and all times.
inline RewardRule ShareRule() {
  RewardRule rule;
  rule.rule_id = "share";
  rule.side = RewardSide::kReferee;
  rule.kind = RewardKind::kCredit;
  rule.event = "order_paid";
  rule.occurrence = Occurrence::kEvery;
  rule.amount.percent_basis_points = 2000;
  rule.cases = {{.when = When("order.plan equals gold"),
                 .amount = {std::nullopt, std::nullopt, 500, ""}},
                {.when = When("advocate.tier in champion|defender or occasion.ordinal less 3"),
                 .amount = {std::nullopt, std::nullopt, std::nullopt, "shipping"}}};
  rule.item = "shop";
  rule.condition = When("customer.channel missing and order.line.setup exists");
  rule.min_conversion_minor = 0;
  rule.max_rewards_per_recipient = 0;
  rule.caps = {{CapScope::kRecipient, CapPeriod::kMonth, 3, std::nullopt},
               {CapScope::kProgram, CapPeriod::kLifetime, std::nullopt, 100000}};
  rule.holding_period = absl::Hours(24 * 30) + absl::Microseconds(1);
  rule.release_event = "aha";
  rule.expires_after = absl::Hours(24 * 90);
  rule.clawback_window = absl::Hours(24 * 60);
  rule.churn_clawback_window = absl::Hours(24 * 14);
  return rule;
}

inline Campaign FullCampaign() {
  Campaign campaign;
  campaign.campaign_id = "winter";
  campaign.display_name = "Wintermärchen";
  campaign.kind = CampaignKind::kFundraiser;
  campaign.cause = "the shelter, of course";
  campaign.link_template = "https://acme.example/winter?c={code}";
  campaign.start_time = absl::FromUnixSeconds(1764547200) + absl::Microseconds(5);
  campaign.end_time = absl::FromUnixSeconds(1767225600);
  campaign.recurrence = Recurrence::kYearly;
  campaign.audience = When("advocate.segment not_equals dormant");
  campaign.replaces_rewards = true;
  campaign.rewards = {FixedRule("gift", 700), MilestoneRule()};
  campaign.caps = {{CapScope::kProgram, CapPeriod::kLifetime, 100, 70000}};
  campaign.quality = {.enabled = true,
                      .metric = QualityMetric::kConversion,
                      .false_alarm_ppm = 5000,
                      .drop_basis_points = 4000,
                      .baseline_basis_points = 1200,
                      .min_baseline_outcomes = 50,
                      .outcome_within = absl::Hours(24 * 14),
                      .auto_pause = true};
  campaign.further_quality.enabled = true;
  return campaign;
}

inline Program FullProgram() {
  Program program;
  program.program_id = "acme";
  program.display_name = "Acme = \n\"friends\"";
  program.currency = "EUR";
  program.time_zone = "Europe/Berlin";
  program.default_calling_code = "+49";
  program.link_template = "https://acme.example/r/{code}";
  program.attribution = {.touch_window = absl::Hours(24 * 7),
                         .lead_window = absl::Hours(24 * 60),
                         .model = AttributionModel::kPriorityRecency,
                         .code_grace = absl::Hours(24),
                         .credit_half_life = absl::Hours(12)};
  program.advocate_eligibility = When("advocate.score at_least 8");
  program.leads = {.fit = When("lead.size at_least 50 and lead.country in DE|FR"),
                   .follow_up_sla = absl::Hours(48),
                   .alert_referee = true};
  program.success = {.events = {"order_paid", "renewed"}, .min_amount_minor = 2500};
  RewardRule retained = FixedRule("stays", 300);
  retained.kind = RewardKind::kInKind;
  retained.unit = "mb";
  retained.trigger = Trigger::kRetained;
  retained.retained_days = 90;
  program.rewards = {FixedRule("thanks", 1000), ShareRule(), retained};
  program.caps = {{CapScope::kProgram, CapPeriod::kYear, std::nullopt, 0}};
  program.fraud = {.enabled = true,
                   .weights = {{Signal::kVelocity, 0}, {Signal::kSameDomain, 70}},
                   .hold_at = 40,
                   .reject_at = 90,
                   .suspend_after = 3,
                   .velocity = {{VelocityDimension::kAdvocate, 0}},
                   .chain_depth = 5,
                   .free_mail_domains = {"post.example"},
                   .disposable_domains = {"throw.example", "away.example"},
                   .paid_sources = {"ads, paid", "100% bought"}};
  Campaign bare;
  bare.campaign_id = "always";
  program.campaigns = {FullCampaign(), bare};
  return program;
}

}  // namespace kith::referral::domain

#endif  // KITH_TESTS_UNIT_REFERRAL_DOMAIN_FULL_PROGRAM_H_
