// What each rule says of a conversion.
#include "services/referral/app/conversion_story.h"

#include "services/referral/app/override_attribution.h"
#include "services/referral/app/pause_campaign.h"
#include "services/referral/app/suspend_advocate.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::Trigger;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ConversionStoryTest : public RewardTest {
 protected:
  ConversionStory Explain(const std::string& conversion_id) {
    const auto story =
        reader_.ExplainConversion("acme", conversion_id, world_.clock.Now(), test::Soon());
    EXPECT_TRUE(story.ok()) << story.status();
    return story.ok() ? *story : ConversionStory();
  }
  std::vector<std::string> Tell(const std::string& conversion_id) {
    return TellRules(Explain(conversion_id).rules);
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, ConversionStoryTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(ConversionStoryTest, EachRuleTellsWhatItPaidOrWhyNot) {
  domain::RewardRule least = Rule("least", 100);
  least.min_conversion_minor = 6000;
  domain::RewardRule gold = Rule("gold", 100);
  gold.condition = *domain::ParseCondition("order.plan equals gold");
  domain::RewardRule trip = Rule("trip", 100);
  trip.event = "trip_completed";
  domain::RewardRule annual = Rule("annual", 0);
  annual.amount = {};
  annual.amount.annual_percent_basis_points = 2000;
  domain::RewardRule third = On(Trigger::kNthSuccess, "third", 100);
  third.count = 3;
  Apply({Rule("share", 100), least, gold, trip, annual, third,
         On(Trigger::kSignedUp, "hello", 100)});
  Bring("carl");
  Pay("o1", "carl", 5000);
  EXPECT_THAT(
      Tell("o1"),
      ElementsAre(
          "share o1:share",
          "least AMOUNT_TOO_SMALL: its amount, 5000, is less than 6000 minor units",
          "gold CONDITION_NOT_MET: order.plan equals gold",
          "trip OTHER_EVENT: it asks for the event trip_completed, and this was none",
          "annual NO_AMOUNT: 20.00 % of the annual 0 = 0",
          "third NOT_REACHED: it pays number 3 of the advocate's successes, and by now ada "
          "has 1",
          "hello NOT_OVER_CONVERSIONS: it is earned by signed_up"));
  const ConversionStory story = Explain("o1");
  EXPECT_EQ(story.advocate_id, "ada");
  EXPECT_EQ(story.program_version, 1);
  EXPECT_EQ(story.reason, "");
  EXPECT_TRUE(story.view.live);
  EXPECT_THAT(story.view.reward_ids, ElementsAre("o1:share"));
  ASSERT_EQ(story.rules[2].unpaid.tests.size(), 1u);
  EXPECT_EQ(story.rules[2].unpaid.tests[0].value, std::nullopt);
}

TEST_P(ConversionStoryTest, WhatIsGivenOnceIsGivenToTheFirst) {
  domain::RewardRule trip = Rule("trip", 100);
  trip.event = "trip_completed";
  Apply({Rule("share", 100), trip});
  Bring("carl");
  Pay("o1", "carl", 5000, "trip_completed");
  Pay("o2", "carl", 5000, "trip_completed");
  EXPECT_THAT(Tell("o2"),
              ElementsAre("share NOT_THE_FIRST: o1 has the reward, which is given once",
                          "trip NOT_THE_FIRST: o1 has the reward, which is given once"));
  ASSERT_TRUE(
      world_
          .Run<TakeBackReward>("TakeBackReward",
                               TakeBackReward::Request{"acme", "o1:trip", "abuse", "erin"})
          .ok());
  EXPECT_EQ(Tell("o2")[1], "trip NOT_THE_FIRST: o1 had the reward, which is given once");
}

TEST_P(ConversionStoryTest, ACapTellsWhatItLeft) {
  domain::RewardRule rule = Rule("share", 100);
  domain::Cap cap;
  cap.max_rewards = 1;
  rule.caps = {cap};
  Apply({rule});
  Bring("carl");
  Bring("dora");
  Pay("o1", "carl");
  Pay("o2", "dora");
  EXPECT_THAT(Tell("o2"), ElementsAre("share o2:share CAP_REACHED: a cap left nothing of it"));
  const ConversionStory story = Explain("o2");
  ASSERT_EQ(story.rules[0].caps.size(), 1u);
  EXPECT_EQ(story.rules[0].caps[0].rewards_left, 0);
  EXPECT_THAT(story.view.reward_ids, IsEmpty());
}

TEST_P(ConversionStoryTest, ACampaignOutOfItsSeasonAndOneThatReplaces) {
  domain::Program program = SampleProgram();
  program.rewards = {Rule("share", 100)};
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.start_time = kNow - 10 * kDay;
  spring.end_time = kNow + kDay;
  spring.replaces_rewards = true;
  spring.rewards = {Rule("more", 300)};
  program.campaigns = {spring};
  Apply(program);
  Submit("carl", "ada", "spring");
  SignUp("carl");
  Pay("o1", "carl");
  EXPECT_THAT(Tell("o1"), ElementsAre("share REPLACED: the rules of spring stand instead",
                                      "spring/more spring/more:o1"));
  domain::Program later = program;
  later.campaigns[0].start_time = kNow - kDay / 48;  // after the lead was submitted
  const auto applied = world_.Apply({.program = later, .effective_time = kNow + kDay / 2});
  ASSERT_TRUE(applied.ok()) << applied.status();
  Advance(kDay);
  Pay("o2", "carl");
  EXPECT_THAT(
      Tell("o2"),
      ElementsAre("share REPLACED: the rules of spring stand instead",
                  "spring/more NOT_THE_FIRST: o1 has the reward, which is given once"));
}

// The campaign came when the referral had begun.
TEST_P(ConversionStoryTest, ACampaignThatIsNotTheReferrals) {
  Apply({Rule("share", 100)});
  Submit("carl", "ada", "spring");
  SignUp("carl");
  domain::Program later = SampleProgram();
  later.rewards = {Rule("share", 100)};
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.rewards = {Rule("more", 300)};
  later.campaigns = {spring};
  const auto applied = world_.Apply({.program = later, .effective_time = kNow + kDay / 2});
  ASSERT_TRUE(applied.ok()) << applied.status();
  Advance(kDay);
  Pay("o1", "carl");
  EXPECT_THAT(Tell("o1"),
              ElementsAre("share o1:share",
                          "spring/more CAMPAIGN_CLOSED: the referral did not begin while "
                          "spring was running"));
}

TEST_P(ConversionStoryTest, WhatCountsForNoReferralTellsWhy) {
  Apply({Rule("share", 100)});
  Pay("o1", "carl");
  EXPECT_EQ(Explain("o1").reason, "UNKNOWN_CUSTOMER");
  Advance(kDay);
  Bring("carl");
  EXPECT_EQ(Explain("o1").reason, "BEFORE_SIGNUP");
  EXPECT_EQ(Explain("o1").view.uncounted, "BEFORE_SIGNUP");
  EXPECT_THAT(Explain("o1").rules, IsEmpty());
  SignUp("dora");
  Pay("o2", "dora");
  EXPECT_EQ(Explain("o2").reason, "NOT_ATTRIBUTED");
  Pay("o3", "carl");
  ASSERT_TRUE(world_.Reverse("o3").ok());
  EXPECT_EQ(Explain("o3").reason, "REVERSED");
  const auto unknown = reader_.ExplainConversion("acme", "o9", kNow, test::Soon());
  EXPECT_EQ(GetErrorReason(unknown.status()), "CONVERSION_NOT_FOUND");
}

TEST_P(ConversionStoryTest, AFraudEarnsNothing) {
  Apply({Rule("share", 100)});
  Bring("carl");
  SetFraud("signup:carl", domain::FraudState::kRejected);
  Pay("o1", "carl");
  EXPECT_THAT(Tell("o1"),
              ElementsAre("share FRAUD_REJECTED: the referral was rejected as a fraud"));
}

TEST_P(ConversionStoryTest, AFormerAdvocatesRewardIsNotThePresentOnes) {
  domain::RewardRule gold = Rule("gold", 100);
  gold.condition = *domain::ParseCondition("advocate.group equals gold");
  domain::RewardRule trip = gold;
  trip.rule_id = "trip";
  trip.event = "trip";
  trip.expires_after = kDay;
  Apply({gold, trip});
  EnrollAdvocates::NewAdvocate eve{.advocate_id = "eve"};
  eve.attributes = {{"group", "gold"}};
  world_.Enroll({eve});
  Bring("carl", "eve");
  Pay("o1", "carl", 5000, "trip");
  Pay("o2", "carl", 5000, "trip");
  EXPECT_THAT(Tell("o1"), ElementsAre("gold o1:gold", "trip o1:trip"));
  // What a person decided and what has expired stay as they are when the customer moves.
  ASSERT_TRUE(
      world_
          .Run<TakeBackReward>("TakeBackReward",
                               TakeBackReward::Request{"acme", "o1:gold", "goodwill", "erin"})
          .ok());
  Advance(2 * kDay);
  DoDueWork();
  EXPECT_THAT(Tell("o1"), ElementsAre("gold o1:gold goodwill: erin took it back",
                                      "trip o1:trip EXPIRED: it was not taken in time"));
  ASSERT_TRUE(world_
                  .Run<OverrideAttribution>(
                      "OverrideAttribution",
                      OverrideAttribution::Request{"acme", "carl", "bob", "sue", "call"})
                  .ok());
  EXPECT_THAT(Tell("o1"),
              ElementsAre("gold o1:gold CONDITION_NOT_MET: advocate.group equals gold",
                          "trip o1:trip CONDITION_NOT_MET: advocate.group equals gold"));
  EXPECT_THAT(Tell("o2"), ElementsAre("gold NOT_THE_FIRST: o1 converts the referral",
                                      "trip CONDITION_NOT_MET: advocate.group equals gold"));
}

TEST_P(ConversionStoryTest, WhatAReversalCameTooLateForIsListed) {
  domain::RewardRule early = Rule("early", 100);
  early.clawback_window = 10 * kDay;
  Apply({early, Rule("late", 100), On(Trigger::kSignedUp, "hello", 1)});
  Bring("carl");
  Pay("o1", "carl");
  Advance(10 * kDay + absl::Microseconds(1));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  const std::string end =
      absl::FormatTime("%Y-%m-%d %H:%M UTC", kNow + 10 * kDay, absl::UTCTimeZone());
  EXPECT_EQ(Explain("o1").reason, "REVERSED");
  EXPECT_THAT(
      Tell("o1"),
      ElementsAre("early o1:early CLAWBACK_WINDOW_OVER: it could be taken back until " + end +
                      ", and the conversion was reversed later",
                  "late o1:late refund: it was taken back"));
  EXPECT_THAT(Explain("o1").view.reward_ids, ElementsAre("o1:early", "o1:late"));
}

TEST_P(ConversionStoryTest, AnNthSuccessStandsWhileTheReferralIsConverted) {
  domain::RewardRule first = On(Trigger::kNthSuccess, "first", 100);
  first.count = 1;
  Apply({first});
  Bring("carl");
  Pay("o1", "carl");
  Pay("o2", "carl");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Tell("o1"), ElementsAre("first first:ada#1 STILL_CONVERTED: another conversion "
                                      "converts the referral"));
}

