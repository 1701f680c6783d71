// How rewards go from state to state, and what the ledger says of it.
#include "services/referral/app/lifecycle.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::FraudState;
using domain::Trigger;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RewardStatesTest : public RewardTest {
 protected:
  ~RewardStatesTest() override { EXPECT_EQ(world_.misses(), 0); }

  // One reward of 100 EUR for ada, of `rule`, for carl's order o1.
  void Earn(domain::RewardRule rule) {
    Apply({std::move(rule)});
    Bring("carl");
    Pay("o1", "carl");
  }
  void Approve(const std::string& referral_id) {
    SetFraud(referral_id, FraudState::kApproved);
    Happen(referral_id,
           [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
              absl::Time now) { OnFraudApproved(unit, rules, referral, now); });
  }
  void Reject(const std::string& referral_id) {
    SetFraud(referral_id, FraudState::kRejected);
    Happen(referral_id,
           [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
              absl::Time now) { OnFraudRejected(unit, rules, referral, now); });
  }
  void Churn(absl::Time time) {
    Happen("signup:carl",
           [time](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                  absl::Time now) { OnChurned(unit, rules, referral, time, now); });
  }
  // What the feed tells of carl.
  void Tell(CustomerFact::Kind kind, absl::Time time) {
    Happen("signup:carl",
           [=](exec::Unit& unit, const Rules&, const domain::Referral&, absl::Time now) {
             EXPECT_TRUE(ApplyLife(unit, CustomerFact{"acme", "carl", kind, time}, now).ok());
           });
  }
  static domain::RewardRule Retained(int days) {
    domain::RewardRule rule = On(Trigger::kRetained, absl::StrCat("d", days), days);
    rule.retained_days = days;
    return rule;
  }
  absl::StatusOr<TakeBackReward::Response> TakeBackIt(const std::string& reward_id) {
    return world_.Run<TakeBackReward>(
        "TakeBackReward", TakeBackReward::Request{"acme", reward_id, "goodwill", "erin"});
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, RewardStatesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(RewardStatesTest, HoldingEndsByTheClockAndIsToldOnce) {
  domain::RewardRule rule = Rule("share", 100);
  rule.holding_period = 30 * kDay;
  Earn(rule);
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR held"));
  Advance(30 * kDay - absl::Microseconds(1));
  DoDueWork();
  world_.NewFacts();
  Advance(absl::Microseconds(1));
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR available"));
  DoDueWork();
  DoDueWork();
  EXPECT_THAT(world_.NewFacts(), ElementsAre("reward_available o1:share"));
}

TEST_P(RewardStatesTest, WhatIsAvailableAtOnceIsToldAtOnce) {
  Earn(Rule("share", 100));
  EXPECT_THAT(world_.Facts(), Contains("reward_available o1:share"));
  EXPECT_THAT(world_.Query("SELECT kind FROM due_work"), IsEmpty());
}

TEST_P(RewardStatesTest, AHeldReferralsRewardsArePendingUntilDecided) {
  Apply({Rule("share", 100)});
  Bring("carl");
  SetFraud("signup:carl", FraudState::kHeld);
  Pay("o1", "carl");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR pending"));
  // Owed already, as far as anybody knows.
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 100", "liability:rewards EUR -100"));
  Approve("signup:carl");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR available"));
  EXPECT_THAT(world_.Facts(), Contains("reward_available o1:share"));
}

TEST_P(RewardStatesTest, ARejectedReferralEarnsNothing) {
  Apply({Rule("share", 100), On(Trigger::kSignedUp, "signup", 10)});
  Bring("carl");
  SetFraud("signup:carl", FraudState::kHeld);
  Pay("o1", "carl");
  Reject("signup:carl");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR cancelled FRAUD_REJECTED",
                                     "signup:signup:carl ada 10 EUR reversed FRAUD_REJECTED"));
  EXPECT_THAT(Balances(), IsEmpty());
  ASSERT_TRUE(world_.Reverse("o1").ok());
  Pay("o2", "carl");
  EXPECT_EQ(Rewards().size(), 2u);
}

