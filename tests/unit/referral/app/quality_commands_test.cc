// The quality-collapse alarm at work: three contacts for a football.
#include "services/referral/app/campaigns.h"
#include "services/referral/app/decide_fit.h"
#include "tests/unit/referral/app/fraud_world.h"

namespace kith::referral::app {
namespace {

using Lines = std::vector<std::string>;

class QualityAlarmTest : public FraudTest {
 protected:
  QualityAlarmTest() {
    ApplyQuality([](domain::QualityRules&) {});
  }

  // Leads with `fit=yes` are good ones; the campaign football is watched.
  template <class Change>
  void ApplyQuality(Change change) {
    ApplyWith([&](domain::Program& program) {
      program.fraud.enabled = false;
      program.leads.fit.any_of = {{{"lead.fit", domain::Comparison::kEquals, {"yes"}}}};
      domain::Campaign football;
      football.campaign_id = "football";
      football.quality.enabled = true;
      football.quality.baseline_basis_points = 5000;
      football.quality.auto_pause = true;
      change(football.quality);
      program.campaigns = {football};
    });
    world_.NewFacts();
  }
  // `bad` leads and then `good` ones, two an hour.
  void Submit(const std::string& campaign, int bad, int good, absl::Time start) {
    std::vector<SubmitReferrals::NewLead> leads;
    for (int i = 0; i < bad + good; ++i) {
      SubmitReferrals::NewLead lead =
          Lead(absl::StrCat("q", next_++), start + i * absl::Minutes(30));
      lead.lead.campaign = campaign;
      lead.lead.attributes = {{"fit", i < bad ? "no" : "yes"}};
      leads.push_back(lead);
    }
    for (const auto& result : world_.Submit(leads))
      ASSERT_TRUE(result.ok()) << result.status();
  }
  domain::QualityTest Football() const {
    const auto page = reader_.GetQuality("acme", "football", {}, test::Soon());
    EXPECT_EQ(page->rows.size(), 1u);
    return page->rows.empty() ? domain::QualityTest() : page->rows.front();
  }
  // Facts about quality and campaigns since the last call.
  Lines Alarms() {
    Lines alarms;
    for (const std::string& fact : world_.NewFacts()) {
      if (absl::StartsWith(fact, "quality") || absl::StartsWith(fact, "campaign")) {
        alarms.push_back(fact);
      }
    }
    return alarms;
  }

