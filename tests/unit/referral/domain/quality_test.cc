#include "services/referral/domain/quality.h"

#include <cmath>

#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1700000000);
constexpr absl::Duration kDay = absl::Hours(24);

TEST(SequentialTest, TheStatisticIsAFunctionOfTwoCounts) {
  const SequentialTest test;  // 50 %, fallen by half, risk 1 %
  EXPECT_DOUBLE_EQ(Statistic(test, 0, 0), 0);
  EXPECT_NEAR(Statistic(test, 1, 1), std::log(0.5), 1e-12);
  EXPECT_NEAR(Statistic(test, 1, 0), std::log(1.5), 1e-12);
  EXPECT_NEAR(Statistic(test, 40, 10), 10 * std::log(0.5) + 30 * std::log(1.5), 1e-12);
  EXPECT_NEAR(AlarmBound(test), std::log(100), 1e-12);
  // Twelve bad ones in a row alarm, eleven do not.
  EXPECT_LT(Statistic(test, 11, 0), AlarmBound(test));
  EXPECT_GE(Statistic(test, 12, 0), AlarmBound(test));
}

TEST(SequentialTest, ExpectedDelay) {
  const SequentialTest test;
  EXPECT_NEAR(ExpectedOutcomes(test, 0.25), 35.2, 0.05);
  EXPECT_NEAR(ExpectedOutcomes(test, 0.15), 19.1, 0.05);
  EXPECT_NEAR(ExpectedOutcomes(test, 0.10), 15.6, 0.05);
  EXPECT_TRUE(std::isinf(ExpectedOutcomes(test, 0.5)));
  EXPECT_LT(Drift(test, 0.5), 0);
}

TEST(SequentialTest, TheLowerRateIsWhereTheEntropyIsUsedUp) {
  // For a half of n the equation has a closed solution.
  const double allowed = std::log(200) / 100;
  EXPECT_NEAR(LowerRate(100, 50, 0.005), (1 - std::sqrt(1 - std::exp(-2 * allowed))) / 2,
              1e-9);
  EXPECT_NEAR(LowerRate(100, 100, 0.005), std::exp(-allowed), 1e-9);
  EXPECT_EQ(LowerRate(100, 0, 0.005), 0);
  EXPECT_GT(LowerRate(10000, 5000, 0.005), 0.48);
}

QualityRules Stated() {
  QualityRules rules;
  rules.enabled = true;
  rules.baseline_basis_points = 5000;
  return rules;
}

QualityBaseline Baseline(int64_t outcomes, int64_t successes) {
  QualityBaseline baseline;
  baseline.outcomes = outcomes;
  baseline.successes = successes;
  baseline.first_time = kStart - 100 * kDay;
  return baseline;
}

// A test with `bad` bad outcomes, one an hour.
QualityTest AfterBad(int bad, const QualityRules& rules, const QualityBaseline* baseline) {
  QualityTest test;
  for (int i = 0; i < bad; ++i) {
    test = Judging(Observed(test, false, kStart + i * absl::Hours(1)), rules, baseline);
  }
  return test;
}

TEST(QualityTest, AlarmsWithTheTwelfthBadOutcome) {
  EXPECT_FALSE(IsAlarming(AfterBad(11, Stated(), nullptr)));
  QualityTest test = AfterBad(12, Stated(), nullptr);
  EXPECT_TRUE(IsAlarming(test));
  test.alarm_time = kStart;
  EXPECT_FALSE(IsAlarming(test)) << "once";
}

TEST(QualityTest, JudgesWhenTheProgramHasOutcomesEnough) {
  QualityRules rules = Stated();
  rules.baseline_basis_points.reset();
  rules.min_baseline_outcomes = 100;
  const QualityBaseline few = Baseline(99, 50);
  EXPECT_FALSE(AfterBad(40, rules, nullptr).baseline_ppm.has_value());
  EXPECT_FALSE(AfterBad(40, rules, &few).baseline_ppm.has_value());
  const QualityBaseline enough = Baseline(100, 50);
  const QualityTest test = AfterBad(40, rules, &enough);
  EXPECT_EQ(test.baseline_ppm, 341455);  // what 50 of 100 allow at half of 1 %
  EXPECT_NEAR(ToSequentialTest(test).risk, 0.005, 1e-12);
  EXPECT_TRUE(IsAlarming(test));
}

TEST(QualityTest, ParametersAreTakenOnce) {
  QualityRules rules = Stated();
  QualityTest test = AfterBad(1, rules, nullptr);
  rules.baseline_basis_points = 100;
  rules.false_alarm_ppm = 1;
  const QualityBaseline later = Baseline(1000, 900);
  test = Judging(Observed(test, false, kStart), rules, &later);
  EXPECT_EQ(test.baseline_ppm, 500000);
  EXPECT_EQ(test.false_alarm_ppm, 10000);
  EXPECT_EQ(test.baseline_outcomes, 0);
}