TEST_P(RewardStatesTest, TheSecondGateIsAnEvent) {
  domain::RewardRule rule = On(Trigger::kSignedUp, "signup", 100);
  rule.release_event = "trip_completed";
  rule.expires_after = 365 * kDay;
  domain::Program program = SampleProgram();
  program.success.events = {"trip_completed"};
  program.rewards = {rule};
  Apply(program);
  Bring("carl");
  Bring("dora");
  EXPECT_THAT(Rewards(), ElementsAre("signup:signup:carl ada 100 EUR approved",
                                     "signup:signup:dora ada 100 EUR approved"));
  Advance(kDay);
  Pay("o1", "carl", 100, "booked");
  Pay("o2", "carl", 100, "trip_completed");
  EXPECT_EQ(Reward("signup:signup:carl").expiry_time, kNow + 366 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("signup:signup:carl ada 100 EUR available",
                                     "signup:signup:dora ada 100 EUR approved"));
  // What is not released by the time it would expire is over.
  Advance(364 * kDay);
  DoDueWork();
  EXPECT_THAT(Rewards(), ElementsAre("signup:signup:carl ada 100 EUR available",
                                     "signup:signup:dora ada 100 EUR expired NOT_RELEASED"));
  Advance(kDay);
  DoDueWork();
  EXPECT_THAT(Rewards(), ElementsAre("signup:signup:carl ada 100 EUR expired EXPIRED",
                                     "signup:signup:dora ada 100 EUR expired NOT_RELEASED"));
  EXPECT_THAT(Balances(), IsEmpty());
}

TEST_P(RewardStatesTest, AReleaseOfTheSameInstantThatIsToldFirstCounts) {
  domain::RewardRule rule = Rule("share", 100);
  rule.release_event = "checked_out";
  domain::Program program = SampleProgram();
  program.success.events = {"booked"};
  program.rewards = {rule};
  Apply(program);
  Bring("carl");
  Pay("o1", "carl", 100, "checked_out");
  Pay("o2", "carl", 100, "booked");
  EXPECT_THAT(Rewards(), ElementsAre("o2:share ada 100 EUR available"));
}

TEST_P(RewardStatesTest, ExpiryIsBookedAndToldOnce) {
  domain::RewardRule rule = Rule("share", 100);
  rule.expires_after = 10 * kDay;
  rule.max_rewards_per_recipient = 1;
  Earn(rule);
  world_.NewFacts();
  Advance(10 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR expired"));
  DoDueWork();
  DoDueWork();
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR expired EXPIRED"));
  EXPECT_THAT(world_.NewFacts(), ElementsAre("reward_expired o1:share"));
  EXPECT_THAT(Balances(), IsEmpty());
  // A reversal afterwards finds nothing to take.
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR expired EXPIRED"));
}

TEST_P(RewardStatesTest, APaidRewardIsClawedBack) {
  Earn(Rule("share", 100));
  Fulfil("o1:share");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR fulfilled"));
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards EUR 100", "paid:rewards EUR -100"));
  Fulfil("o1:share");
  ASSERT_TRUE(world_.Reverse("o1", "chargeback").ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR reversed chargeback"));
  EXPECT_THAT(Balances(), ElementsAre("paid:rewards EUR -100", "receivable:clawback EUR 100"));
}

TEST_P(RewardStatesTest, PaidAfterItWasTakenBackIsOwedBack) {
  Earn(Rule("share", 100));
  const domain::Reward before = Reward("o1:share");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  Fulfil("o1:share");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR reversed refund"));
  EXPECT_THAT(Balances(), ElementsAre("paid:rewards EUR -100", "receivable:clawback EUR 100"));
}

TEST_P(RewardStatesTest, ClawbackEndsWithItsWindow) {
  domain::RewardRule early = Rule("early", 100);
  early.clawback_window = 10 * kDay;
  domain::RewardRule late = Rule("late", 100);
  Apply({early, late});
  Bring("carl");
  Pay("o1", "carl");
  Advance(10 * kDay + absl::Microseconds(1));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:early ada 100 EUR available",
                                     "o1:late ada 100 EUR reversed refund"));
}

