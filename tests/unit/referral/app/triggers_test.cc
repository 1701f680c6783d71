// What earns rewards: every trigger, and which rules judge it.
#include "services/referral/app/override_attribution.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::Trigger;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class TriggersTest : public RewardTest {
 protected:
  ~TriggersTest() override { EXPECT_EQ(world_.misses(), 0); }
};
INSTANTIATE_TEST_SUITE_P(Stores, TriggersTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

domain::RewardRule ForReferee(domain::RewardRule rule) {
  rule.side = domain::RewardSide::kReferee;
  return rule;
}

TEST_P(TriggersTest, SubmissionAndSignup) {
  Apply({On(Trigger::kSubmitted, "lead", 100), On(Trigger::kSignedUp, "signup", 300),
         ForReferee(On(Trigger::kSignedUp, "hello", 500))});
  Submit("carl");
  EXPECT_THAT(Rewards(), ElementsAre("lead:r-carl ada 100 EUR available"));
  SignUp("carl");
  SignUp("dora", "bob");
  EXPECT_THAT(Rewards(), ElementsAre("hello:r-carl carl 500 EUR available",
                                     "hello:signup:dora dora 500 EUR available",
                                     "lead:r-carl ada 100 EUR available",
                                     "signup:r-carl ada 300 EUR available",
                                     "signup:signup:dora bob 300 EUR available"));
}

TEST_P(TriggersTest, ALeadWithoutAnIdRewardsItsRefereeOnceKnown) {
  Apply({ForReferee(On(Trigger::kSubmitted, "hello", 500))});
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "", kNow - kDay, "carl@example.com")).ok());
  EXPECT_THAT(Rewards(), IsEmpty());
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow, "carl@example.com")).ok());
  EXPECT_THAT(Rewards(), ElementsAre("hello:r1 carl 500 EUR available"));
}

TEST_P(TriggersTest, ALeadThatIsToldAfterTheSignupRewardsItsReferee) {
  domain::RewardRule hello = ForReferee(On(Trigger::kSubmitted, "hello", 500));
  domain::Cap daily;
  daily.scope = domain::CapScope::kProgram;
  daily.period = domain::CapPeriod::kDay;
  daily.max_rewards = 1;
  hello.caps = {daily};
  Apply({hello});
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow, "carl@example.com")).ok());
  const absl::Time before = kNow - 3 * kDay;
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "", before, "carl@example.com")).ok());
  EXPECT_THAT(Rewards(), ElementsAre("hello:r1 carl 500 EUR available"));
}

TEST_P(TriggersTest, MilestonesOfContacts) {
  domain::RewardRule notebook = On(Trigger::kMilestone, "notebook", 1);
  notebook.kind = domain::RewardKind::kPhysicalGift;
  notebook.amount = {};
  notebook.item = "notebook";
  notebook.count = 2;
  domain::RewardRule again = On(Trigger::kMilestone, "again", 10);
  again.kind = domain::RewardKind::kPoints;
  again.count = 3;
  again.repeat = true;
  Apply({notebook, again});
  world_.NewFacts();
  std::vector<SubmitReferrals::NewLead> leads;
  for (int i = 1; i <= 7; ++i) {
    leads.push_back(LeadOf(absl::StrCat("r", i), "ada", absl::StrCat("c", i), kNow));
  }
  world_.Submit(leads);
  Submit("x", "bob");
  EXPECT_THAT(Rewards(), ElementsAre("again:ada#3 ada 10 points available",
                                     "again:ada#6 ada 10 points available",
                                     "notebook:ada#2 ada 1 gift available"));
  EXPECT_EQ(Reward("notebook:ada#2").item, "notebook");
  EXPECT_EQ(Reward("notebook:ada#2").referral_id, "r2");
  EXPECT_THAT(world_.NewFacts(), ::testing::Contains("milestone_reached ada notebook 2"));
}

TEST_P(TriggersTest, EveryNthSuccess) {
  domain::RewardRule second = On(Trigger::kNthSuccess, "second", 700);
  second.count = 2;
  Apply({second});
  for (const char* id : {"c1", "c2", "c3"}) Bring(id);
  Pay("o1", "c1");
  EXPECT_THAT(Rewards(), IsEmpty());
  EXPECT_THAT(Pay("o2", "c2").reward_ids, ElementsAre("second:ada#2"));
  Pay("o3", "c3");
  EXPECT_THAT(Rewards(), ElementsAre("second:ada#2 ada 700 EUR available"));
  // A success that goes and another referral's that comes do not earn it twice.
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("second:ada#2 ada 700 EUR available"));
  // One is too few.
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_THAT(Rewards(), ElementsAre("second:ada#2 ada 700 EUR reversed refund"));
}

