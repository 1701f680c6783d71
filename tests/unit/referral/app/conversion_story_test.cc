// What each rule says of a conversion.
#include "services/referral/app/conversion_story.h"

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
  // "rule reward,reward reason: detail" of each rule.
  std::vector<std::string> Tell(const std::string& conversion_id) {
    std::vector<std::string> all;
    for (const RuleStory& rule : Explain(conversion_id).rules) {
      std::string line = rule.rule_key;
      for (const domain::Reward& reward : rule.rewards) {
        absl::StrAppend(&line, " ", reward.reward_id);
      }
      if (!rule.unpaid.reason.empty()) {
        absl::StrAppend(&line, " ", rule.unpaid.reason, ": ", rule.unpaid.detail);
      }
      all.push_back(line);
    }
    return all;
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
  EXPECT_THAT(Tell("o2"),
              ElementsAre("share NOT_THE_FIRST: o1 converts the referral",
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

}  // namespace
}  // namespace kith::referral::app
