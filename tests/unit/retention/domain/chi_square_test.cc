#include "services/retention/domain/chi_square.h"

#include <cmath>

#include "gtest/gtest.h"

namespace kith::retention {
namespace {

void ExpectRelative(double actual, double expected) {
  EXPECT_NEAR(actual / expected, 1, 1e-13) << actual << " instead of " << expected;
}

TEST(ChiSquareSurvival, OneDegreeIsTheNormalTail) {
  for (const double x : {1e-6, 0.5, 1.0, 3.8414588206941245, 10.0, 100.0, 700.0}) {
    ExpectRelative(ChiSquareSurvival(x, 1), std::erfc(std::sqrt(x / 2)));
  }
  EXPECT_NEAR(ChiSquareSurvival(kZ95 * kZ95, 1), 0.05, 1e-15);
}

TEST(ChiSquareSurvival, TwoDegreesAreExponential) {
  for (const double x : {1e-6, 0.5, 5.991464547107981, 50.0, 1000.0}) {
    ExpectRelative(ChiSquareSurvival(x, 2), std::exp(-x / 2));
  }
}

TEST(ChiSquareSurvival, ThreeAndFourDegreesHaveClosedForms) {
  for (const double x : {0.01, 1.0, 7.5, 40.0, 300.0}) {
    const double y = x / 2;
    ExpectRelative(ChiSquareSurvival(x, 3),
                   std::erfc(std::sqrt(y)) + 2 * std::sqrt(y / M_PI) * std::exp(-y));
    ExpectRelative(ChiSquareSurvival(x, 4), (1 + y) * std::exp(-y));
  }
}

TEST(ChiSquareSurvival, ManyDegreesDoNotUnderflow) {
  // Near its mean the distribution is nearly symmetric.
  EXPECT_NEAR(ChiSquareSurvival(3000, 3000), 0.4966, 1e-4);
  EXPECT_NEAR(ChiSquareSurvival(3001, 3001), 0.4966, 1e-4);
}

TEST(ChiSquareSurvival, NothingToTest) {
  EXPECT_EQ(ChiSquareSurvival(0, 3), 1);
  EXPECT_EQ(ChiSquareSurvival(-1, 3), 1);
  EXPECT_EQ(ChiSquareSurvival(5, 0), 1);
}

}  // namespace
}  // namespace kith::retention
