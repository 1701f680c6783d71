// Acts through the real executor: points, caps, duplicates, reversals.
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "tests/unit/advocacy/app/world_test.h"

namespace kith::advocacy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using ActivitiesTest = WorldTest;

TEST_P(ActivitiesTest, EarnThePointsOfTheirBehaviour) {
  ASSERT_TRUE(world_.Apply({}).ok());
  const auto results =
      world_.Record({{"a1", "ann", "review", now(), "g2", "https://g2.example"},
                     {"a2", "ann", "speaking", now() - kDay, "", ""},
                     {"a3", "bob", "case_study", std::nullopt, "", ""}});
  ASSERT_TRUE(results.ok());
  EXPECT_EQ((*results)[0]->worth, 50);
  EXPECT_EQ((*results)[2]->time, now());
  const app::AdvocateView ann = world_.Advocate("ann");
  EXPECT_EQ(ann.advocate.points, 250);
  EXPECT_EQ(ann.advocate.activities, 2);
  EXPECT_EQ(ann.tier, "defender");
  EXPECT_EQ(ann.next_tier, "champion");
  EXPECT_EQ(ann.points_to_next_tier, 250);
  EXPECT_THAT(ann.benefits, ElementsAre("exclusive community", "quarterly strategy calls"));
  EXPECT_EQ(world_.Advocate("bob").tier, "supporter");
  EXPECT_THAT(world_.Facts(),
              ElementsAre("tier ann:  -> defender (250)", "tier bob:  -> supporter (100)"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ActivitiesTest, AreRefusedOneByOne) {
  ASSERT_TRUE(world_.Apply({}).ok());
  const auto results =
      world_.Record({{"a1", "ann", "bribery", now(), "", ""},
                     {"a2", "ann", "review", now() + kDay + absl::Seconds(1), "", ""},
                     {"a3", "ann", "review", now(), "", ""},
                     {"a3", "ann", "speaking", now(), "", ""}});
  ASSERT_TRUE(results.ok());
  EXPECT_EQ(GetErrorReason((*results)[0].status()), "UNKNOWN_BEHAVIOUR");
  EXPECT_EQ(ToItemError((*results)[0].status()).field, "behaviour");
  EXPECT_EQ(GetErrorReason((*results)[1].status()), "TIME_IN_FUTURE");
  EXPECT_TRUE((*results)[2].ok());
  EXPECT_EQ(GetErrorReason((*results)[3].status()), "ACTIVITY_ID_REUSED");
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 50);
}

TEST_P(ActivitiesTest, TellWhichAdvocatesAreNotKnown) {
  ASSERT_TRUE(world_.Apply({}).ok());
  world_.Enrol("ann");
  const auto results = world_.Record(
      {{"a1", "ann", "review", now(), "", ""}, {"a2", "bob", "review", now(), "", ""}});
  ASSERT_TRUE(results.ok());
  EXPECT_FALSE((*results)[0]->unknown_advocate);
  EXPECT_TRUE((*results)[1]->unknown_advocate);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ActivitiesTest, OfAnUnknownProgramAreRefusedAsAWhole) {
  EXPECT_EQ(GetErrorReason(world_.Record({{"a", "ann", "review", now(), "", ""}}).status()),
            "PROGRAM_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(world_.Reverse("a").status()), "PROGRAM_NOT_FOUND");
  EXPECT_THAT(world_.Ask("SELECT advocate_id FROM advocate"), IsEmpty());
}

TEST_P(ActivitiesTest, OfAProgramKnownByItsFactsFollowTheDefaults) {
  world_.Enrol("ann");
  EXPECT_EQ(world_.RecordOne("a1", "ann", "educational_content", now()).worth, 150);
}

TEST_P(ActivitiesTest, ToldAgainChangeNothing) {
  ASSERT_TRUE(world_.Apply({}).ok());
  const domain::Activity first = world_.RecordOne("a1", "ann", "review", now());
  world_.clock().Advance(kDay);
  EXPECT_EQ(world_.RecordOne("a1", "ann", "review", first.time), first);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 50);
  const auto unset = world_.Record({{"a2", "ann", "review", std::nullopt, "", ""}});
  world_.clock().Advance(kDay);
  const auto again = world_.Record({{"a2", "ann", "review", std::nullopt, "", ""}});
  EXPECT_EQ(unset->front()->time, again->front()->time);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 100);
}

TEST_P(ActivitiesTest, ToldAgainAreReturnedEvenWhenThePolicyNoLongerKnowsThem) {
  ASSERT_TRUE(world_.Apply({}).ok());
  const domain::Activity first = world_.RecordOne("a1", "ann", "review", now());
  world_.clock().Advance(kDay);
  ASSERT_TRUE(world_.Apply({{{"podcast", 30}}, {}, {}}).ok());
  EXPECT_EQ(world_.RecordOne("a1", "ann", "review", first.time), first);
}

TEST_P(ActivitiesTest, KeepTheirPointsWhenThePolicyChanges) {
  ASSERT_TRUE(world_.Apply({{{"review", 50}}, {}, {}}).ok());
  world_.RecordOne("a1", "ann", "review", now());
  world_.clock().Advance(kDay);
  ASSERT_TRUE(world_.Apply({{{"review", 70}}, {}, {}}).ok());
  // Judged by the rules of its own time, whenever it is told.
  EXPECT_EQ(world_.RecordOne("a2", "ann", "review", now() - absl::Hours(1)).worth, 50);
  EXPECT_EQ(world_.RecordOne("a3", "ann", "review", now()).worth, 70);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 170);
  ASSERT_TRUE(world_.Reverse("a1").ok());
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 120);
}