TEST_P(ConversionStoryTest, ARewardThatIsOverOrHeldBackTellsWhy) {
  domain::RewardRule gated = Rule("gated", 100);
  gated.release_event = "checked_out";
  Apply({Rule("a", 100), Rule("b", 100), gated});
  Bring("carl");
  Pay("o1", "carl");
  ASSERT_TRUE(
      world_
          .Run<TakeBackReward>("TakeBackReward",
                               TakeBackReward::Request{"acme", "o1:a", "goodwill", "erin"})
          .ok());
  const std::string waits =
      "gated o1:gated release:checked_out: it waits for the event "
      "checked_out";
  EXPECT_THAT(Tell("o1"), ElementsAre("a o1:a goodwill: erin took it back", "b o1:b", waits));
  ASSERT_TRUE(
      world_
          .Run<SuspendAdvocate>("SuspendAdvocate", std::string("acme"), std::string("ada"),
                                ConductDecision{.decided_by = "mary", .cause = "abuse"})
          .ok());
  EXPECT_THAT(Tell("o1"),
              ElementsAre("a o1:a goodwill: erin took it back",
                          "b o1:b advocate_suspended: the advocate is suspended", waits));
}

TEST_P(ConversionStoryTest, AFraudCaseHoldsARewardBackAndEndsIt) {
  domain::RewardRule first = On(Trigger::kNthSuccess, "first", 100);
  first.count = 1;
  Apply({Rule("share", 100), first});
  Bring("carl");
  SetFraud("signup:carl", domain::FraudState::kHeld);
  Pay("o1", "carl");
  EXPECT_THAT(
      Tell("o1"),
      ElementsAre(
          "share o1:share fraud_decision: it waits for the fraud decision",
          "first fraud_decision: it is counted if the fraud decision finds it honest"));
  SetFraud("signup:carl", domain::FraudState::kRejected);
  Happen("signup:carl",
         [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
            absl::Time now) { OnFraudRejected(unit, rules, referral, now); });
  EXPECT_THAT(
      Tell("o1"),
      ElementsAre("share o1:share FRAUD_REJECTED: the referral was rejected as a fraud",
                  "first FRAUD_REJECTED: the referral was rejected as a fraud"));
}

