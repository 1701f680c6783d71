#include "services/retention/domain/tenure.h"

#include <random>

#include "gtest/gtest.h"

namespace kith::retention {
namespace {

absl::Time At(int64_t day, absl::Duration offset = absl::ZeroDuration()) {
  return DayStart(day) + offset;
}

TEST(Tenure, WholeDaysOfTwentyFourHours) {
  const absl::Time signup = At(100, absl::Hours(15));
  EXPECT_EQ(TenureDays(signup, signup), 0);
  EXPECT_EQ(TenureDays(signup, signup + absl::Hours(24) - absl::Microseconds(1)), 0);
  EXPECT_EQ(TenureDays(signup, signup + absl::Hours(24)), 1);
  EXPECT_EQ(TenureDays(signup, signup + absl::Hours(24 * 90)), 90);
}

TEST(Tenure, LeavingBeforeSignupIsDayZero) { EXPECT_EQ(TenureDays(At(100), At(90)), 0); }

TEST(Tenure, DaysRoundAlsoBefore1970) {
  EXPECT_EQ(CeilDay(At(-3)), -3);
  EXPECT_EQ(CeilDay(At(-3, absl::Hours(1))), -2);
  EXPECT_EQ(FloorDay(At(-3)), -3);
  EXPECT_EQ(FloorDay(At(-3, absl::Hours(1))), -3);
  EXPECT_EQ(CeilDay(At(3, absl::Hours(1))), 4);
  EXPECT_EQ(FloorDay(At(3, absl::Hours(23))), 3);
}

TEST(Tenure, ADayNumberTellsTheTenureAtAnyMidnight) {
  const uint64_t seed = std::random_device()();
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int64_t> micros(-1'000'000'000'000'000, 2'000'000'000'000'000);
  for (int i = 0; i < 20000; ++i) {
    const absl::Time signup = absl::FromUnixMicros(micros(random));
    const int64_t midnight = CeilDay(signup) + static_cast<int64_t>(random() % 2000);
    ASSERT_EQ(TenureDays(signup, DayStart(midnight)), midnight - CeilDay(signup))
        << "seed " << seed << ", signup " << signup;
  }
}

TEST(Tenure, TotalsAndMerge) {
  Tenures a{{0, {1, 2, 0}}, {7, {3, 0, 0}}};
  Merge({{7, {1, 1, 0}}, {9, {0, 5, 0}}}, a);
  EXPECT_EQ(a, (Tenures{{0, {1, 2, 0}}, {7, {4, 1, 0}}, {9, {0, 5, 0}}}));
  EXPECT_EQ(Totals(a).customers, 13);
  EXPECT_EQ(Totals(a).events, 5);
}

}  // namespace
}  // namespace kith::retention
