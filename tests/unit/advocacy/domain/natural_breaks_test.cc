#include "services/advocacy/domain/natural_breaks.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::advocacy::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NaturalBreaks Split(std::vector<int64_t> values, int classes) {
  return FindNaturalBreaks(CountValues(std::move(values)), classes);
}

const std::vector<int64_t> kReference = {1,  1,  2,  3,  4,  7,  8,  9,
                                         15, 16, 20, 40, 45, 90, 95, 100};

// The reference values were computed with R 4.2, classInt 0.4-9.
TEST(NaturalBreaksTest, AgreesWithClassIntOnThreeClasses) {
  const NaturalBreaks breaks = Split(kReference, 3);
  EXPECT_THAT(breaks.class_maxima, ElementsAre(20, 45, 100));
  EXPECT_NEAR(breaks.goodness_of_variance_fit, .9736937241, 5e-11);
}

TEST(NaturalBreaksTest, AgreesWithClassIntOnFiveClasses) {
  const NaturalBreaks breaks = Split(kReference, 5);
  EXPECT_THAT(breaks.class_maxima, ElementsAre(4, 9, 20, 45, 100));
  EXPECT_NEAR(breaks.goodness_of_variance_fit, .9954772004, 5e-11);
}

TEST(NaturalBreaksTest, CutsEvenValuesEvenly) {
  EXPECT_THAT(Split({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 4).class_maxima,
              ElementsAre(2, 5, 8, 11));
}

TEST(NaturalBreaksTest, NeverPartsEqualValues) {
  EXPECT_THAT(Split({0, 0, 0, 1, 2, 50}, 3).class_maxima, ElementsAre(0, 2, 50));
  EXPECT_THAT(Split({5, 5, 5, 5}, 3).class_maxima, ElementsAre(5));
}

TEST(NaturalBreaksTest, GivesAClassToEachValueWhenThereAreFew) {
  const NaturalBreaks breaks = Split({3, 9}, 5);
  EXPECT_THAT(breaks.class_maxima, ElementsAre(3, 9));
  EXPECT_EQ(breaks.goodness_of_variance_fit, 1);
}

TEST(NaturalBreaksTest, HasNoClassesWithoutValues) {
  EXPECT_THAT(Split({}, 3).class_maxima, IsEmpty());
  EXPECT_EQ(Split({}, 3).goodness_of_variance_fit, 0);
}

TEST(NaturalBreaksTest, TakesTheLowestOfEquallyGoodBreaks) {
  EXPECT_THAT(Split({1, 2, 3}, 2).class_maxima, ElementsAre(1, 3));
  EXPECT_THAT(Split({1, 2, 3, 4, 5}, 2).class_maxima, ElementsAre(2, 5));
}

TEST(NaturalBreaksTest, IsExactForLargeNumbers) {
  const int64_t base = 1'000'000'000'000;
  EXPECT_THAT(Split({base + 1, base + 2, base + 10, base + 11}, 2).class_maxima,
              ElementsAre(base + 2, base + 11));
}

// The error of a partition, straight from its definition.
double ErrorOf(const std::vector<int64_t>& values, const std::vector<int64_t>& maxima) {
  double error = 0;
  int64_t below = std::numeric_limits<int64_t>::min();
  for (const int64_t maximum : maxima) {
    double sum = 0, count = 0, squares = 0;
    for (const int64_t value : values) {
      if (value <= below || value > maximum) continue;
      sum += static_cast<double>(value);
      count += 1;
    }
    for (const int64_t value : values) {
      if (value <= below || value > maximum) continue;
      const double distance = static_cast<double>(value) - sum / count;
      squares += distance * distance;
    }
    error += squares;
    below = maximum;
  }
  return error;
}

// The least error over all partitions of `distinct` into three classes.
double LeastErrorOfThree(const std::vector<int64_t>& values,
                         const std::vector<WeightedValue>& distinct) {
  double least = std::numeric_limits<double>::infinity();
  for (size_t a = 0; a + 2 < distinct.size(); ++a) {
    for (size_t b = a + 1; b + 1 < distinct.size(); ++b) {
      least = std::min(least, ErrorOf(values, {distinct[a].value, distinct[b].value,
                                               distinct.back().value}));
    }
  }
  return least;
}

TEST(NaturalBreaksTest, FindsTheOptimumOfRandomValues) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<int64_t> values(5 + random() % 30);
    for (int64_t& value : values) value = static_cast<int64_t>(random() % 40);
    const auto distinct = CountValues(values);
    if (distinct.size() < 3) continue;
    EXPECT_NEAR(ErrorOf(values, FindNaturalBreaks(distinct, 3).class_maxima),
                LeastErrorOfThree(values, distinct), 1e-6);
  }
}

TEST(NaturalBreaksTest, IsFastForManyDistinctValues) {
  std::vector<WeightedValue> values;
  for (int64_t i = 0; i < 200'000; ++i)
    values.push_back({i * i % 1'000'003 + i * 7, 1 + i % 3});
  std::sort(values.begin(), values.end(),
            [](const auto& a, const auto& b) { return a.value < b.value; });
  values.erase(std::unique(values.begin(), values.end(),
                           [](const auto& a, const auto& b) { return a.value == b.value; }),
               values.end());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(FindNaturalBreaks(values, 5).class_maxima.size(), 5u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace kith::advocacy::domain