TEST_P(RewardStatesTest, AReversalThatIsToldLateIsOfItsTime) {
  domain::RewardRule early = Rule("early", 100);
  early.clawback_window = 10 * kDay;
  Apply({early});
  for (const char* id : {"carl", "dora", "emil"}) Bring(id);
  Pay("o1", "carl");
  Pay("o2", "dora");
  Pay("o3", "emil");
  Advance(30 * kDay);
  ASSERT_TRUE(world_.Reverse("o1", "refund", kNow + 10 * kDay).ok());
  ASSERT_TRUE(world_.Reverse("o2", "refund", kNow + 11 * kDay).ok());
  ASSERT_TRUE(world_.Reverse("o3", "refund", kNow).ok());  // at one instant
  EXPECT_THAT(Rewards(), ElementsAre("o1:early ada 100 EUR reversed refund",
                                     "o2:early ada 100 EUR available",
                                     "o3:early ada 100 EUR reversed refund"));
  // When it is booked is another matter.
  EXPECT_EQ(Reward("o1:early").reversal_time, kNow + 30 * kDay);
  // The first one stands.
  const auto again = world_.Reverse("o1", "refund", kNow + 20 * kDay);
  EXPECT_EQ(again->conversion.reversal_time, kNow + 10 * kDay);
}

TEST_P(RewardStatesTest, AReversalIsNeitherBeforeItsConversionNorInTheFuture) {
  Apply({Rule("share", 100)});
  Bring("carl");
  Pay("o1", "carl");
  const auto refused = [&](absl::Time time) {
    return GetErrorReason(world_.Reverse("o1", "refund", time).status());
  };
  EXPECT_EQ(refused(kNow - absl::Microseconds(1)), "BEFORE_CONVERSION");
  EXPECT_EQ(refused(kNow + kDay + absl::Microseconds(1)), "TIME_IN_FUTURE");
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 100 EUR available"));
}

TEST_P(RewardStatesTest, ChurnTakesBackWithinItsWindow) {
  domain::RewardRule back = On(Trigger::kSignedUp, "back", 100);
  back.churn_clawback_window = 90 * kDay;
  Apply({back, On(Trigger::kSignedUp, "kept", 50)});
  Bring("carl");
  Advance(90 * kDay);
  Churn(kNow + 90 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("back:signup:carl ada 100 EUR reversed churn",
                                     "kept:signup:carl ada 50 EUR available"));
}

TEST_P(RewardStatesTest, WhoHasLeftIsNotRetainedAndWhoReturnsGoesOn) {
  Apply({Retained(30), Retained(60), Retained(90)});
  Bring("carl");
  // The job is late: what was earned before the churn is not lost.
  Advance(45 * kDay);
  Churn(kNow + 40 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("d30:signup:carl ada 30 EUR available"));
  Advance(25 * kDay);
  DoDueWork();
  Happen("signup:carl",
         [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
            absl::Time now) { OnReactivated(unit, rules, referral, now, now); });
  Advance(30 * kDay);
  DoDueWork();
  EXPECT_THAT(Rewards(), ElementsAre("d30:signup:carl ada 30 EUR available",
                                     "d60:signup:carl ada 0 EUR cancelled NOT_RETAINED",
                                     "d90:signup:carl ada 90 EUR available"));
}

TEST_P(RewardStatesTest, ALateChurnTakesBackWhatWasNotEarned) {
  Apply({Retained(30)});
  Bring("carl");
  Advance(31 * kDay);
  DoDueWork();
  Churn(kNow + 20 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("d30:signup:carl ada 30 EUR reversed churn"));
}

TEST_P(RewardStatesTest, WhoTurnsOutToHaveBeenBackByThenWasRetained) {
  using Kind = CustomerFact::Kind;
  Apply({Retained(22), Retained(30), Retained(90)});
  Bring("carl");
  Advance(35 * kDay);
  DoDueWork();
  Fulfil("d30:signup:carl");
  Tell(Kind::kChurned, kNow + 20 * kDay);
  EXPECT_THAT(Balances(), ElementsAre("paid:rewards EUR -30", "receivable:clawback EUR 30"));
  Tell(Kind::kReactivated, kNow + 25 * kDay);
  const std::vector<std::string> back = {"d22:signup:carl ada 22 EUR reversed churn",
                                         "d22:signup:carl~2 ada 0 EUR cancelled NOT_RETAINED",
                                         "d30:signup:carl ada 30 EUR reversed churn",
                                         "d30:signup:carl~2 ada 30 EUR available"};
  EXPECT_EQ(Rewards(), back);
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards EUR 30", "liability:rewards EUR -30",
                                      "paid:rewards EUR -30", "receivable:clawback EUR 30"));
  // Once, whoever tells it again, and what fell into the absence stays lost.
  Tell(Kind::kReactivated, kNow + 25 * kDay);
  Advance(55 * kDay);
  DoDueWork();
  std::vector<std::string> then = back;
  then.push_back("d90:signup:carl ada 90 EUR available");
  EXPECT_EQ(Rewards(), then);
}