  int next_ = 0;
};

TEST_P(QualityAlarmTest, TheFootballIsNoticedAndPaused) {
  Submit("football", 11, 0, kNow - kDay);
  EXPECT_EQ(Alarms(), Lines{});
  Submit("football", 9, 0, kNow - kDay + absl::Hours(8));
  EXPECT_EQ(Alarms(), (Lines{"quality_collapsed football qualification 0/12 of 5000",
                             "campaign_paused football quality"}));
  EXPECT_EQ(Football().outcomes, 20) << "counting goes on, the alarm is raised once";
  EXPECT_EQ(Football().alarm_time, kNow);
  EXPECT_EQ(world_.Query("SELECT value FROM summary WHERE name = 'quality_alarms'"),
            Lines{"1"});
}

TEST_P(QualityAlarmTest, GoodLeadsKeepItQuiet) {
  Submit("football", 20, 20, kNow - 2 * kDay);
  // The twelve worst in a row come first, so that only their order could alarm.
  EXPECT_EQ(Alarms().size(), 2u);
  ASSERT_TRUE(world_
                  .Run<ResetAlarm>("ResetAlarm", std::string("acme"), std::string("football"),
                                   ConductDecision{"eve", "order"})
                  .ok());
  for (int i = 0; i < 20; ++i) Submit("football", 1, 1, kNow - kDay);
  EXPECT_EQ(Alarms(), Lines{});
  EXPECT_EQ(Football().successes, 20);
  EXPECT_EQ(Football().outcomes, 40);
}

TEST_P(QualityAlarmTest, TheProgramsOwnRateIsTheBaseline) {
  ApplyQuality([](domain::QualityRules& quality) {
    quality.baseline_basis_points.reset();
    quality.auto_pause = false;
  });
  Submit("", 50, 49, kNow - 50 * kDay);
  Submit("football", 5, 0, kNow - 2 * kDay);
  EXPECT_FALSE(Football().baseline_ppm.has_value()) << "one outcome is missing";
  Submit("a-mere-label", 0, 1, kNow - 2 * kDay);
  Submit("football", 25, 0, kNow - kDay);
  EXPECT_EQ(Football().baseline_ppm, 341455);
  EXPECT_EQ(Football().baseline_outcomes, 100);
  EXPECT_EQ(Football().baseline_successes, 50);
  ASSERT_EQ(Alarms().size(), 1u) << "no pause unless the rules want it";
  // 24 bad ones in a row reach ln(200) from a baseline of 34 %.
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM paused_campaign"), Lines{"0"});
}

TEST_P(QualityAlarmTest, ALeadThatIsGoodAfterAllCountsAsGood) {
  Submit("football", 2, 1, kNow - kDay);
  Submit("", 1, 0, kNow - kDay);
  const auto decide = [&](const std::string& id, domain::Fit fit, const std::string& reason) {
    const auto decided = world_.Run<DecideFit>("DecideFit", std::string("acme"), id,
                                               domain::FitDecision{fit, "sue", reason});
    ASSERT_TRUE(decided.ok()) << decided.status();
  };
  decide("q0", domain::Fit::kGood, "");
  EXPECT_EQ(Football().successes, 2);
  EXPECT_EQ(Football().outcomes, 3);
  decide("q2", domain::Fit::kBad, "no_budget");
  EXPECT_EQ(Football().successes, 2) << "a good one stays good";
  decide("q3", domain::Fit::kGood, "");
  EXPECT_EQ(world_.Query("SELECT outcomes, successes FROM quality_baseline"), Lines{"1 0"})
      << "the baseline is of first decisions";
  world_.clock.Set(kNow + kDay);
  ASSERT_TRUE(world_
                  .Run<ResetAlarm>("ResetAlarm", std::string("acme"), std::string("football"),
                                   ConductDecision{"eve", "order"})
                  .ok());
  Submit("football", 1, 0, kNow + kDay);
  decide("q1", domain::Fit::kGood, "");
  EXPECT_EQ(Football().successes, 0) << "it was counted before the reset";
  EXPECT_EQ(Football().outcomes, 1);
}

TEST_P(QualityAlarmTest, AnAlarmThatWasRaisedStays) {
  Submit("football", 12, 0, kNow - kDay);
  Alarms();
  const auto decided =
      world_.Run<DecideFit>("DecideFit", std::string("acme"), std::string("q0"),
                            domain::FitDecision{domain::Fit::kGood, "sue", ""});
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_EQ(Football().successes, 1);
  EXPECT_EQ(Football().alarm_time, kNow);
  EXPECT_EQ(Alarms(), Lines{});
}

TEST_P(QualityAlarmTest, ResettingBeginsAfreshAndLeavesThePause) {
  Submit("football", 12, 0, kNow - kDay);
  Alarms();
  const auto reset =
      world_.Run<ResetAlarm>("ResetAlarm", std::string("acme"), std::string("football"),
                             ConductDecision{"eve", "rules_changed"});
  ASSERT_TRUE(reset.ok()) << reset.status();
  EXPECT_EQ(*reset, std::vector<domain::QualityTest>{Football()});
  EXPECT_EQ(Football().outcomes, 0);
  EXPECT_EQ(Football().reset_cause, "rules_changed");
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM paused_campaign"), Lines{"1"});
  EXPECT_EQ(world_.Query("SELECT value FROM summary WHERE name = 'quality_alarms'"), Lines{});
  EXPECT_EQ(Reason(world_
                       .Run<ResetAlarm>("ResetAlarm", std::string("acme"),
                                        std::string("unknown"), ConductDecision{"eve", "x"})
                       .status()),
            "CAMPAIGN_NOT_FOUND");
}

INSTANTIATE_TEST_SUITE_P(Stores, QualityAlarmTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::referral::app
