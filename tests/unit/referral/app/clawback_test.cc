// What a refund or the referee's leaving takes back: whatever is not available yet, and the
// rest for as long as its rule says; on every backend.
#include "services/referral/app/release.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::FraudState;
using domain::Trigger;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ClawbackTest : public RewardTest {
 protected:
  ~ClawbackTest() override { EXPECT_EQ(world_.misses(), 0); }

  static domain::RewardRule Held(domain::RewardRule rule, int days) {
    rule.holding_period = days * kDay;
    return rule;
  }
  static domain::RewardRule Gated(domain::RewardRule rule) {
    rule.release_event = "checked_out";
    return rule;
  }
  void Churn(absl::Time time) {
    Happen("signup:carl",
           [time](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                  absl::Time now) { OnChurned(unit, rules, referral, time, now); });
  }
  // The same as the feed tells it: it is known of the customer from then on.
  void Leave(const std::string& customer_id, absl::Time time) {
    Happen("signup:" + customer_id, [&](exec::Unit& unit, const Rules& rules,
                                        const domain::Referral& referral, absl::Time now) {
      auto customer = *unit.Find<store::CustomerTable>({"acme", customer_id});
      customer.churned_time = time;
      unit.Put<store::CustomerTable>(customer);
      OnChurned(unit, rules, domain::Referral(referral), time, now);
    });
  }
  void PayAt(const std::string& order, const std::string& customer, absl::Time time) {
    ASSERT_TRUE(world_.Convert(PaymentOf(order, customer, time, 5000)).ok());
  }
  void Approve() {
    SetFraud("signup:carl", FraudState::kApproved);
    Happen("signup:carl",
           [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
              absl::Time now) { OnFraudApproved(unit, rules, referral, now); });
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, ClawbackTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(ClawbackTest, ChurnInTheHoldingPeriodCancels) {
  Apply({Held(Rule("cash", 500), 30), Rule("now", 100)});
  Bring("carl");
  Pay("o1", "carl");
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:cash ada 500 EUR held", "o1:now ada 100 EUR available"));
  Advance(8 * kDay);
  Churn(kNow + 8 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 500 EUR reversed churn",
                                     "o1:now ada 100 EUR available"));
  Advance(30 * kDay);
  DoDueWork();
  EXPECT_EQ(Reward("o1:cash").cause, "churn");
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 100", "liability:rewards EUR -100"));
}

TEST_P(ClawbackTest, ChurnCancelsWhatIsBeforeAGate) {
  Apply({Gated(Rule("gated", 100)), Rule("plain", 50)});
  Bring("carl");
  SetFraud("signup:carl", FraudState::kHeld);
  Pay("o1", "carl");
  Advance(400 * kDay);
  Churn(kNow + 400 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("o1:gated ada 100 EUR cancelled churn",
                                     "o1:plain ada 50 EUR cancelled churn"));
  Approve();
  EXPECT_THAT(Balances(), IsEmpty());
  EXPECT_THAT(world_.Query("SELECT holder FROM cap_use"), IsEmpty());
}

TEST_P(ClawbackTest, AChurnThatIsToldLateIsOfItsTime) {
  Apply({Held(Rule("cash", 500), 30), Held(Rule("paid", 100), 30), Held(Rule("late", 1), 40)});
  Bring("carl");
  Pay("o1", "carl");
  Advance(41 * kDay);
  DoDueWork();
  Fulfil("o1:paid");
  // The last moment of the shorter one's holding period, and past it for nobody yet.
  Churn(kNow + 30 * kDay - absl::Microseconds(1));
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 500 EUR reversed churn",
                                     "o1:late ada 1 EUR reversed churn",
                                     "o1:paid ada 100 EUR reversed churn"));
  EXPECT_THAT(Balances(), ElementsAre("paid:rewards EUR -100", "receivable:clawback EUR 100"));
}

TEST_P(ClawbackTest, ChurnAtTheEndOfTheHoldingPeriodIsTooLate) {
  Apply({Held(Rule("cash", 500), 30), Held(Rule("late", 1), 40)});
  Bring("carl");
  Pay("o1", "carl");
  Advance(41 * kDay);
  Churn(kNow + 30 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 500 EUR available",
                                     "o1:late ada 1 EUR reversed churn"));
}