TEST_P(ConversionStoryTest, APausedCampaignHoldsItsRewardsBack) {
  domain::Program program = SampleProgram();
  program.rewards = {Rule("share", 100)};
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.start_time = kNow - 10 * kDay;
  spring.end_time = kNow + kDay;
  spring.rewards = {Rule("more", 300)};
  program.campaigns = {spring};
  Apply(program);
  Submit("carl", "ada", "spring");
  SignUp("carl");
  Pay("o1", "carl");
  ASSERT_TRUE(world_
                  .Run<PauseCampaignCommand>(
                      "PauseCampaign",
                      PauseCampaignCommand::Request{"acme", "spring", "abuse", "mary"})
                  .ok());
  EXPECT_THAT(Tell("o1"), ElementsAre("share o1:share",
                                      "spring/more spring/more:o1 campaign_paused: its "
                                      "campaign is paused"));
}

TEST_P(ConversionStoryTest, AnNthSuccessThatIsTooSmallSaysSo) {
  domain::RewardRule second = On(Trigger::kNthSuccess, "second", 100);
  second.count = 2;
  second.min_conversion_minor = 5000;
  Apply({second});
  Bring("carl");
  Bring("dora");
  Pay("o1", "carl", 5000);
  Pay("o2", "dora", 4999);
  EXPECT_THAT(Tell("o2"), ElementsAre("second AMOUNT_TOO_SMALL: its amount, 4999, is less "
                                      "than 5000 minor units"));
  EXPECT_THAT(Tell("o1"), ElementsAre("second NOT_REACHED: it pays number 2 of the advocate's "
                                      "successes, and this is not the one it pays for; by "
                                      "now ada has 2"));
}

}  // namespace
}  // namespace kith::referral::app