TEST_P(RewardStatesTest, AReturnThatIsToldLateIsOfItsTime) {
  Apply({Retained(50), Retained(55), Retained(60)});
  Bring("carl");
  // Nothing was heard, and no due work done, until the day 61.
  Advance(61 * kDay);
  Tell(CustomerFact::Kind::kChurned, kNow + 50 * kDay);
  Tell(CustomerFact::Kind::kReactivated, kNow + 55 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("d50:signup:carl ada 50 EUR available",
                                     "d55:signup:carl ada 0 EUR cancelled NOT_RETAINED",
                                     "d60:signup:carl ada 60 EUR available"));
}

TEST_P(RewardStatesTest, WhoComesBackDoesNotBringBackWhatTheLeavingTook) {
  domain::RewardRule stays = Retained(30);
  stays.holding_period = 14 * kDay;
  Apply({stays});
  Bring("carl");
  Advance(35 * kDay);
  DoDueWork();
  Tell(CustomerFact::Kind::kChurned, kNow + 32 * kDay);
  Tell(CustomerFact::Kind::kReactivated, kNow + 33 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("d30:signup:carl ada 30 EUR reversed churn"));
}

TEST_P(RewardStatesTest, APersonTakesOneBack) {
  Apply({Rule("a", 100), Rule("b", 50)});
  Bring("carl");
  Pay("o1", "carl");
  const auto taken = TakeBackIt("o1:a");
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->reward.cause, "goodwill");
  EXPECT_EQ(taken->reward.closed_by, "erin");
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:a ada 100 EUR reversed goodwill", "o1:b ada 50 EUR available"));
  const size_t facts = world_.Facts().size();
  EXPECT_TRUE(TakeBackIt("o1:a").ok());
  EXPECT_EQ(world_.Facts().size(), facts);
  EXPECT_EQ(GetErrorReason(TakeBackIt("o1:c").status()), "REWARD_NOT_FOUND");
}

TEST_P(RewardStatesTest, TotalsOfHugeRewardsStayInRange) {
  domain::RewardRule rule = Rule("share", 0);
  rule.amount = {};
  rule.amount.percent_basis_points = 10000;
  Apply({rule});
  Bring("c1");
  Bring("c2");
  Pay("o1", "c1", 1000000000000000);
  Pay("o2", "c2", 1000000000001);
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 1000000000000 EUR available",
                                     "o2:share ada 1000000000000 EUR available"));
  RewardFilter filter;
  filter.program_id = "acme";
  filter.now = kNow;
  const auto listed = world_.reader().ListRewards(filter, {}, test::Soon());
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->totals[0].amount_minor, 2000000000000);
}

TEST_P(RewardStatesTest, WhatWasKeptAfterItsWindowIsNotEarnedASecondTime) {
  domain::RewardRule once = Rule("once", 100);
  once.clawback_window = 10 * kDay;
  domain::RewardRule every = Rule("every", 1);
  every.clawback_window = 10 * kDay;
  every.occurrence = domain::Occurrence::kEvery;
  Apply({once, every});
  Bring("carl");
  Pay("o1", "carl");
  Advance(11 * kDay);
  ASSERT_TRUE(world_.Reverse("o1").ok());
  Pay("o2", "carl");
  EXPECT_EQ(world_.Referral("signup:carl").conversion_id, "o2");
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:every ada 1 EUR available", "o1:once ada 100 EUR available",
                          "o2:every ada 1 EUR available"));
  // Within its window it goes, and the next one earns it.
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_EQ(Reward("o1:once").cause, "");
}

TEST_P(RewardStatesTest, NobodyIsNamedAsTheServiceItself) {
  Apply({Rule("cash", 100)});
  Bring("carl");
  Pay("o1", "carl");
  for (const char* name : {"attribution", "recalculation", "reversal", "leaving"}) {
    const auto refused = world_.Run<TakeBackReward>(
        "TakeBackReward", TakeBackReward::Request{"acme", "o1:cash", "mistake", name});
    EXPECT_EQ(GetErrorReason(refused.status()), "INVALID_FIELD") << name;
  }
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 100 EUR available"));
}

}  // namespace
}  // namespace kith::referral::app
