#include "services/advocacy/domain/policy.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/advocacy/domain/tiers.h"

namespace kith::advocacy::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

int64_t PointsFor(absl::string_view behaviour) {
  const Behaviour* found = FindBehaviour(DefaultPolicy(), behaviour);
  return found == nullptr ? -1 : found->points;
}

std::string FieldOf(const absl::Status& status) {
  EXPECT_EQ(GetErrorReason(status), "INVALID_POLICY");
  return ToItemError(status).field;
}

TEST(DefaultPolicyTest, HasTheBehavioursOfTheProduct) {
  EXPECT_EQ(PointsFor("review"), 50);
  EXPECT_EQ(PointsFor("case_study"), 100);
  EXPECT_EQ(PointsFor("speaking"), 200);
  EXPECT_EQ(PointsFor("educational_content"), 150);
  EXPECT_EQ(PointsFor("community_answer"), 25);
  EXPECT_EQ(PointsFor("testimonial"), 75);
  EXPECT_EQ(PointsFor("user_generated_content"), 50);
  EXPECT_EQ(PointsFor("social_mention"), 10);
  EXPECT_EQ(PointsFor("meetup"), 150);
  EXPECT_EQ(PointsFor("bribery"), -1);
  EXPECT_EQ(DefaultPolicy().referral_points, 75);
}

TEST(DefaultPolicyTest, IsItsOwnCompletion) {
  EXPECT_EQ(Complete({}), DefaultPolicy());
  EXPECT_TRUE(Validate({DefaultPolicy().behaviours, DefaultPolicy().tiers, {}}).ok());
}

TEST(CompleteTest, KeepsWhatIsGivenAndZeroIsNotAbsence) {
  const ScoringPolicy policy = Complete({{{"tweet", 3}, {"blog", 9}}, {{"gold", 10, {}}}, 0});
  ASSERT_EQ(policy.behaviours.size(), 2u);
  EXPECT_EQ(policy.behaviours[0].name, "blog");
  EXPECT_EQ(policy.tiers.size(), 1u);
  EXPECT_EQ(policy.referral_points, 0);
}

TEST(CompleteTest, DoesNotDependOnTheOrderOfBehaviours) {
  EXPECT_EQ(Complete({{{"a", 1}, {"b", 2}}, {}, {}}),
            Complete({{{"b", 2}, {"a", 1}}, {}, {}}));
}

TEST(ValidateTest, RefusesNamesTwice) {
  EXPECT_EQ(FieldOf(Validate({{{"a", 1}, {"b", 1}, {"a", 2}}, {}, {}})),
            "policy.behaviours[2].name");
  EXPECT_EQ(FieldOf(Validate({{}, {{"x", 1, {}}, {"x", 2, {}}}, {}})), "policy.tiers[1].name");
}

TEST(ValidateTest, RefusesACapWithoutAPeriod) {
  EXPECT_EQ(FieldOf(Validate({{{"a", 1, 0, 0}}, {}, {}})), "policy.behaviours[0].period_days");
  EXPECT_TRUE(Validate({{{"a", 1, 0, 1}}, {}, {}}).ok());
}

TEST(ValidateTest, RefusesTiersThatDoNotRise) {
  EXPECT_EQ(FieldOf(Validate({{}, {{"x", 5, {}}, {"y", 5, {}}}, {}})),
            "policy.tiers[1].min_points");
  EXPECT_TRUE(Validate({{}, {{"x", 5, {}}, {"y", 6, {}}}, {}}).ok());
}

TEST(DifferencesTest, NameTheFields) {
  const ScoringPolicy before = Complete({{{"a", 1}, {"b", 2, 3, 7}}, {{"x", 5, {}}}, 75});
  const ScoringPolicy after =
      Complete({{{"b", 2}, {"c", 4}}, {{"x", 6, {"lunch", "tea"}}}, 75});
  EXPECT_THAT(Differences(&before, after),
              ElementsAre(PolicyDifference{"behaviours[a].points", "1", ""},
                          PolicyDifference{"behaviours[b].max_per_period", "3", ""},
                          PolicyDifference{"behaviours[b].period_days", "7", ""},
                          PolicyDifference{"behaviours[c].points", "", "4"},
                          PolicyDifference{"tiers[x].benefits", "", "lunch; tea"},
                          PolicyDifference{"tiers[x].min_points", "5", "6"}));
  EXPECT_THAT(Differences(&after, after), IsEmpty());
}

TEST(DifferencesTest, EveryFieldIsNewAtFirst) {
  EXPECT_THAT(Differences(nullptr, Complete({{{"a", 1}}, {{"x", 5, {}}}, 3})),
              ElementsAre(PolicyDifference{"behaviours[a].points", "", "1"},
                          PolicyDifference{"referral_points", "", "3"},
                          PolicyDifference{"tiers[x].min_points", "", "5"}));
}

TEST(TiersTest, AreReachedAtTheirThreshold) {
  const ScoringPolicy& policy = DefaultPolicy();
  EXPECT_EQ(TierName(policy, -50), "");
  EXPECT_EQ(TierName(policy, 99), "");
  EXPECT_EQ(TierName(policy, 100), "supporter");
  EXPECT_EQ(TierName(policy, 249), "supporter");
  EXPECT_EQ(TierName(policy, 250), "defender");
  EXPECT_EQ(TierName(policy, 499), "defender");
  EXPECT_EQ(TierName(policy, 500), "champion");
}

TEST(TiersTest, TellWhatIsMissing) {
  const TierStanding none = StandingOf(DefaultPolicy(), 0);
  EXPECT_EQ(none.tier, nullptr);
  EXPECT_EQ(none.next->name, "supporter");
  EXPECT_EQ(none.points_to_next, 100);
  const TierStanding middle = StandingOf(DefaultPolicy(), 260);
  EXPECT_EQ(middle.tier->name, "defender");
  EXPECT_EQ(middle.next->name, "champion");
  EXPECT_EQ(middle.points_to_next, 240);
  const TierStanding top = StandingOf(DefaultPolicy(), 900);
  EXPECT_THAT(top.tier->benefits,
              ElementsAre("early access to features", "direct line to the product team"));
  EXPECT_EQ(top.next, nullptr);
  EXPECT_EQ(top.points_to_next, 0);
}

TEST(TiersTest, AreRangesOfPoints) {
  const ScoringPolicy& policy = DefaultPolicy();
  EXPECT_EQ(PointsOf(policy, "").max, 99);
  EXPECT_EQ(PointsOf(policy, "supporter"), (Range{100, 249}));
  EXPECT_EQ(PointsOf(policy, "defender"), (Range{250, 499}));
  EXPECT_EQ(PointsOf(policy, "champion").min, 500);
  EXPECT_EQ(PointsOf(policy, "emperor"), kEmptyRange);
}

TEST(TiersTest, AreCountedLowestFirst) {
  EXPECT_THAT(CountTiers(DefaultPolicy(), {{0, 7}, {75, 2}, {100, 3}, {225, 1}, {1000, 4}}),
              ElementsAre(TierSize{"", 9}, TierSize{"supporter", 4}, TierSize{"defender", 0},
                          TierSize{"champion", 4}));
}

}  // namespace
}  // namespace kith::advocacy::domain
