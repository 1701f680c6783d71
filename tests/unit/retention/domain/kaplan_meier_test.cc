#include "services/retention/domain/kaplan_meier.h"

#include "gtest/gtest.h"
#include "tests/unit/retention/domain/reference_data.h"

namespace kith::retention {
namespace {

// The step in force on `day`.
SurvivalPoint At(const SurvivalCurve& curve, int64_t day) {
  SurvivalPoint found;
  for (const SurvivalPoint& point : curve.points) {
    if (point.day <= day) found = point;
  }
  return found;
}

void ExpectPoint(const SurvivalPoint& point, double survival, double lower, double upper,
                 double tolerance) {
  EXPECT_NEAR(point.survival, survival, tolerance);
  ASSERT_TRUE(point.lower.has_value());
  ASSERT_TRUE(point.upper.has_value());
  EXPECT_NEAR(*point.lower, lower, tolerance);
  EXPECT_NEAR(*point.upper, upper, tolerance);
}

TEST(KaplanMeier, MaintainedLeukaemia) {
  const SurvivalCurve curve = KaplanMeier(AmlMaintained());
  EXPECT_EQ(curve.customers, 11);
  EXPECT_EQ(curve.events, 7);
  ASSERT_EQ(curve.points.size(), 7u);
  ExpectPoint(At(curve, 9), .909091, .5080802, .986674, 1e-6);
  ExpectPoint(At(curve, 23), .613636, .2657520, .835299, 1e-6);
  ExpectPoint(At(curve, 48), .184091, .0117385, .525015, 1e-6);
  EXPECT_EQ(At(curve, 13).at_risk, 10) << "censored on the day of an event: still at risk";
  EXPECT_EQ(At(curve, 18).at_risk, 8);
  EXPECT_EQ(curve.median_days, 31);
}

TEST(KaplanMeier, Freireich) {
  const SurvivalCurve curve = KaplanMeier(FreireichTreated());
  ExpectPoint(At(curve, 6), .85714286, .61971796, .95155175, 1e-8);
  EXPECT_NEAR(At(curve, 23).survival, .44817927, 1e-8);
  EXPECT_EQ(curve.median_days, 23);
}

TEST(KaplanMeier, LungMedianWithLogLogInterval) {
  Tenures all;
  for (const auto& [group, tenures] : ReadGroups("lung.csv")) Merge(tenures, all);
  const SurvivalCurve curve = KaplanMeier(all);
  EXPECT_EQ(curve.customers, 228);
  EXPECT_EQ(curve.events, 165);
  ExpectPoint(At(curve, 365), .409242, .3387143, .478381, 1e-6);
  EXPECT_EQ(curve.median_days, 310);
  EXPECT_EQ(curve.median_lower_days, 284) << "285 would be the interval on the log scale";
  EXPECT_EQ(curve.median_upper_days, 361);
}

TEST(KaplanMeier, LateEntry) {
  Tenures tenures = MakeTenures({2, 10, 5, 4, 3}, {});
  for (const int64_t day : {1, 2, 4}) ++tenures[day].entered;
  const SurvivalCurve curve = KaplanMeier(tenures);
  EXPECT_NEAR(At(curve, 2).survival, 2.0 / 3, 1e-12);
  EXPECT_NEAR(At(curve, 3).survival, 4.0 / 9, 1e-12);
  EXPECT_NEAR(At(curve, 4).survival, 2.0 / 9, 1e-12);
  EXPECT_NEAR(At(curve, 5).survival, 1.0 / 9, 1e-12);
  EXPECT_EQ(At(curve, 10).survival, 0);
}

TEST(KaplanMeier, NobodyLeft) {
  const SurvivalCurve curve = KaplanMeier(MakeTenures({}, {3, 40, 40}));
  EXPECT_EQ(curve.customers, 3);
  EXPECT_EQ(curve.events, 0);
  EXPECT_TRUE(curve.points.empty());
  EXPECT_FALSE(curve.median_days.has_value());
}

TEST(KaplanMeier, Nobody) {
  const SurvivalCurve curve = KaplanMeier({});
  EXPECT_EQ(curve.customers, 0);
  EXPECT_TRUE(curve.points.empty());
}

TEST(KaplanMeier, EverybodyLeft) {
  const SurvivalCurve curve = KaplanMeier(MakeTenures({5, 5}, {}));
  ASSERT_EQ(curve.points.size(), 1u);
  EXPECT_EQ(curve.points[0].survival, 0);
  EXPECT_FALSE(curve.points[0].lower.has_value()) << "no interval at S = 0";
  EXPECT_FALSE(curve.points[0].upper.has_value());
  EXPECT_EQ(curve.median_days, 5);
  EXPECT_FALSE(curve.median_lower_days.has_value());
}

TEST(KaplanMeier, AHalfIsAHalfWhateverTheRounding) {
  // 9/10 * 8/9 * … * 5/6 is 1/2; in binary it may come out a little above.
  const SurvivalCurve curve = KaplanMeier(MakeTenures({1, 2, 3, 4, 5}, {9, 9, 9, 9, 9}));
  EXPECT_EQ(curve.median_days, 5);
}

TEST(KaplanMeier, LeavingOnDayZeroCounts) {
  const SurvivalCurve curve = KaplanMeier(MakeTenures({0}, {0, 1, 1}));
  ASSERT_EQ(curve.points.size(), 1u);
  EXPECT_EQ(curve.points[0].day, 0);
  EXPECT_EQ(curve.points[0].at_risk, 4);
  EXPECT_EQ(curve.points[0].survival, 0.75);
}

}  // namespace
}  // namespace kith::retention