TEST_P(TriggersTest, ASuccessThatIsReplacedKeepsItsCount) {
  domain::RewardRule first = On(Trigger::kNthSuccess, "first", 700);
  first.count = 1;
  Apply({first});
  Bring("c1");
  Pay("o1", "c1");
  Pay("o2", "c1");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_EQ(world_.Referral("signup:c1").conversion_id, "o2");
  EXPECT_THAT(Rewards(), ElementsAre("first:ada#1 ada 700 EUR available"));
}

TEST_P(TriggersTest, OnlySuccessesConvert) {
  domain::Program program = SampleProgram();
  program.success.events = {"app_installed"};
  program.success.min_amount_minor = 0;
  program.rewards = {Rule("installed", 250)};
  Apply(program);
  Bring("carl");
  EXPECT_FALSE(Pay("o1", "carl", 100, "looked").live);
  EXPECT_FALSE(Pay("o2", "carl", 100).live);
  EXPECT_EQ(world_.Referral("signup:carl").state(), domain::ReferralState::kSignedUp);
  EXPECT_TRUE(Pay("o3", "carl", 0, "app_installed").live);
  EXPECT_THAT(Rewards(), ElementsAre("o3:installed ada 250 EUR available"));
}

TEST_P(TriggersTest, APaymentBelowTheMinimumDoesNotBlock) {
  domain::Program program = SampleProgram();
  program.success.min_amount_minor = 2000;
  program.rewards = {Rule("thanks", 500)};
  Apply(program);
  Bring("carl");
  EXPECT_FALSE(Pay("o1", "carl", 1999).live);
  EXPECT_TRUE(Pay("o2", "carl", 2000).live);
  EXPECT_THAT(Rewards(), ElementsAre("o2:thanks ada 500 EUR available"));
}

TEST_P(TriggersTest, RulesWithAnEventPayTheFirstOrEach) {
  domain::RewardRule first = Rule("first", 100);
  first.event = "coupon_redeemed";
  domain::RewardRule every = Rule("every", 10);
  every.event = "coupon_redeemed";
  every.occurrence = domain::Occurrence::kEvery;
  domain::RewardRule each = Rule("each_success", 1);
  each.occurrence = domain::Occurrence::kEvery;
  domain::Program program = SampleProgram();
  program.success.events = {"paid"};
  program.rewards = {first, every, each};
  Apply(program);
  Bring("carl");
  Pay("o1", "carl", 0, "paid");
  Pay("o2", "carl", 0, "coupon_redeemed");
  Pay("o3", "carl", 0, "coupon_redeemed");
  Pay("o4", "carl", 0, "paid");
  EXPECT_THAT(
      Rewards(),
      ElementsAre("o1:each_success ada 1 EUR available", "o2:every ada 10 EUR available",
                  "o2:first ada 100 EUR available", "o3:every ada 10 EUR available",
                  "o4:each_success ada 1 EUR available"));
  // The next one is the first when the first is reversed.
  EXPECT_THAT(world_.Reverse("o2")->reward_ids, UnorderedElementsAre("o2:every", "o2:first"));
  EXPECT_THAT(world_.Query("SELECT reward_id FROM reward WHERE state = 'held' "
                           "AND conversion_id = 'o3' ORDER BY reward_id"),
              ElementsAre("o3:every", "o3:first"));
}

TEST_P(TriggersTest, WhatIsGivenOnceIsNotGivenAgainAfterItWasTakenBack) {
  domain::RewardRule first = Rule("first", 2000);
  first.event = "trip_completed";
  first.holding_period = 14 * kDay;
  Apply({first});
  for (const char* id : {"carl", "dora", "emil"}) {
    Bring(id);
    Pay(absl::StrCat(id, "1"), id, 5000, "trip_completed");
  }
  Advance(kDay);
  ASSERT_TRUE(
      world_
          .Run<TakeBackReward>("TakeBackReward",
                               TakeBackReward::Request{"acme", "carl1:first", "abuse", "erin"})
          .ok());
  Happen("signup:dora",
         [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
            absl::Time now) { OnChurned(unit, rules, referral, now, now); });
  for (const char* id : {"carl", "dora", "emil"}) {
    Pay(absl::StrCat(id, "2"), id, 5000, "trip_completed");
  }
  const std::vector<std::string> once = {"carl1:first ada 2000 EUR reversed abuse",
                                         "dora1:first ada 2000 EUR reversed churn",
                                         "emil1:first ada 2000 EUR held"};
  EXPECT_EQ(Rewards(), once);
  // Once the first is reversed, the next one is the first.
  ASSERT_TRUE(world_.Reverse("carl1").ok());
  EXPECT_THAT(Rewards(), ::testing::Contains("carl2:first ada 2000 EUR held"));
  EXPECT_EQ(Rewards().size(), 4u);
}

