#include "services/advocacy/domain/concentration.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/advocacy/domain/fixture.h"

namespace kith::advocacy::domain {
namespace {

using ::testing::ElementsAre;

double GiniOf(std::vector<int64_t> values) { return Gini(CountValues(std::move(values))); }
double TopOf(std::vector<int64_t> values, int64_t percent) {
  return TopShare(CountValues(std::move(values)), percent);
}

TEST(GiniTest, HasTheKnownValues) {
  EXPECT_DOUBLE_EQ(GiniOf({1, 2, 3, 4}), .25);
  EXPECT_DOUBLE_EQ(GiniOf({0, 0, 0, 1}), .75);
  EXPECT_EQ(GiniOf({5, 5, 5}), 0);
}

TEST(GiniTest, IsZeroWithoutSuccesses) {
  EXPECT_EQ(GiniOf({0, 0}), 0);
  EXPECT_EQ(GiniOf({}), 0);
}

TEST(GiniTest, AgreesWithTheDefinitionOnTheFixture) {
  EXPECT_NEAR(Gini(FixtureCounts()), kFixtureGini, 1e-12);
}

TEST(TopShareTest, TakesTheCeiling) {
  // 20 % of 4 is 0.8: the first one.
  EXPECT_DOUBLE_EQ(TopOf({1, 2, 3, 4}, 20), .4);
  EXPECT_DOUBLE_EQ(TopOf({1, 2, 3, 4}, 50), .7);
  EXPECT_DOUBLE_EQ(TopOf({1, 2, 3, 4}, 51), .9);
  EXPECT_DOUBLE_EQ(TopOf({1, 2, 3, 4}, 100), 1);
}

TEST(TopShareTest, IsNotFooledByBinaryFractions) {
  // 10 % of 30 is exactly 3, though 0.1 * 30 in binary is more.
  std::vector<int64_t> values(30, 0);
  for (size_t i = 0; i < 4; ++i) values[i] = 1;
  EXPECT_DOUBLE_EQ(TopOf(values, 10), .75);
}

TEST(TopShareTest, IsZeroWithoutSuccesses) {
  EXPECT_EQ(TopOf({0, 0}, 20), 0);
  EXPECT_EQ(TopOf({}, 20), 0);
}

TEST(TopShareTest, ShowsThatAFewBringMost) {
  EXPECT_DOUBLE_EQ(TopShare(FixtureCounts(), 1), kFixtureTop1);
  EXPECT_DOUBLE_EQ(TopShare(FixtureCounts(), 5), kFixtureTop5);
  EXPECT_DOUBLE_EQ(TopShare(FixtureCounts(), 10), kFixtureTop10);
  EXPECT_DOUBLE_EQ(TopShare(FixtureCounts(), 20), kFixtureTop20);
}

TEST(LorenzTest, RunsFromZeroToOnePoorestFirst) {
  EXPECT_THAT(LorenzCurve(CountValues({4, 1, 3, 2}), 5),
              ElementsAre(LorenzPoint{0, 0}, LorenzPoint{.25, .1}, LorenzPoint{.5, .3},
                          LorenzPoint{.75, .6}, LorenzPoint{1, 1}));
}

TEST(LorenzTest, IsStraightBetweenAdvocates) {
  const auto curve = LorenzCurve(CountValues({1, 3}), 5);
  EXPECT_DOUBLE_EQ(curve[1].share_of_successes, .125);
  EXPECT_DOUBLE_EQ(curve[2].share_of_successes, .25);
  EXPECT_DOUBLE_EQ(curve[3].share_of_successes, .625);
}

TEST(LorenzTest, IsTheDiagonalWithoutSuccesses) {
  EXPECT_THAT(LorenzCurve(CountValues({0, 0}), 3),
              ElementsAre(LorenzPoint{0, 0}, LorenzPoint{.5, .5}, LorenzPoint{1, 1}));
  EXPECT_THAT(LorenzCurve({}, 2), ElementsAre(LorenzPoint{0, 0}, LorenzPoint{1, 1}));
}

TEST(LorenzTest, HasBothEndsWhateverIsAsked) {
  EXPECT_THAT(LorenzCurve(CountValues({7}), 0),
              ElementsAre(LorenzPoint{0, 0}, LorenzPoint{1, 1}));
}

TEST(LorenzTest, EnclosesTheGiniArea) {
  const auto curve = LorenzCurve(FixtureCounts(), 201);
  double area = 0;
  for (size_t i = 1; i < curve.size(); ++i) {
    area += (curve[i].share_of_successes + curve[i - 1].share_of_successes) / 2 / 200;
  }
  EXPECT_NEAR(1 - 2 * area, kFixtureGini, 1e-12);
}

TEST(TotalsTest, CountAdvocatesAndSuccesses) {
  EXPECT_EQ(TotalAdvocates(FixtureCounts()), 200);
  EXPECT_EQ(TotalSuccesses(FixtureCounts()), kFixtureSuccesses);
}

}  // namespace
}  // namespace kith::advocacy::domain
