// What each rule says of a referral: of its lead, its signup and what came of it.
#include "services/referral/app/referral_story.h"

#include "services/referral/app/decide_fit.h"
#include "services/referral/app/override_attribution.h"
#include "services/referral/app/suspend_advocate.h"
#include "services/referral/store/customer_tables.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::Trigger;
using ::testing::ElementsAre;

domain::RewardRule ForReferee(domain::RewardRule rule) {
  rule.side = domain::RewardSide::kReferee;
  return rule;
}

class ReferralStoryTest : public RewardTest {
 protected:
  ReferralStory Explain(const std::string& referral_id) {
    const auto story =
        reader_.ExplainReferral("acme", referral_id, world_.clock.Now(), test::Soon());
    EXPECT_TRUE(story.ok()) << story.status();
    return story.ok() ? *story : ReferralStory();
  }
  std::vector<std::string> Tell(const std::string& referral_id) {
    return TellRules(Explain(referral_id).rules);
  }
  void Decide(const std::string& referral_id, domain::Fit fit) {
    const auto decided = world_.Run<DecideFit>(
        "DecideFit", std::string("acme"), referral_id,
        domain::FitDecision{fit, "mary", fit == domain::Fit::kBad ? "small" : ""});
    ASSERT_TRUE(decided.ok()) << decided.status();
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, ReferralStoryTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(ReferralStoryTest, ALeadTellsWhatItWaitsFor) {
  domain::RewardRule gold = On(Trigger::kSubmitted, "gold", 100);
  gold.condition = *domain::ParseCondition("lead.plan equals gold");
  domain::RewardRule contacts = On(Trigger::kMilestone, "contacts", 100);
  contacts.count = 3;
  domain::RewardRule fitting = contacts;
  fitting.rule_id = "fitting";
  fitting.milestone_of = domain::MilestoneOf::kQualified;
  domain::RewardRule month = On(Trigger::kRetained, "month", 100);
  month.retained_days = 30;
  Apply({On(Trigger::kSubmitted, "lead", 100), gold,
         ForReferee(On(Trigger::kSubmitted, "hello", 100)),
         On(Trigger::kQualified, "fit", 100), contacts, fitting,
         On(Trigger::kSignedUp, "welcome", 100), month, On(Trigger::kAhaReached, "aha", 100),
         Rule("share", 100)});
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "", kNow - kDay, "carl@example.com")).ok());
  EXPECT_THAT(
      Tell("r1"),
      ElementsAre("lead lead:r1", "gold CONDITION_NOT_MET: lead.plan equals gold",
                  "hello NO_RECIPIENT: the referee's customer id is not known",
                  "fit NOT_YET: the lead is not known to fit, as yet",
                  "contacts NOT_REACHED: it pays number 3 of the advocate's leads, and by now "
                  "ada has 1",
                  "fitting NOT_YET: the lead is not known to fit, as yet",
                  "welcome NOT_YET: nobody has signed up for it, as yet",
                  "month NOT_YET: nobody has signed up for it, as yet",
                  "aha NOT_YET: nobody has signed up for it, as yet",
                  "share OVER_CONVERSIONS: conversions earn it, and none converts the "
                  "referral"));
  const ReferralStory story = Explain("r1");
  EXPECT_EQ(story.referral.advocate_id, "ada");
  ASSERT_EQ(story.rules[1].unpaid.tests.size(), 1u);
  EXPECT_EQ(story.rules[3].trigger, Trigger::kQualified);
  EXPECT_EQ(story.rules[3].program_version, 1);
  const auto unknown = reader_.ExplainReferral("acme", "r9", kNow, test::Soon());
  EXPECT_EQ(GetErrorReason(unknown.status()), "REFERRAL_NOT_FOUND");
}

TEST_P(ReferralStoryTest, WhatAPersonDecidesOfTheFit) {
  domain::RewardRule fitting = On(Trigger::kMilestone, "fitting", 100);
  fitting.count = 2;
  fitting.repeat = true;
  fitting.milestone_of = domain::MilestoneOf::kQualified;
  Apply({On(Trigger::kQualified, "fit", 100), fitting});
  Submit("carl");
  Submit("dora");
  Decide("r-carl", domain::Fit::kBad);
  EXPECT_THAT(Tell("r-carl"),
              ElementsAre("fit NOT_YET: the lead was found not to fit, by mary",
                          "fitting NOT_YET: the lead was found not to fit, by mary"));
  Decide("r-dora", domain::Fit::kGood);
  EXPECT_THAT(Tell("r-dora"),
              ElementsAre("fit fit:r-dora",
                          "fitting NOT_REACHED: it pays every 2 of the advocate's qualified "
                          "leads, and by now ada has 1"));
  Decide("r-carl", domain::Fit::kGood);
  EXPECT_THAT(Tell("r-carl"), ElementsAre("fit fit:r-carl", "fitting fitting:ada#2"));
}

TEST_P(ReferralStoryTest, ASignupTellsWhatItWaitsFor) {
  domain::RewardRule month = On(Trigger::kRetained, "month", 100);
  month.retained_days = 30;
  domain::RewardRule gated = On(Trigger::kSignedUp, "gated", 100);
  gated.release_event = "trip";
  Apply({On(Trigger::kSubmitted, "lead", 100), gated, month,
         On(Trigger::kAhaReached, "aha", 100), Rule("share", 100)});
  Bring("carl");
  EXPECT_THAT(
      Tell("signup:carl"),
      ElementsAre("lead NOT_A_LEAD: a lead earns it, and the referral began with a signup",
                  "gated gated:signup:carl release:trip: it waits for the event trip",
                  "month NOT_YET: it is earned at 2023-12-14 22:13 UTC, if the customer stays "
                  "until then",
                  "aha NOT_YET: the customer has not reached the success event, as yet",
                  "share OVER_CONVERSIONS: conversions earn it, and none converts the "
                  "referral"));
  Pay("o1", "carl");
  EXPECT_EQ(Tell("signup:carl").back(), "share o1:share");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  Pay("o2", "carl");
  EXPECT_EQ(Tell("signup:carl").back(), "share o1:share o2:share refund: it was taken back");
}

