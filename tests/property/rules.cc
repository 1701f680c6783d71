#include "tests/property/rules.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/property/generator.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

constexpr int64_t kDay = 86400;

class RuleMaker {
 public:
  explicit RuleMaker(std::mt19937_64& random) : random_(random) {}

  v1::Program Make(const std::string& program_id) {
    v1::Program program;
    program.set_program_id(program_id);
    Rename(program);
    program.set_currency("EUR");
    program.set_time_zone(Chance(50) ? "UTC" : "America/New_York");
    FillAttribution(*program.mutable_attribution());
    if (Chance(50)) {
      AddTest(program.mutable_leads()->mutable_fit(), "lead.seats", v1::COMPARISON_AT_LEAST,
              "10");
    }
    if (Chance(60)) FillFraud(*program.mutable_fraud());
    if (Chance(15)) {
      AddTest(program.mutable_advocate_eligibility(), "advocate.signups",
              v1::COMPARISON_AT_MOST, absl::StrCat(Pick(4)));
    }
    if (Chance(40)) program.mutable_success()->set_min_amount_minor(Pick(3'000));
    if (Chance(20)) program.mutable_success()->add_events("ordered");
    const int rules = 1 + Pick(5);
    for (int i = 0; i < rules; ++i) FillRule(absl::StrCat("rule", i), *program.add_rewards());
    if (Chance(40)) FillCap(*program.add_caps());
    for (const char* campaign : {"spring", "contest"}) {
      if (Chance(60)) FillCampaign(campaign, *program.add_campaigns());
    }
    return program;
  }

  // The same with other amounts, and perhaps a rule more or less.
  v1::Program MakeLike(v1::Program program) {
    Rename(program);
    for (v1::RewardRule& rule : *program.mutable_rewards()) ChangeAmount(rule);
    for (v1::Campaign& campaign : *program.mutable_campaigns()) {
      for (v1::RewardRule& rule : *campaign.mutable_rewards()) ChangeAmount(rule);
    }
    if (Chance(20) && !program.rewards().empty()) program.mutable_rewards()->RemoveLast();
    if (Chance(20)) FillRule(absl::StrCat("rule", 100 + Pick(10'000)), *program.add_rewards());
    if (Chance(20)) program.clear_caps();
    return program;
  }

 private:
  void Rename(v1::Program& program) {
    program.set_display_name(absl::StrCat("rules ", random_() % 1'000'000'000));
  }
  void ChangeAmount(v1::RewardRule& rule) {
    if (Chance(40)) return;
    if (rule.has_fixed_minor()) rule.set_fixed_minor(1 + Pick(2'500));
    if (rule.has_percent_basis_points()) rule.set_percent_basis_points(1 + Pick(3'000));
  }

  int Pick(int n) { return static_cast<int>(random_() % n); }
  bool Chance(int percent) { return Pick(100) < percent; }

  static void AddTest(v1::Condition* condition, const char* field, v1::Comparison comparison,
                      const std::string& value) {
    auto* test = condition->add_any_of()->add_all_of();
    test->set_field(field);
    test->set_comparison(comparison);
    test->add_values(value);
  }

  void FillFraud(v1::FraudRules& rules) {
    for (int signal = 1; signal <= 9; ++signal) {
      if (Chance(60)) continue;
      auto* weight = rules.add_weights();
      weight->set_signal(static_cast<v1::Signal>(signal));
      weight->set_weight(Chance(20) ? 0 : Pick(120));
    }
    if (Chance(40)) rules.set_hold_at(1 + Pick(60));
    if (Chance(40))
      rules.set_reject_at(rules.has_hold_at() ? rules.hold_at() + Pick(120) : 50 + Pick(120));
    if (Chance(50)) rules.set_suspend_after(1 + Pick(3));
    for (int dimension = 1; dimension <= 3; ++dimension) {
      if (Chance(60)) continue;
      auto* limit = rules.add_velocity();
      limit->set_dimension(static_cast<v1::VelocityDimension>(dimension));
      limit->set_max_per_day(Pick(3));
    }
    if (Chance(30)) rules.set_chain_depth(1 + Pick(4));
    if (Chance(70)) rules.add_free_mail_domains("mail.example");
    if (Chance(70)) rules.add_disposable_domains("throwaway.example");
    if (Chance(70)) rules.add_paid_sources("google_ads");
  }

  void FillAttribution(v1::AttributionRules& rules) {
    rules.mutable_touch_window()->set_seconds((5 + Pick(60)) * kDay);
    rules.mutable_lead_window()->set_seconds((20 + Pick(100)) * kDay);
    rules.mutable_code_grace()->set_seconds(Pick(20) * kDay);
    rules.set_model(static_cast<v1::AttributionModel>(1 + Pick(3)));
  }

  void FillCampaign(const char* id, v1::Campaign& campaign) {
    campaign.set_campaign_id(id);
    const int64_t start = absl::ToUnixSeconds(kBeginning) + (Pick(160) - 120) * kDay;
    campaign.mutable_start_time()->set_seconds(start);
    campaign.mutable_end_time()->set_seconds(start + (10 + Pick(150)) * kDay);
    campaign.set_replaces_rewards(Chance(50));
    const int rules = Pick(3);
    for (int i = 0; i < rules; ++i) FillRule(absl::StrCat("rule", i), *campaign.add_rewards());
    if (Chance(50)) FillCap(*campaign.add_caps());
  }

  void FillCap(v1::Cap& cap) {
    cap.set_scope(static_cast<v1::CapScope>(1 + Pick(2)));
    cap.set_period(static_cast<v1::CapPeriod>(1 + Pick(5)));
    if (Chance(50)) cap.set_max_rewards(Pick(4));
    if (!cap.has_max_rewards() || Chance(30)) cap.set_max_minor(Pick(4'000));
  }

  void FillRule(const std::string& id, v1::RewardRule& rule) {
    rule.set_rule_id(id);
    rule.set_trigger(static_cast<v1::Trigger>(
        Chance(50) ? static_cast<int>(v1::TRIGGER_CONVERTED) : 1 + Pick(8)));
    rule.set_side(Chance(60) ? v1::REWARD_SIDE_REFERRER : v1::REWARD_SIDE_REFEREE);
    FillTrigger(rule);
    const bool by_conversion =
        rule.trigger() == v1::TRIGGER_CONVERTED || rule.trigger() == v1::TRIGGER_NTH_SUCCESS;
    FillAmount(by_conversion, rule);
    if (by_conversion && Chance(30)) rule.set_min_conversion_minor(Pick(5'000));
    if (Chance(25)) rule.set_max_rewards_per_recipient(Pick(4));
    if (Chance(30)) FillCap(*rule.add_caps());
    if (Chance(50)) rule.mutable_holding_period()->set_seconds((1 + Pick(40)) * kDay);
    if (Chance(20)) rule.set_release_event(Chance(50) ? "aha" : "installed");
    if (Chance(25)) rule.mutable_expires_after()->set_seconds((1 + Pick(60)) * kDay);
    if (Chance(30)) rule.mutable_clawback_window()->set_seconds((1 + Pick(60)) * kDay);
    if (Chance(30)) rule.mutable_churn_clawback_window()->set_seconds((1 + Pick(60)) * kDay);
    const bool of_lead = rule.trigger() == v1::TRIGGER_SUBMITTED ||
                         rule.trigger() == v1::TRIGGER_QUALIFIED ||
                         rule.trigger() == v1::TRIGGER_MILESTONE;
    if (!of_lead && Chance(15)) {
      AddTest(rule.mutable_condition(), "customer.plan", v1::COMPARISON_NOT_EQUALS, "basic");
    }
  }

  void FillTrigger(v1::RewardRule& rule) {
    switch (rule.trigger()) {
      case v1::TRIGGER_CONVERTED:
        if (Chance(30)) rule.set_event("installed");
        rule.set_occurrence(Chance(75) ? v1::OCCURRENCE_FIRST : v1::OCCURRENCE_EVERY);
        return;
      case v1::TRIGGER_RETAINED:
        rule.set_retained_days(1 + Pick(60));
        return;
      case v1::TRIGGER_MILESTONE:
        rule.set_milestone_of(Chance(50) ? v1::MILESTONE_OF_SUBMITTED
                                         : v1::MILESTONE_OF_QUALIFIED);
        [[fallthrough]];
      case v1::TRIGGER_NTH_SUCCESS:
        rule.set_side(v1::REWARD_SIDE_REFERRER);
        rule.set_count(1 + Pick(3));
        rule.set_repeat(Chance(50));
        return;
      default:
        return;
    }
  }

  void FillAmount(bool by_conversion, v1::RewardRule& rule) {
    const int kind = Pick(100);
    if (kind < 70) {
      rule.set_kind(Chance(50) ? v1::REWARD_KIND_CASH : v1::REWARD_KIND_CREDIT);
    } else if (kind < 78) {
      rule.set_kind(v1::REWARD_KIND_PHYSICAL_GIFT);
      rule.set_item("mug");
      rule.set_fixed_minor(1 + Pick(2));
      return;
    } else if (kind < 88) {
      rule.set_kind(v1::REWARD_KIND_POINTS);
      rule.set_fixed_minor(1 + Pick(50));
      return;
    } else {
      rule.set_kind(v1::REWARD_KIND_EARLY_ACCESS);
      rule.set_item("beta");
      return;
    }
    const int amount = by_conversion ? Pick(10) : 0;
    if (amount < 5) {
      rule.set_fixed_minor(1 + Pick(2'500));
    } else if (amount < 8) {
      rule.set_percent_basis_points(1 + Pick(3'000));
    } else if (amount < 9) {
      rule.set_annual_percent_basis_points(1 + Pick(3'000));
    } else {
      rule.set_line("fee");
    }
    if (!Chance(25)) return;
    auto* bonus = rule.add_cases();
    AddTest(bonus->mutable_when(), "occasion.ordinal", v1::COMPARISON_EQUALS,
            absl::StrCat(1 + Pick(3)));
    bonus->set_fixed_minor(1 + Pick(5'000));
  }

  std::mt19937_64& random_;
};

}  // namespace

v1::Program RandomRules(std::mt19937_64& random, const std::string& program_id,
                        const std::optional<v1::Program>& before) {
  return before && random() % 3 > 0 ? RuleMaker(random).MakeLike(*before)
                                    : RuleMaker(random).Make(program_id);
}

}  // namespace kith::property
