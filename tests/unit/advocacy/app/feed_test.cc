// The facts of the referral feed through the real executor.
#include <algorithm>
#include <random>

#include "gmock/gmock.h"
#include "services/advocacy/app/segments.h"
#include "tests/unit/advocacy/app/world_test.h"

namespace kith::advocacy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using FeedTest = WorldTest;

TEST_P(FeedTest, AConversionIsASuccessAndSeventyFivePoints) {
  EXPECT_EQ(world_.Convert("c1", "ann"), 0);
  EXPECT_EQ(world_.Convert("c2", "ann"), 0);
  const app::AdvocateView ann = world_.Advocate("ann");
  EXPECT_EQ(ann.advocate.points, 150);
  EXPECT_EQ(ann.advocate.successes, 2);
  EXPECT_EQ(ann.advocate.activities, 0);
  EXPECT_EQ(ann.tier, "supporter");
  EXPECT_THAT(world_.Facts(), ElementsAre("segment ann: dormant -> contributor",
                                          "tier ann:  -> supporter (150)"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FeedTest, AReversalTakesBackWhatWasGiven) {
  ASSERT_TRUE(world_.Apply({{}, {}, 60}).ok());
  world_.Convert("c1", "ann");
  world_.clock().Advance(kDay);
  ASSERT_TRUE(world_.Apply({{}, {}, 90}).ok());
  EXPECT_EQ(world_.Unconvert("c1"), 0);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 0);
  EXPECT_EQ(world_.Advocate("ann").advocate.successes, 0);
  EXPECT_THAT(world_.Facts(), ElementsAre("segment ann: dormant -> contributor",
                                          "segment ann: contributor -> dormant"));
  EXPECT_THAT(world_.Ask("SELECT number, points FROM point_entry ORDER BY number"),
              ElementsAre("1|60", "2|-60"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FeedTest, AConversionIsJudgedByThePolicyOfItsTime) {
  ASSERT_TRUE(world_.Apply({{}, {}, 60}).ok());
  world_.clock().Advance(kDay);
  ASSERT_TRUE(world_.Apply({{}, {}, 90}).ok());
  world_.Convert("late", "ann", now() - absl::Seconds(1));
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 60);
  world_.Convert("new", "ann", now());
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 150);
}

TEST_P(FeedTest, AReversalWithoutItsConversionGoesIntoQuarantine) {
  EXPECT_EQ(world_.Unconvert("c9"), 1);
  EXPECT_THAT(world_.Quarantined(), ElementsAre("UNKNOWN_CONVERSION"));
  // The events after it go on.
  EXPECT_EQ(world_.Convert("c1", "ann"), 0);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 75);
}

TEST_P(FeedTest, ASecondReversalChangesNothing) {
  world_.Convert("c1", "ann");
  world_.Unconvert("c1");
  EXPECT_EQ(world_.Unconvert("c1"), 0);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 0);
}

TEST_P(FeedTest, AReversedConversionMayGoToSomebodyElse) {
  world_.Convert("c1", "ann");
  EXPECT_EQ(world_.Convert("c1", "ann"), 0);
  EXPECT_EQ(world_.Convert("c1", "bob"), 1);
  EXPECT_THAT(world_.Quarantined(), ElementsAre("CONVERSION_CONFLICT"));
  world_.Unconvert("c1");
  EXPECT_EQ(world_.Convert("c1", "bob"), 0);
  EXPECT_EQ(world_.Advocate("ann").advocate.successes, 0);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 0);
  EXPECT_EQ(world_.Advocate("bob").advocate.successes, 1);
  EXPECT_EQ(world_.Advocate("bob").advocate.points, 75);
}

TEST_P(FeedTest, AnEnrolmentMakesAnAdvocateOfNoPoints) {
  world_.Enrol("ann");
  world_.Enrol("ann");
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 0);
  EXPECT_EQ(world_.Advocate("ann").segment, domain::Segment::kDormant);
  EXPECT_THAT(world_.Facts(), IsEmpty());
  EXPECT_EQ(app::GetConcentration(world_.database(), "acme", 0, test::Soon())->advocates, 1);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FeedTest, EventsTakeEffectOnceHoweverOftenTheyAreDelivered) {
  world_.Enrol("ann");
  world_.Convert("c1", "ann");
  world_.Convert("c2", "bob");
  world_.Unconvert("c2");
  world_.ReplayFeed();
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 75);
  EXPECT_EQ(world_.Advocate("bob").advocate.points, 0);
  EXPECT_EQ(world_.Ask("SELECT points FROM point_entry").size(), 3u);
}

TEST_P(FeedTest, FactsOfNoUseArePassedOver) {
  events::v1::Fact fact;
  fact.mutable_referral_submitted()->set_advocate_id("ann");
  EXPECT_EQ(world_.Feed("referral", fact), 0);
  EXPECT_THAT(world_.Ask("SELECT advocate_id FROM advocate"), IsEmpty());
  EXPECT_THAT(world_.Ask("SELECT program_id FROM program"), IsEmpty());
}

TEST_P(FeedTest, FactsWithoutTheirIdsGoIntoQuarantine) {
  EXPECT_EQ(world_.Enrol(""), 1);
  EXPECT_EQ(world_.Convert("", "ann"), 1);
  EXPECT_EQ(world_.Convert("c1", ""), 1);
  EXPECT_EQ(world_.Unconvert(""), 1);
  EXPECT_THAT(world_.Quarantined(), ElementsAre("MALFORMED_FACT", "MALFORMED_FACT",
                                                "MALFORMED_FACT", "MALFORMED_FACT"));
}

TEST_P(FeedTest, TheOrderOfFactsDoesNotMatter) {
  std::vector<int> order = {0, 1, 2, 3};
  int round = 0;
  do {
    const std::string ann = "ann" + std::to_string(round), prefix = std::to_string(round++);
    for (const int step : order) {
      if (step == 0) world_.Enrol(ann);
      if (step == 1) world_.Convert(prefix + "-c1", ann);
      if (step == 2) world_.Convert(prefix + "-c2", ann);
      if (step == 3 && !world_.Record({{prefix, ann, "review", now(), "", ""}}).ok()) {
        // Nothing was known of the program yet.
        world_.Enrol(ann);
        world_.RecordOne(prefix, ann, "review", now());
      }
    }
    EXPECT_EQ(world_.Advocate(ann).advocate.points, 200);
    EXPECT_EQ(world_.Advocate(ann).advocate.successes, 2);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_P(FeedTest, TheStoreDoesNotShowHowEventsWereBatched) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int step = 0; step < 150; ++step) {
    const std::string conversion = "c" + std::to_string(random() % 30);
    const std::string advocate = "a" + std::to_string(random() % 3);
    if (random() % 3 == 0) {
      world_.Unconvert(conversion);
    } else {
      world_.Convert(conversion, advocate);
    }
  }
  World late(GetParam());
  late.CatchUpWith(world_);
  for (const char* table :
       {"program", "advocate", "success", "point_entry", "advocates_by_successes",
        "advocates_by_points", "activities_by_behaviour"}) {
    const std::string all = std::string("SELECT * FROM ") + table;
    EXPECT_THAT(late.Ask(all), ::testing::UnorderedElementsAreArray(world_.Ask(all))) << table;
  }
  EXPECT_EQ(late.Facts(), world_.Facts());
  EXPECT_EQ(late.Quarantined(), world_.Quarantined());
}

INSTANTIATE_TEST_SUITE_P(Backends, FeedTest, testing::ValuesIn(test::Backends()), BackendName);

}  // namespace
}  // namespace kith::advocacy