TEST_P(ClawbackTest, WhoPaidAfterLeavingHadComeBack) {
  Apply({Held(Rule("cash", 500), 30)});
  Bring("carl");
  Advance(10 * kDay);
  Pay("o1", "carl");
  Churn(kNow + 8 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 500 EUR held"));
}

TEST_P(ClawbackTest, APaymentThatIsToldAfterItsCustomerLeftEndsAsIfToldBefore) {
  domain::RewardRule window = Rule("window", 30);
  window.churn_clawback_window = 20 * kDay;
  Apply({Held(Rule("cash", 500), 14), Rule("now", 100), window});
  Bring("carl");
  Bring("dora");
  Advance(40 * kDay);
  PayAt("o1", "carl", kNow + 4 * kDay);
  Leave("carl", kNow + 10 * kDay);
  Leave("dora", kNow + 10 * kDay);
  PayAt("o2", "dora", kNow + 4 * kDay);
  EXPECT_THAT(
      Rewards(),
      ElementsAre("o1:cash ada 500 EUR reversed churn", "o1:now ada 100 EUR available",
                  "o1:window ada 30 EUR reversed churn", "o2:cash ada 500 EUR reversed churn",
                  "o2:now ada 100 EUR available", "o2:window ada 30 EUR reversed churn"));
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 200", "liability:rewards EUR -200"));
}

TEST_P(ClawbackTest, LeavingTakesNothingOfWhatTheAdvocatesCountReached) {
  domain::RewardRule contacts = Held(On(Trigger::kMilestone, "contacts", 100), 14);
  contacts.count = 2;
  domain::RewardRule second = Held(On(Trigger::kNthSuccess, "second", 700), 14);
  second.count = 2;
  second.churn_clawback_window = 90 * kDay;
  domain::RewardRule gated = second;
  gated.rule_id = "gated";
  gated.release_event = "aha";
  Apply({contacts, second, gated});
  for (const char* id : {"carl", "dora"}) {
    Submit(id);
    SignUp(id);
    Pay(absl::StrCat("o-", id), id);
  }
  Advance(5 * kDay);
  ASSERT_EQ(Reward("second:ada#2").referral_id, "r-dora");
  Happen("r-dora", [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                      absl::Time now) {
    auto customer = *unit.Find<store::CustomerTable>({"acme", "dora"});
    customer.churned_time = now;
    unit.Put<store::CustomerTable>(customer);
    OnChurned(unit, rules, domain::Referral(referral), now, now);
    ReleaseByAha(unit, referral, now + kDay, now);
  });
  EXPECT_THAT(Rewards(),
              ElementsAre("contacts:ada#2 ada 100 EUR held", "gated:ada#2 ada 700 EUR held",
                          "second:ada#2 ada 700 EUR held"));
}

TEST_P(ClawbackTest, WhatWaitsForItsReleaseIsDecidedWhenThatIsTold) {
  domain::RewardRule rule = Rule("credit", 2000);
  rule.release_event = "checked_out";
  domain::Program program = SampleProgram();
  program.rewards = {rule};
  Apply(program);
  Bring("carl");
  Bring("dora");
  Advance(40 * kDay);
  Leave("carl", kNow + 10 * kDay);
  Leave("dora", kNow + 10 * kDay);
  PayAt("o1", "carl", kNow + 4 * kDay);
  PayAt("o2", "dora", kNow + 4 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("o1:credit ada 2000 EUR approved",
                                     "o2:credit ada 2000 EUR approved"));
  // One before the leaving, one after it.
  const auto check_out = [&](const char* id, const char* customer, absl::Time time) {
    auto report = PaymentOf(id, customer, time, 1);
    report.event = "checked_out";
    ASSERT_TRUE(world_.Convert(report).ok());
  };
  check_out("c1", "carl", kNow + 6 * kDay);
  check_out("c2", "dora", kNow + 12 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("o1:credit ada 2000 EUR available",
                                     "o2:credit ada 2000 EUR reversed churn"));
}

TEST_P(ClawbackTest, WhoPaidAfterLeavingKeepsItWhateverTheWindowAndTheOrder) {
  domain::RewardRule window = Rule("window", 30);
  window.churn_clawback_window = 20 * kDay;
  Apply({Held(Rule("cash", 500), 14), window});
  Bring("carl");
  Bring("dora");
  Advance(11 * kDay);
  PayAt("o1", "carl", kNow + 11 * kDay);
  Leave("carl", kNow + 10 * kDay);
  Leave("dora", kNow + 10 * kDay);
  PayAt("o2", "dora", kNow + 11 * kDay);
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:cash ada 500 EUR held", "o1:window ada 30 EUR available",
                          "o2:cash ada 500 EUR held", "o2:window ada 30 EUR available"));
}

