#include "services/advocacy/domain/scoring.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::advocacy::domain {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr absl::Duration kDay = absl::Hours(24);

PolicyVersion Version(int64_t number, std::optional<absl::Time> from, PolicyDraft draft) {
  return {"p", number, from, Complete(std::move(draft))};
}

NewActivity Act(absl::string_view id, absl::string_view behaviour,
                std::optional<absl::Time> time) {
  return {std::string(id), "ann", std::string(behaviour), time, "", ""};
}

Activity Capped(absl::string_view id, absl::Time time, int32_t max) {
  Activity act;
  act.activity_id = std::string(id);
  act.time = time;
  act.cap = Cap{max, 7, 0};
  return act;
}

TEST(InForceTest, TheFirstVersionHoldsSinceEver) {
  const PolicyVersion first = Version(1, std::nullopt, {}), second = Version(2, kNow, {});
  const std::vector<const PolicyVersion*> versions = {&first, &second};
  EXPECT_EQ(InForce(versions, absl::FromUnixSeconds(0)).version, 1);
  EXPECT_EQ(InForce(versions, kNow - absl::Microseconds(1)).version, 1);
  EXPECT_EQ(InForce(versions, kNow).version, 2);
  EXPECT_EQ(Newest(versions).version, 2);
}

TEST(InForceTest, DefaultsHoldWithoutAPolicy) {
  EXPECT_EQ(InForce({}, kNow).version, 0);
  EXPECT_EQ(InForce({}, kNow).policy, DefaultPolicy());
  EXPECT_EQ(Newest({}).policy, DefaultPolicy());
}

TEST(JudgeTest, GivesThePointsOfTheTimeOfTheAct) {
  const PolicyVersion first = Version(1, std::nullopt, {});
  const PolicyVersion second = Version(2, kNow, {{{"review", 60}}, {}, {}});
  const std::vector<const PolicyVersion*> versions = {&first, &second};
  EXPECT_EQ(Judge("p", Act("1", "review", kNow - kDay), versions, kNow)->worth, 50);
  EXPECT_EQ(Judge("p", Act("1", "review", std::nullopt), versions, kNow)->worth, 60);
  EXPECT_EQ(Judge("p", Act("1", "speaking", kNow - kDay), versions, kNow)->worth, 200);
}

TEST(JudgeTest, RefusesWhatThePolicyDoesNotKnow) {
  EXPECT_EQ(GetErrorReason(Judge("p", Act("1", "bribery", kNow), {}, kNow).status()),
            "UNKNOWN_BEHAVIOUR");
}

TEST(JudgeTest, AllowsOneDayAheadAndNoMore) {
  EXPECT_TRUE(Judge("p", Act("1", "review", kNow + kDay), {}, kNow).ok());
  EXPECT_EQ(GetErrorReason(
                Judge("p", Act("1", "review", kNow + kDay + absl::Microseconds(1)), {}, kNow)
                    .status()),
            "TIME_IN_FUTURE");
}

int64_t PeriodAt(absl::Time time, int32_t days) {
  const PolicyVersion version = Version(1, std::nullopt, {{{"review", 50, 1, days}}, {}, {}});
  const std::vector<const PolicyVersion*> versions = {&version};
  return Judge("p", Act("1", "review", time), versions, kNow)->cap->period;
}

TEST(JudgeTest, CountsPeriodsFrom1970) {
  const absl::Time epoch = absl::UnixEpoch();
  EXPECT_EQ(PeriodAt(epoch, 7), 0);
  EXPECT_EQ(PeriodAt(epoch + 7 * kDay - absl::Microseconds(1), 7), 0);
  EXPECT_EQ(PeriodAt(epoch + 7 * kDay, 7), 1);
  EXPECT_EQ(PeriodAt(epoch - absl::Microseconds(1), 7), -1);
  EXPECT_EQ(PeriodAt(epoch - 7 * kDay, 7), -1);
  EXPECT_EQ(PeriodAt(epoch - 7 * kDay - absl::Microseconds(1), 7), -2);
}

