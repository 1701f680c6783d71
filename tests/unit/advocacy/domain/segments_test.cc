#include "services/advocacy/domain/segments.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/advocacy/domain/fixture.h"

namespace kith::advocacy::domain {
namespace {

using ::testing::ElementsAre;

TEST(SegmentsTest, ANaiveSplitInThreeIsWrong) {
  const NaturalBreaks naive = FindNaturalBreaks(FixtureCounts(), 3);
  // 188, 10 and 2 advocates: the zeros swallow the Contributors.
  EXPECT_THAT(naive.class_maxima, ElementsAre(2, 14, 25));
}

TEST(SegmentsTest, SetTheZerosApartFirst) {
  const CutOff cut_off = FindCutOff(FixtureCounts());
  EXPECT_EQ(cut_off.contributor_max, 2);
  EXPECT_NEAR(cut_off.goodness_of_variance_fit, kFixtureGvf, 1e-12);
  EXPECT_THAT(CountSegments(cut_off, FixtureCounts()),
              ElementsAre(SegmentSize{Segment::kChampion, 12, 8, 25},
                          SegmentSize{Segment::kContributor, 48, 1, 2},
                          SegmentSize{Segment::kDormant, 140, 0, 0}));
}

TEST(SegmentsTest, MakeEveryoneAContributorWhenAllBringTheSame) {
  const auto counts = CountValues({0, 0, 3, 3, 3});
  const CutOff cut_off = FindCutOff(counts);
  EXPECT_EQ(cut_off.contributor_max, std::nullopt);
  EXPECT_EQ(SegmentOf(cut_off, 0), Segment::kDormant);
  EXPECT_EQ(SegmentOf(cut_off, 3), Segment::kContributor);
  EXPECT_EQ(SuccessesOf(cut_off, Segment::kChampion), kEmptyRange);
  EXPECT_TRUE(SuccessesOf(cut_off, Segment::kContributor).Contains(1'000'000));
}

TEST(SegmentsTest, AreAllDormantWithoutSuccesses) {
  const auto counts = CountValues({0, 0, 0});
  EXPECT_EQ(FindCutOff(counts).goodness_of_variance_fit, 0);
  EXPECT_THAT(CountSegments(FindCutOff(counts), counts),
              ElementsAre(SegmentSize{Segment::kChampion, 0, 0, 0},
                          SegmentSize{Segment::kContributor, 0, 0, 0},
                          SegmentSize{Segment::kDormant, 3, 0, 0}));
}

TEST(SegmentsTest, HaveRangesThatAgreeWithTheSegmentOfEachNumber) {
  const CutOff cut_off = FindCutOff(FixtureCounts());
  for (const Segment segment :
       {Segment::kDormant, Segment::kContributor, Segment::kChampion}) {
    for (int64_t successes = 0; successes < 40; ++successes) {
      EXPECT_EQ(SuccessesOf(cut_off, segment).Contains(successes),
                SegmentOf(cut_off, successes) == segment)
          << successes;
    }
  }
}

TEST(SegmentsTest, TheFirstSuccessAlwaysMakesAContributor) {
  // One success is the least there is, so it is never in the upper of two classes.
  for (const auto& values : std::vector<std::vector<int64_t>>{
           {1}, {0, 1}, {1, 2}, {0, 0, 1, 100}, {1, 1, 1, 2, 3, 4, 50}, FixtureValues()}) {
    EXPECT_EQ(SegmentOf(FindCutOff(CountValues(values)), 1), Segment::kContributor);
  }
}

TEST(SegmentsTest, HaveNames) {
  EXPECT_EQ(SegmentName(Segment::kDormant), "dormant");
  EXPECT_EQ(SegmentName(Segment::kContributor), "contributor");
  EXPECT_EQ(SegmentName(Segment::kChampion), "champion");
}

}  // namespace
}  // namespace kith::advocacy::domain