TEST_P(ActivitiesTest, BeyondTheCapAreKeptWithoutPoints) {
  ASSERT_TRUE(world_.Apply({{{"review", 50, 2, 7}}, {}, {}}).ok());
  const absl::Time monday = absl::UnixEpoch() + 7 * kDay * 2800;
  EXPECT_TRUE(world_.RecordOne("a1", "ann", "review", monday).counted);
  EXPECT_TRUE(world_.RecordOne("a2", "ann", "review", monday + kDay).counted);
  EXPECT_FALSE(world_.RecordOne("a3", "ann", "review", monday + 2 * kDay).counted);
  // Another period, another advocate.
  EXPECT_TRUE(world_.RecordOne("a4", "ann", "review", monday + 7 * kDay).counted);
  EXPECT_TRUE(world_.RecordOne("a5", "bob", "review", monday).counted);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 150);
  EXPECT_EQ(world_.Advocate("ann").advocate.activities, 3);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ActivitiesTest, CapsHoldWithinOneBatch) {
  ASSERT_TRUE(world_.Apply({{{"review", 50, 1, 30}}, {}, {}}).ok());
  const auto results = world_.Record({{"a1", "ann", "review", std::nullopt, "", ""},
                                      {"a2", "ann", "review", std::nullopt, "", ""}});
  EXPECT_TRUE((*results)[0]->counted);
  EXPECT_FALSE((*results)[1]->counted);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ActivitiesTest, ACapOfZeroLetsNoneCountAndStillMakesTheAdvocate) {
  ASSERT_TRUE(world_.Apply({{{"review", 50, 0, 7}}, {}, {}}).ok());
  EXPECT_FALSE(world_.RecordOne("a1", "ann", "review", now()).counted);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 0);
  ASSERT_TRUE(world_.Reverse("a1").ok());
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 0);
  EXPECT_THAT(world_.Ask("SELECT points FROM point_entry"), IsEmpty());
}

TEST_P(ActivitiesTest, ThePointsOfAPeriodDoNotDependOnTheOrderOfArrival) {
  ASSERT_TRUE(world_.Apply({{{"review", 50, 2, 365}}, {}, {}}).ok());
  const absl::Time start = absl::UnixEpoch() + 365 * kDay * 52;
  std::vector<int> days = {1, 2, 3, 4};
  int round = 0;
  do {
    const std::string advocate = "ann" + std::to_string(round++);
    for (const int day : days) {
      world_.RecordOne(advocate + "-" + std::to_string(day), advocate, "review",
                       start + day * kDay);
    }
    EXPECT_EQ(world_.Advocate(advocate).advocate.points, 100);
  } while (std::next_permutation(days.begin(), days.end()));
  EXPECT_EQ(round, 24);
}

TEST_P(ActivitiesTest, AReversedActGivesItsPlaceToTheEarliestCappedOne) {
  ASSERT_TRUE(world_.Apply({{{"review", 50, 1, 365}}, {}, {}}).ok());
  const absl::Time start = absl::UnixEpoch() + 365 * kDay * 52;
  world_.RecordOne("a1", "ann", "review", start);
  world_.RecordOne("a3", "ann", "review", start + 3 * kDay);
  world_.RecordOne("a2", "ann", "review", start + 2 * kDay);
  const auto reversed = world_.Reverse("a1");
  ASSERT_TRUE(reversed.ok());
  EXPECT_EQ(reversed->reversal_time, now());
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 50);
  EXPECT_EQ(world_.Advocate("ann").advocate.activities, 1);
  EXPECT_THAT(world_.Ask("SELECT activity_id, counted FROM activity ORDER BY activity_id"),
              ElementsAre("a1|1", "a2|1", "a3|0"));
  EXPECT_THAT(world_.Ask("SELECT source_id, number, points FROM point_entry "
                         "ORDER BY source_id, number"),
              ElementsAre("a1|1|50", "a1|2|-50", "a2|1|50"));
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(ActivitiesTest, ReversingACappedActFreesNoPlace) {
  ASSERT_TRUE(world_.Apply({{{"review", 50, 1, 365}}, {}, {}}).ok());
  const absl::Time start = absl::UnixEpoch() + 365 * kDay * 52;
  for (const char* id : {"a1", "a2", "a3"}) world_.RecordOne(id, "ann", "review", start);
  ASSERT_TRUE(world_.Reverse("a2").ok());
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 50);
  ASSERT_TRUE(world_.Reverse("a1").ok());
  EXPECT_THAT(world_.Ask("SELECT activity_id FROM activity "
                         "WHERE counted = 1 AND reversed_at IS NULL"),
              ElementsAre("a3"));
}

TEST_P(ActivitiesTest, AreReversedOnce) {
  ASSERT_TRUE(world_.Apply({}).ok());
  world_.RecordOne("a1", "ann", "speaking", now());
  const auto first = world_.Reverse("a1");
  world_.clock().Advance(kDay);
  EXPECT_EQ(*world_.Reverse("a1"), *first);
  EXPECT_EQ(world_.Advocate("ann").advocate.points, 0);
  EXPECT_EQ(world_.Advocate("ann").tier, "");
  EXPECT_EQ(GetErrorReason(world_.Reverse("a2").status()), "ACTIVITY_NOT_FOUND");
  EXPECT_THAT(world_.Facts(),
              ElementsAre("tier ann:  -> supporter (200)", "tier ann: supporter ->  (0)"));
}

INSTANTIATE_TEST_SUITE_P(Backends, ActivitiesTest, testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::advocacy