TEST_P(TriggersTest, WhatWasLostToFraudDoesNotStandInTheWayOfWhatComesAfter) {
  domain::RewardRule first = Rule("first", 2000);
  first.event = "trip_completed";
  Apply({first});
  Bring("carl");
  Pay("o1", "carl", 5000, "trip_completed");
  SetFraud("signup:carl", domain::FraudState::kRejected);
  Happen("signup:carl",
         [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
            absl::Time now) { OnFraudRejected(unit, rules, referral, now); });
  SetFraud("signup:carl", domain::FraudState::kApproved);
  Pay("o2", "carl", 5000, "trip_completed");
  EXPECT_THAT(Rewards(), ElementsAre("o1:first ada 2000 EUR reversed FRAUD_REJECTED",
                                     "o2:first ada 2000 EUR available"));
}

TEST_P(TriggersTest, RetainedForDaysAsLongAsTheCustomerStays) {
  domain::RewardRule month = On(Trigger::kRetained, "month", 30);
  month.retained_days = 30;
  domain::RewardRule quarter = On(Trigger::kRetained, "quarter", 90);
  quarter.retained_days = 90;
  Apply({quarter, month});
  Bring("carl");
  Bring("dora");
  Advance(30 * kDay - absl::Microseconds(1));
  DoDueWork();
  EXPECT_THAT(Rewards(), IsEmpty());
  Advance(absl::Microseconds(1));
  DoDueWork();
  EXPECT_THAT(Rewards(), ElementsAre("month:signup:carl ada 30 EUR available",
                                     "month:signup:dora ada 30 EUR available"));
  Advance(60 * kDay);
  DoDueWork();
  DoDueWork();
  EXPECT_EQ(Rewards().size(), 4u);
  EXPECT_EQ(Reward("quarter:signup:carl").occasion_time, kNow + 90 * kDay);
}

TEST_P(TriggersTest, AFraudThatComesBackHasMissedNothing) {
  domain::RewardRule month = On(Trigger::kRetained, "month", 30);
  month.retained_days = 30;
  Apply({month});
  Bring("carl");
  SetFraud("signup:carl", domain::FraudState::kRejected);
  Advance(40 * kDay);
  Happen("signup:carl",
         [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
            absl::Time now) { OnReactivated(unit, rules, referral, now, now); });
  EXPECT_THAT(Rewards(), IsEmpty());
}

TEST_P(TriggersTest, TheAhaMomentEarnsAndReleases) {
  domain::RewardRule gated = On(Trigger::kSignedUp, "gated", 40);
  gated.release_event = "aha";
  Apply({On(Trigger::kAhaReached, "aha", 20), gated});
  Bring("carl");
  EXPECT_THAT(Rewards(), ElementsAre("gated:signup:carl ada 40 EUR approved"));
  Happen("signup:carl",
         [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
            absl::Time now) { OnAha(unit, rules, referral, now, now); });
  EXPECT_THAT(Rewards(), ElementsAre("aha:signup:carl ada 20 EUR available",
                                     "gated:signup:carl ada 40 EUR available"));
}

TEST_P(TriggersTest, FactsAreJudgedByTheRulesOfTheirTime) {
  Apply({On(Trigger::kSubmitted, "lead", 100)});
  Advance(kDay);
  Apply({On(Trigger::kSubmitted, "lead", 200)});
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow)).ok());
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r2", "ada", "dora", kNow + kDay)).ok());
  EXPECT_THAT(Rewards(),
              ElementsAre("lead:r1 ada 100 EUR available", "lead:r2 ada 200 EUR available"));
}