TEST_P(ClawbackTest, ARefundCancelsWhatWasNeverReleasedWhateverTheWindow) {
  domain::RewardRule gated = Gated(Rule("gated", 100));
  gated.clawback_window = 10 * kDay;
  domain::RewardRule plain = Rule("plain", 50);
  plain.clawback_window = 10 * kDay;
  Apply({gated, plain});
  Bring("carl");
  Pay("o1", "carl");
  Advance(20 * kDay);
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:gated ada 100 EUR cancelled refund",
                                     "o1:plain ada 50 EUR available"));
  Pay("o2", "carl", 100, "checked_out");
  EXPECT_EQ(Reward("o1:gated").cause, "refund");
}

TEST_P(ClawbackTest, ARefundCancelsWhatTheFraudGateHolds) {
  domain::RewardRule plain = Rule("plain", 50);
  plain.clawback_window = 10 * kDay;
  Apply({plain});
  Bring("carl");
  SetFraud("signup:carl", FraudState::kHeld);
  Pay("o1", "carl");
  Advance(20 * kDay);
  ASSERT_TRUE(world_.Reverse("o1").ok());
  Approve();
  EXPECT_THAT(Rewards(), ElementsAre("o1:plain ada 50 EUR cancelled refund"));
  EXPECT_THAT(Balances(), IsEmpty());
}

TEST_P(ClawbackTest, ARefundCancelsWhatIsHeldLongerThanTheWindow) {
  domain::RewardRule rule = Held(Rule("cash", 500), 30);
  rule.clawback_window = 10 * kDay;
  Apply({rule});
  for (const char* id : {"carl", "dora"}) Bring(id);
  Pay("o1", "carl");
  Pay("o2", "dora");
  Advance(29 * kDay);
  ASSERT_TRUE(world_.Reverse("o1").ok());
  Advance(kDay);
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 500 EUR reversed refund",
                                     "o2:cash ada 500 EUR available"));
}

TEST_P(ClawbackTest, WhatFellIntoAnAbsenceIsNotEarnedByWorkThatIsDueLater) {
  domain::RewardRule gold = On(Trigger::kRetained, "d30", 30);
  gold.retained_days = 30;
  gold.condition = *domain::ParseCondition("advocate.group equals gold");
  domain::RewardRule later = On(Trigger::kRetained, "d60", 60);
  later.retained_days = 60;
  Apply({gold, later});
  Bring("carl");
  const auto group = [&](const std::string& name) {
    Happen("signup:carl",
           [&](exec::Unit& unit, const Rules&, const domain::Referral&, absl::Time) {
             auto ada = *unit.Find<store::AdvocateTable>({"acme", "ada"});
             ada.attributes = {{"group", name}};
             unit.Put<store::AdvocateTable>(ada);
           });
  };
  group("gold");
  Advance(35 * kDay);
  DoDueWork();
  Leave("carl", kNow + 20 * kDay);
  // When the return is told nothing is lost by the rule, so that no row says so.
  group("silver");
  Advance(5 * kDay);
  Happen("signup:carl", [](exec::Unit& unit, const Rules& rules,
                           const domain::Referral& referral, absl::Time now) {
    auto customer = *unit.Find<store::CustomerTable>({"acme", "carl"});
    customer.churned_time.reset();
    unit.Put<store::CustomerTable>(customer);
    OnReactivated(unit, rules, domain::Referral(referral), now, now);
  });
  group("gold");
  Advance(20 * kDay);
  DoDueWork();
  EXPECT_THAT(Rewards(), ElementsAre("d30:signup:carl ada 30 EUR reversed churn",
                                     "d60:signup:carl ada 60 EUR available"));
  const auto story =
      reader_.Explain("acme", "d30:signup:carl", world_.clock.Now(), test::Soon());
  ASSERT_TRUE(story.ok()) << story.status();
  EXPECT_EQ(story->history.back().decided_by, "");
}

}  // namespace
}  // namespace kith::referral::app