TEST_P(ReferralStoryTest, WhoLeftIsNotRetained) {
  domain::RewardRule month = On(Trigger::kRetained, "month", 100);
  month.retained_days = 30;
  Apply({month});
  Bring("carl");
  Advance(10 * kDay);
  Happen("signup:carl",
         [](exec::Unit& unit, const Rules&, const domain::Referral& referral, absl::Time now) {
           domain::Customer customer =
               *unit.Find<store::CustomerTable>({referral.program_id, referral.customer_id});
           customer.churned_time = now;
           unit.Put<store::CustomerTable>(std::move(customer));
         });
  EXPECT_THAT(Tell("signup:carl"),
              ElementsAre("month NOT_RETAINED: the customer left at 2023-11-24 22:13 UTC, "
                          "before 2023-12-14 22:13 UTC"));
}

TEST_P(ReferralStoryTest, AFraudEarnsNothing) {
  Apply({On(Trigger::kQualified, "fit", 100)});
  Submit("carl");
  SetFraud("r-carl", domain::FraudState::kRejected);
  Decide("r-carl", domain::Fit::kGood);
  EXPECT_THAT(Tell("r-carl"),
              ElementsAre("fit FRAUD_REJECTED: the referral was rejected as a fraud"));
}

TEST_P(ReferralStoryTest, EachRuleIsOfTheVersionThatJudges) {
  Apply({On(Trigger::kSubmitted, "lead", 100), On(Trigger::kSignedUp, "welcome", 100)});
  Submit("carl");
  Advance(kDay);
  Apply({On(Trigger::kSignedUp, "cheers", 200), Rule("share", 100)});
  EXPECT_THAT(
      Tell("r-carl"),
      ElementsAre("lead lead:r-carl", "cheers NOT_YET: nobody has signed up for it, as yet",
                  "share OVER_CONVERSIONS: conversions earn it, and none converts the "
                  "referral"));
  SignUp("carl");
  EXPECT_EQ(Tell("r-carl")[1], "cheers cheers:r-carl");
  EXPECT_EQ(Explain("r-carl").rules[0].program_version, 1);
  EXPECT_EQ(Explain("r-carl").rules[1].program_version, 2);
  // What the rules of now do not have any more is told all the same.
  Pay("o1", "carl");
  Advance(kDay);
  Apply({On(Trigger::kSubmitted, "other", 1)});
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Tell("r-carl"), ElementsAre("lead lead:r-carl", "cheers cheers:r-carl",
                                          "share o1:share refund: it was taken back"));
}

TEST_P(ReferralStoryTest, ACampaignOutOfItsSeasonAndOneThatReplaces) {
  domain::Program program = SampleProgram();
  program.rewards = {On(Trigger::kSubmitted, "lead", 100)};
  domain::Campaign spring;
  spring.campaign_id = "spring";
  spring.replaces_rewards = true;
  spring.rewards = {On(Trigger::kSubmitted, "more", 300)};
  program.campaigns = {spring};
  Apply(program);
  Submit("carl", "ada", "spring");
  EXPECT_THAT(Tell("r-carl"), ElementsAre("lead REPLACED: the rules of spring stand instead",
                                          "spring/more spring/more:r-carl"));
}

TEST_P(ReferralStoryTest, WhatIsHeldBackSaysSo) {
  domain::RewardRule capped = On(Trigger::kSubmitted, "capped", 100);
  domain::Cap cap;
  cap.max_rewards = 1;
  capped.caps = {cap};
  Apply({capped});
  Submit("carl");
  Submit("dora");
  EXPECT_THAT(Tell("r-dora"),
              ElementsAre("capped capped:r-dora CAP_REACHED: a cap left nothing of it"));
  EXPECT_EQ(Explain("r-dora").rules[0].caps.size(), 1u);
  ASSERT_TRUE(world_
                  .Run<SuspendAdvocate>("SuspendAdvocate", std::string("acme"),
                                        std::string("ada"), ConductDecision{"eve", "spam"})
                  .ok());
  EXPECT_THAT(Tell("r-carl"), ElementsAre("capped capped:r-carl advocate_suspended: the "
                                          "advocate is suspended"));
}

TEST_P(ReferralStoryTest, AFormerAdvocatesRewardIsNotThePresentOnes) {
  domain::RewardRule gold = On(Trigger::kSignedUp, "gold", 100);
  gold.condition = *domain::ParseCondition("advocate.group equals gold");
  Apply({gold});
  EnrollAdvocates::NewAdvocate eve{.advocate_id = "eve"};
  eve.attributes = {{"group", "gold"}};
  world_.Enroll({eve});
  Bring("carl", "eve");
  EXPECT_THAT(Tell("signup:carl"), ElementsAre("gold gold:signup:carl"));
  ASSERT_TRUE(world_
                  .Run<OverrideAttribution>(
                      "OverrideAttribution",
                      OverrideAttribution::Request{"acme", "carl", "bob", "sue", "call"})
                  .ok());
  EXPECT_THAT(Tell("signup:carl"),
              ElementsAre("gold gold:signup:carl CONDITION_NOT_MET: advocate.group equals "
                          "gold"));
}

}  // namespace
}  // namespace kith::referral::app