TEST_P(TriggersTest, CampaignsBringTheirOwnRulesWhileTheyRun) {
  domain::Program program = SampleProgram();
  program.rewards = {Rule("share", 100)};
  domain::Campaign beside, instead;
  beside.campaign_id = "spring";
  beside.start_time = kNow - kDay;
  beside.end_time = kNow + kDay;
  beside.rewards = {Rule("share", 7)};
  instead.campaign_id = "contest";
  instead.replaces_rewards = true;
  domain::RewardRule entry = Rule("entry", 1);
  entry.kind = domain::RewardKind::kContestEntry;
  instead.rewards = {entry};
  program.campaigns = {beside, instead};
  Apply(program);
  Submit("c1", "ada", "spring");
  Submit("c2", "ada", "contest");
  Submit("c3", "ada", "just-a-label");
  for (const char* id : {"c1", "c2", "c3"}) SignUp(id);
  Advance(2 * kDay);
  for (const char* id : {"c1", "c2", "c3"}) Pay(absl::StrCat("o-", id), id);
  // What counts is when the lead came, not when it converted.
  EXPECT_THAT(Rewards(), ElementsAre("contest/entry:o-c2 ada 1 entry available",
                                     "o-c1:share ada 100 EUR available",
                                     "o-c3:share ada 100 EUR available",
                                     "spring/share:o-c1 ada 7 EUR available"));
  EXPECT_EQ(Reward("spring/share:o-c1").campaign, "spring");
}

TEST_P(TriggersTest, BothSidesAreThankedOnce) {
  Apply({Rule("share", 100)});
  Bring("carl");
  world_.NewFacts();
  Pay("o1", "carl");
  Pay("o2", "carl");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  const auto facts = world_.NewFacts();
  EXPECT_EQ(std::count(facts.begin(), facts.end(), "thank_you_due signup:carl ada carl"), 1);
}

TEST_P(TriggersTest, AnEventlessRuleNeedsTheLiveConversion) {
  Apply({Rule("share", 100)});
  Bring("carl");
  Pay("o1", "carl");
  EXPECT_THAT(Pay("o2", "carl").reward_ids, IsEmpty());
}

TEST_P(TriggersTest, AConversionByReferralFindsTheCustomerByAddress) {
  Apply({Rule("share", 100)});
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "", kNow - kDay, "carl@example.com")).ok());
  auto signup = SignupOf("carl", kNow, "carl@example.com");
  signup.signup.code = world_.Advocate("bob").code;
  ASSERT_TRUE(world_.SignUp(signup).ok());
  domain::ConversionReport report = PaymentOf("o1", "", kNow);
  report.referral_id = "r1";
  EXPECT_EQ(GetErrorReason(world_.Convert(report).status()), "CUSTOMER_MISMATCH");
  report.referral_id = "signup:carl";
  EXPECT_EQ(world_.Convert(report)->conversion.customer_id, "carl");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share bob 100 EUR available"));
}

TEST_P(TriggersTest, AnNthSuccessThatIsTakenBackMayBeFilledAgain) {
  domain::RewardRule second = On(Trigger::kNthSuccess, "second", 700);
  second.count = 2;
  Apply({second});
  for (const char* id : {"c1", "c2", "c3"}) Bring(id);
  Pay("o1", "c1");
  Pay("o2", "c2");
  ASSERT_TRUE(world_.Reverse("o2").ok());
  // Two of her referrals have succeeded again.
  Pay("o3", "c3");
  EXPECT_THAT(Rewards(), ElementsAre("second:ada#2 ada 700 EUR reversed refund",
                                     "second:ada#2~2 ada 700 EUR available"));
  EXPECT_EQ(Reward("second:ada#2~2").referral_id, "signup:c3");
  // There it stays, however many come after it.
  Pay("o4", "c2");
  EXPECT_EQ(world_.Rewards().size(), 2u);
}

TEST_P(TriggersTest, AnNthSuccessGoesWithTheLastConversionOfItsReferral) {
  domain::RewardRule first = On(Trigger::kNthSuccess, "first", 700);
  first.count = 1;
  Apply({first});
  Bring("c1");
  Pay("o1", "c1");
  Pay("o2", "c1");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_THAT(Rewards(), ElementsAre("first:ada#1 ada 700 EUR reversed refund"));
  EXPECT_THAT(Balances(), IsEmpty());
}

TEST_P(TriggersTest, WhatOnlyTheSignupEarnedGoesWithIt) {
  Apply({ForReferee(On(Trigger::kSubmitted, "hello", 500)),
         On(Trigger::kSubmitted, "lead", 100)});
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "", kNow - kDay, "carl@example.com")).ok());
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow, "carl@example.com")).ok());
  const auto decided = world_.Run<OverrideAttribution>(
      "OverrideAttribution",
      OverrideAttribution::Request{"acme", "carl", "", "sue", "nobody brought carl"});
  ASSERT_TRUE(decided.ok()) << decided.status();
  EXPECT_THAT(Rewards(), ElementsAre("hello:r1 carl 500 EUR reversed override",
                                     "lead:r1 ada 100 EUR available"));
}

}  // namespace
}  // namespace kith::referral::app
