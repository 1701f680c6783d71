#include "services/retention/domain/churn.h"

#include <cmath>

#include "gtest/gtest.h"
#include "services/retention/domain/chi_square.h"
#include "tests/unit/retention/domain/reference_data.h"

namespace kith::retention {
namespace {

TEST(MonthOf, ThirtyDaysEach) {
  EXPECT_EQ(MonthOf(0), 1);
  EXPECT_EQ(MonthOf(1), 1);
  EXPECT_EQ(MonthOf(30), 1);
  EXPECT_EQ(MonthOf(31), 2);
  EXPECT_EQ(MonthOf(60), 2);
  EXPECT_EQ(MonthOf(61), 3);
  EXPECT_EQ(MonthOf(120), 4);
}

TEST(ChurnByMonth, AtRiskAreThoseWithLongerTenure) {
  const auto months = ChurnByMonth(MakeTenures({0, 30, 31, 95}, {30, 60, 61}));
  ASSERT_EQ(months.size(), 4u);
  const int64_t at_risk[] = {7, 4, 2, 1};
  const int64_t events[] = {2, 1, 0, 1};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(months[i].month, static_cast<int32_t>(i) + 1);
    EXPECT_EQ(months[i].at_risk, at_risk[i]) << "month " << i + 1;
    EXPECT_EQ(months[i].events, events[i]) << "month " << i + 1;
    EXPECT_DOUBLE_EQ(months[i].hazard, static_cast<double>(events[i]) / at_risk[i]);
  }
}

TEST(ChurnByMonth, AgreesWithItsDefinition) {
  const auto groups = ReadGroups("veteran.csv");
  for (const auto& [name, tenures] : groups) {
    const auto months = ChurnByMonth(tenures);
    int64_t last = 0;
    for (const ChurnMonth& month : months) {
      int64_t at_risk = 0;
      int64_t events = 0;
      for (const auto& [day, count] : tenures) {
        if (month.month == 1 || day > 30 * (month.month - 1)) {
          at_risk += count.events + count.censored;
        }
        if (std::max(1.0, std::ceil(day / 30.0)) == month.month) events += count.events;
      }
      EXPECT_EQ(month.at_risk, at_risk) << name << " month " << month.month;
      EXPECT_EQ(month.events, events) << name << " month " << month.month;
      EXPECT_GT(month.at_risk, 0);
      last = month.month;
    }
    EXPECT_LE(tenures.rbegin()->first, 30 * last) << "nobody is left after the last month";
  }
}

TEST(ChurnByMonth, NobodyHasNoMonths) { EXPECT_TRUE(ChurnByMonth({}).empty()); }

TEST(ExposureIn, PersonDaysAreTheOverlap) {
  // Months 2 to 4 are the days after the 30th up to the 120th.
  const Tenures tenures = MakeTenures({30, 31, 120, 121}, {10, 75, 400});
  const Exposure exposure = ExposureIn(tenures, {2, 4});
  EXPECT_EQ(exposure.events, 2);
  EXPECT_EQ(exposure.person_days, 0 + 1 + 90 + 90 + 0 + 45 + 90);
  const Exposure first = ExposureIn(tenures, {1, 1});
  EXPECT_EQ(first.events, 1);
  EXPECT_EQ(first.person_days, 30 + 30 + 30 + 30 + 10 + 30 + 30);
}

TEST(CompareRates, RatioWithInterval) {
  const RateRatio result = CompareRates({14, 1000}, {20, 2000});
  EXPECT_DOUBLE_EQ(result.ratio.value(), 1.4);
  const double error = std::sqrt(1.0 / 14 + 1.0 / 20);
  EXPECT_DOUBLE_EQ(result.lower.value(), 1.4 * std::exp(-kZ95 * error));
  EXPECT_DOUBLE_EQ(result.upper.value(), 1.4 * std::exp(kZ95 * error));
}

TEST(CompareRates, UndefinedWithoutEvents) {
  EXPECT_FALSE(CompareRates({3, 100}, {0, 100}).ratio.has_value());
  EXPECT_FALSE(CompareRates({0, 0}, {3, 100}).ratio.has_value());
  const RateRatio none_above = CompareRates({0, 100}, {3, 100});
  EXPECT_EQ(none_above.ratio, 0);
  EXPECT_FALSE(none_above.lower.has_value());
  EXPECT_FALSE(none_above.upper.has_value());
}

TEST(CompareRates, LeavingOnDayZeroHasNoTime) {
  EXPECT_FALSE(CompareRates({2, 50}, {2, 0}).ratio.has_value());
}

}  // namespace
}  // namespace kith::retention
