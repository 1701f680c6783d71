#include "services/referral/domain/cap.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

absl::Time At(const char* text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

Cap CapOf(CapScope scope, CapPeriod period, std::optional<int64_t> rewards,
          std::optional<int64_t> minor) {
  Cap cap;
  cap.scope = scope;
  cap.period = period;
  cap.max_rewards = rewards;
  cap.max_minor = minor;
  return cap;
}

TEST(CapTest, PeriodsAreThoseOfTheProgramsZone) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("America/New_York", &zone));
  // A Sunday evening there, a Monday in UTC, in the first week of a year.
  const absl::Time time = At("2024-01-08T03:30:00Z");
  EXPECT_EQ(PeriodStart(CapPeriod::kDay, time, zone), At("2024-01-07T05:00:00Z"));
  EXPECT_EQ(PeriodStart(CapPeriod::kWeek, time, zone), At("2024-01-01T05:00:00Z"));
  EXPECT_EQ(PeriodStart(CapPeriod::kWeek, time, absl::UTCTimeZone()),
            At("2024-01-08T00:00:00Z"));
  EXPECT_EQ(PeriodStart(CapPeriod::kMonth, time, zone), At("2024-01-01T05:00:00Z"));
  EXPECT_EQ(PeriodStart(CapPeriod::kYear, At("2024-01-01T04:59:00Z"), zone),
            At("2023-01-01T05:00:00Z"));
  EXPECT_EQ(PeriodStart(CapPeriod::kLifetime, time, zone), absl::UnixEpoch());
  // The day on which clocks go forward begins at midnight all the same.
  EXPECT_EQ(PeriodStart(CapPeriod::kDay, At("2024-03-10T20:00:00Z"), zone),
            At("2024-03-10T05:00:00Z"));
}

class CapsInForceTest : public ::testing::Test {
 protected:
  CapsInForceTest() {
    rule_.rule_id = "share";
    rule_.max_rewards_per_recipient = 32;
    rule_.caps = {CapOf(CapScope::kRecipient, CapPeriod::kDay, std::nullopt, 700)};
    campaign_.campaign_id = "spring";
    campaign_.caps = {CapOf(CapScope::kProgram, CapPeriod::kLifetime, std::nullopt, 5000)};
    program_.caps = {CapOf(CapScope::kProgram, CapPeriod::kMonth, 10, std::nullopt),
                     CapOf(CapScope::kRecipient, CapPeriod::kLifetime, std::nullopt, 500000)};
  }
  std::vector<std::string> Holders(const RuleInForce& rule) {
    std::vector<std::string> holders;
    for (const auto& cap : CapsInForce(program_, rule, "ada", At("2024-05-05T12:00:00Z"))) {
      holders.push_back(cap.key.holder + " " + cap.key.recipient_id);
    }
    return holders;
  }
  Program program_;
  Campaign campaign_;
  RewardRule rule_;
};

TEST_F(CapsInForceTest, TheRulesThenTheCampaignsThenThePrograms) {
  EXPECT_THAT(Holders({&rule_, &campaign_}),
              ::testing::ElementsAre("rule/spring/share ada", "rule/spring/share ada",
                                     "campaign/spring ", "program ", "program ada"));
  EXPECT_THAT(
      Holders({&rule_, nullptr}),
      ::testing::ElementsAre("rule/share ada", "rule/share ada", "program ", "program ada"));
}

TEST_F(CapsInForceTest, AmountsOfBudgetsAreOverMoneyOnlyAndCountsOverAll) {
  rule_.kind = RewardKind::kPoints;
  EXPECT_THAT(
      Holders({&rule_, &campaign_}),
      ::testing::ElementsAre("rule/spring/share ada", "rule/spring/share ada", "program "));
  program_.caps[0].max_minor = 10;
  const auto caps =
      CapsInForce(program_, {&rule_, nullptr}, "ada", At("2024-05-05T12:00:00Z"));
  EXPECT_EQ(caps[1].cap.max_minor, 700);  // the rule's own
  EXPECT_EQ(caps[2].cap.max_rewards, 10);
  EXPECT_EQ(caps[2].cap.max_minor, std::nullopt);
  EXPECT_TRUE(CountsAmount(caps[0].key, RewardKind::kPoints));
  EXPECT_FALSE(CountsAmount(caps[2].key, RewardKind::kPoints));
  EXPECT_TRUE(CountsAmount(caps[2].key, RewardKind::kCredit));
}

TEST_F(CapsInForceTest, EachKeyCountsOnce) {
  rule_.caps.push_back(CapOf(CapScope::kRecipient, CapPeriod::kLifetime, 5, 100));
  const auto keys =
      CountedUnder(program_, {&rule_, nullptr}, "ada", At("2024-05-05T12:00:00Z"));
  // The count for ever, the day's, and the program's two.
  EXPECT_EQ(keys.size(), 4u);
  EXPECT_EQ(keys[0], RuleCountKey("share", "ada"));
  rule_.caps.clear();
  rule_.max_rewards_per_recipient.reset();
  rule_.kind = RewardKind::kPoints;
  EXPECT_EQ(
      CountedUnder(program_, {&rule_, nullptr}, "ada", At("2024-05-05T12:00:00Z")).size(), 3u);
}

int64_t Left(const Cap& cap, CapCount count, int64_t wanted) {
  MeetCap({CapKey(), cap}, count, wanted);
  return wanted;
}

TEST(MeetCapTest, AmountsAreClampedAndNumbersRefused) {
  const Cap minor = CapOf(CapScope::kRecipient, CapPeriod::kLifetime, std::nullopt, 1000);
  EXPECT_EQ(Left(minor, {0, 0}, 400), 400);
  EXPECT_EQ(Left(minor, {2, 800}, 400), 200);
  EXPECT_EQ(Left(minor, {3, 1000}, 400), 0);
  EXPECT_EQ(Left(minor, {3, 1200}, 400), 0);
  const Cap number = CapOf(CapScope::kRecipient, CapPeriod::kLifetime, 2, std::nullopt);
  EXPECT_EQ(Left(number, {1, 999999}, 400), 400);
  EXPECT_EQ(Left(number, {2, 0}, 400), 0);
}

TEST(MeetCapTest, AbsentIsNoCapAndZeroIsNone) {
  const Cap none =
      CapOf(CapScope::kRecipient, CapPeriod::kLifetime, std::nullopt, std::nullopt);
  EXPECT_EQ(Left(none, {1000000, 1000000}, 400), 400);
  EXPECT_EQ(Left(CapOf(CapScope::kProgram, CapPeriod::kDay, 0, std::nullopt), {}, 400), 0);
  EXPECT_EQ(Left(CapOf(CapScope::kProgram, CapPeriod::kDay, std::nullopt, 0), {}, 400), 0);
}

TEST(MeetCapTest, SaysWhatWasLeft) {
  int64_t wanted = 400;
  const CapOutcome outcome = MeetCap(
      {CapKey(), CapOf(CapScope::kProgram, CapPeriod::kDay, 5, 1000)}, {3, 900}, wanted);
  EXPECT_EQ(outcome.rewards_left, 2);
  EXPECT_EQ(outcome.minor_left, 100);
  EXPECT_TRUE(outcome.bound);
  EXPECT_EQ(wanted, 100);
}

}  // namespace
}  // namespace kith::referral::domain