TEST(SameContentTest, ComparesEverythingTheCallerSaid) {
  const NewActivity act{"1", "ann", "review", kNow, "g2", "https://g2.example/1"};
  const Activity stored = *Judge("p", act, {}, kNow);
  EXPECT_TRUE(SameContent(stored, act));
  NewActivity other = act;
  other.advocate_id = "bob";
  EXPECT_FALSE(SameContent(stored, other));
  other = act;
  other.channel = "capterra";
  EXPECT_FALSE(SameContent(stored, other));
  other = act;
  other.url = "";
  EXPECT_FALSE(SameContent(stored, other));
  other = act;
  other.time = kNow + absl::Microseconds(1);
  EXPECT_FALSE(SameContent(stored, other));
  other = act;
  other.behaviour = "speaking";
  EXPECT_FALSE(SameContent(stored, other));
}

TEST(SameContentTest, AnUnsetTimeIsTheSameAsAnUnsetTimeOnly) {
  const NewActivity act = Act("1", "review", std::nullopt);
  const Activity stored = *Judge("p", act, {}, kNow);
  EXPECT_TRUE(SameContent(stored, act));
  EXPECT_FALSE(SameContent(stored, Act("1", "review", kNow)));
}

TEST(CapTest, AbsentMeansNoCapAndZeroMeansNone) {
  Activity free;
  EXPECT_TRUE(FitsCap(free, {}));
  EXPECT_FALSE(FitsCap(Capped("1", kNow, 0), {}));
}

TEST(CapTest, CountsOnlyLiveActs) {
  Activity counted = Capped("1", kNow, 1), reversed = Capped("2", kNow, 1);
  counted.counted = reversed.counted = true;
  reversed.reversal_time = kNow;
  const Activity capped = Capped("3", kNow, 1), next = Capped("4", kNow, 1);
  EXPECT_TRUE(FitsCap(next, {&reversed, &capped}));
  EXPECT_FALSE(FitsCap(next, {&counted, &reversed, &capped}));
}

TEST(CapTest, TheEarliestCappedActTakesAFreePlace) {
  Activity gone = Capped("a", kNow - kDay * 3, 1);
  gone.reversal_time = kNow;
  const Activity late = Capped("b", kNow, 1), early = Capped("d", kNow - kDay, 1),
                 same = Capped("c", kNow - kDay, 1);
  EXPECT_EQ(NextToCount({&gone, &late, &early, &same}), &same);
  Activity counted = Capped("e", kNow, 1);
  counted.counted = true;
  EXPECT_EQ(NextToCount({&late, &counted}), nullptr);
  EXPECT_EQ(NextToCount({&gone}), nullptr);
}

TEST(ApplyTest, AddsUpAndTellsOfTierMoves) {
  Advocate ann;
  EXPECT_EQ(Apply({.points = 75, .successes = 1}, DefaultPolicy(), ann), std::nullopt);
  EXPECT_EQ(Apply({.points = 200, .activities = 1}, DefaultPolicy(), ann),
            (TierMove{"", "defender"}));
  EXPECT_EQ(ann.points, 275);
  EXPECT_EQ(ann.successes, 1);
  EXPECT_EQ(ann.activities, 1);
  EXPECT_EQ(Apply({.points = -200, .activities = -1}, DefaultPolicy(), ann),
            (TierMove{"defender", ""}));
}

TEST(ApplyTest, AnnouncesTheTierOfANewPolicyAtTheNextChange) {
  Advocate ann{.program_id = "p", .advocate_id = "ann", .points = 100, .tier = "supporter"};
  const ScoringPolicy newest = Complete({{}, {{"friend", 50, {}}}, {}});
  EXPECT_EQ(Apply({}, newest, ann), (TierMove{"supporter", "friend"}));
}

}  // namespace
}  // namespace kith::advocacy::domain