TEST(QualityTest, OnlyACampaignThatBringsMoreIsAlarming) {
  // 5,000 in a hundred days are 50 a day; a campaign with one an hour has 24.
  const QualityBaseline busy = Baseline(5000, 2500);
  EXPECT_FALSE(IsAlarming(AfterBad(24, Stated(), &busy)));
  EXPECT_FALSE(VolumeAbove(AfterBad(24, Stated(), &busy)));
  const QualityBaseline calm = Baseline(1000, 500);  // 10 a day
  EXPECT_TRUE(IsAlarming(AfterBad(24, Stated(), &calm)));
}

TEST(QualityTest, ABaselineOfNothingCannotBeFallenBelow) {
  QualityRules rules = Stated();
  rules.baseline_basis_points.reset();
  const QualityBaseline none = Baseline(200, 0);
  const QualityTest test = AfterBad(50, rules, &none);
  EXPECT_EQ(test.baseline_ppm, 0);
  EXPECT_FALSE(IsAlarming(test));
}

TEST(QualityTest, ACorrectionTakesABadOneBack) {
  QualityTest test = AfterBad(12, Stated(), nullptr);
  test = Corrected(test, kStart);
  EXPECT_EQ(test.outcomes, 12);
  EXPECT_EQ(test.successes, 1);
  EXPECT_FALSE(IsAlarming(test));
  QualityTest fresh = Reset(test, kStart + kDay, "eve", "order");
  EXPECT_EQ(Corrected(fresh, kStart + kDay), fresh) << "there is none to be corrected";
  fresh = Observed(fresh, false, kStart + kDay);
  EXPECT_EQ(Corrected(fresh, kStart), fresh) << "it was counted before";
  EXPECT_EQ(Corrected(fresh, kStart + kDay).successes, 1);
}

TEST(QualityTest, ACampaignHasAnAlarmOfEachMetric) {
  Campaign campaign;
  campaign.quality.metric = QualityMetric::kConversion;
  EXPECT_EQ(QualityOf(campaign, QualityMetric::kConversion), nullptr);
  campaign.quality.enabled = true;
  EXPECT_EQ(QualityOf(campaign, QualityMetric::kConversion), &campaign.quality);
  EXPECT_EQ(QualityOf(campaign, QualityMetric::kQualification), nullptr);
  campaign.further_quality.enabled = true;
  EXPECT_EQ(QualityOf(campaign, QualityMetric::kQualification), &campaign.further_quality);
}

TEST(QualityTest, TheProgramsOwnAreWatchedForAllCampaigns) {
  Program program;
  for (const int days : {30, 7, 30, 90}) {
    Campaign campaign;
    campaign.quality.enabled = true;
    campaign.quality.metric = QualityMetric::kConversion;
    campaign.quality.outcome_within = days * kDay;
    program.campaigns.push_back(campaign);
  }
  program.campaigns[3].quality.metric = QualityMetric::kQualification;
  using Times = std::vector<absl::Duration>;
  EXPECT_EQ(OutcomeTimes(program, nullptr), (Times{7 * kDay, 30 * kDay}));
  EXPECT_EQ(OutcomeTimes(program, &program.campaigns[0]), Times{30 * kDay});
  EXPECT_EQ(OutcomeTimes(program, &program.campaigns[3]), Times{});
}

TEST(QualityTest, ConvertedInTime) {
  Referral referral;
  referral.submitted_time = kStart;
  EXPECT_FALSE(ConvertedWithin(referral, 7 * kDay));
  referral.conversion_time = kStart + 7 * kDay;
  EXPECT_TRUE(ConvertedWithin(referral, 7 * kDay));
  EXPECT_FALSE(ConvertedWithin(referral, 7 * kDay - absl::Microseconds(1)));
  referral.lead_state = LeadState::kWon;
  referral.lead_state_time = kStart + kDay;
  EXPECT_TRUE(ConvertedWithin(referral, kDay));
  referral.fraud = FraudState::kRejected;
  EXPECT_FALSE(ConvertedWithin(referral, 7 * kDay));
}

TEST(QualityTest, WhatIsKnownEarlySaysNothingOfTheVolume) {
  QualityTest test;
  test.metric = QualityMetric::kConversion;
  test = Observed(test, false, kStart);
  test = Observed(test, true, kStart + 30 * kDay);
  EXPECT_EQ(test.last_time, kStart);
  test = Observed(test, false, kStart + kDay);
  EXPECT_EQ(test.last_time, kStart + kDay);
  test.metric = QualityMetric::kQualification;
  EXPECT_EQ(Observed(test, true, kStart + 30 * kDay).last_time, kStart + 30 * kDay);
}

TEST(QualityTest, ResetBeginsAfresh) {
  QualityTest test = AfterBad(12, Stated(), nullptr);
  test.campaign = "football";
  test.alarm_time = kStart;
  const QualityTest fresh = Reset(test, kStart + kDay, "eve", "new_rules");
  EXPECT_EQ(fresh.campaign, "football");
  EXPECT_EQ(fresh.outcomes, 0);
  EXPECT_FALSE(fresh.baseline_ppm.has_value());
  EXPECT_FALSE(fresh.alarm_time.has_value());
  EXPECT_EQ(fresh.reset_time, kStart + kDay);
  EXPECT_EQ(fresh.reset_by, "eve");
}

}  // namespace
}  // namespace kith::referral::domain
