// A referee's own rewards, when the customer is given to another advocate: what does not
// depend on who referred stays as it is; on every backend.
#include "services/referral/app/override_attribution.h"
#include "services/referral/app/recalculate_program.h"
#include "services/referral/store/customer_tables.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using domain::Trigger;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class OwnRewardsTest : public RewardTest {
 protected:
  ~OwnRewardsTest() override { EXPECT_EQ(world_.misses(), 0); }

  static domain::RewardRule ForReferee(domain::RewardRule rule) {
    rule.side = domain::RewardSide::kReferee;
    return rule;
  }
  // 5 EUR for the referrer and 3 for the referee of a payment, 1 EUR for the referee's signup.
  void Begin() {
    Apply({Rule("share", 500), ForReferee(Rule("welcome", 300)),
           ForReferee(On(Trigger::kSignedUp, "hello", 100))});
  }
  void Override(const std::string& customer, const std::string& advocate) {
    const auto decided = world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", customer, advocate, "sue", "call"});
    ASSERT_TRUE(decided.ok()) << decided.status();
  }
  size_t Recalculate() {
    return world_
        .Run<RecalculateProgram>("RecalculateProgram",
                                 RecalculateProgram::Request{.program_id = "acme",
                                                             .version = 0,
                                                             .from_time = kNow - kDay,
                                                             .to_time = kNow + kDay,
                                                             .page = {},
                                                             .dry_run = false})
        .value()
        .rewards.size();
  }
  // "state cause by" of what a reward went through.
  std::vector<std::string> History(const std::string& reward_id) {
    std::vector<std::string> lines;
    const auto story =
        reader_.Explain("acme", reward_id, world_.clock.Now(), test::Soon()).value();
    for (const RewardStep& step : story.history) {
      lines.push_back(
          absl::StrCat(domain::Name(step.state), " ", step.cause, " ", step.decided_by));
    }
    return lines;
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, OwnRewardsTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(OwnRewardsTest, WhatIsPaidStaysPaidAndTheReferrersSideMoves) {
  Begin();
  Bring("c1");
  Pay("o1", "c1");
  Fulfil("o1:share");
  Fulfil("o1:welcome");
  Advance(kDay);
  world_.NewFacts();
  Override("c1", "bob");
  EXPECT_THAT(Rewards(), ElementsAre("hello:signup:c1 c1 100 EUR available",
                                     "o1:share ada 500 EUR reversed override",
                                     "o1:share~2 bob 500 EUR available",
                                     "o1:welcome c1 300 EUR fulfilled"));
  EXPECT_THAT(world_.NewFacts(), Not(Contains(HasSubstr("o1:welcome"))));
  EXPECT_THAT(world_.Query("SELECT kind, account, amount_minor FROM ledger_entry WHERE "
                           "reward_id = 'o1:welcome' ORDER BY 1, 2"),
              ElementsAre("accrual expense:rewards 300", "accrual liability:rewards -300",
                          "payment liability:rewards 300", "payment paid:rewards -300"));
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards EUR 900", "liability:rewards EUR -600",
                                      "paid:rewards EUR -800", "receivable:clawback EUR 500"));
  EXPECT_THAT(History("o1:welcome"), ElementsAre("held  ", "available  ", "fulfilled  ",
                                                 "fulfilled REFERRER_CHANGED sue"));
  // It is still that of its payment.
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("hello:signup:c1 c1 100 EUR available",
                                     "o1:share ada 500 EUR reversed override",
                                     "o1:share~2 bob 500 EUR reversed refund",
                                     "o1:welcome c1 300 EUR reversed refund"));
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards EUR 100", "liability:rewards EUR -100",
                                      "paid:rewards EUR -800", "receivable:clawback EUR 800"));
}

TEST_P(OwnRewardsTest, FromALeadAndBackThereIsOneOfEach) {
  domain::RewardRule stay = ForReferee(On(Trigger::kRetained, "stay", 50));
  stay.retained_days = 1;
  domain::RewardRule aha = ForReferee(On(Trigger::kAhaReached, "aha", 70));
  Apply({ForReferee(On(Trigger::kSignedUp, "hello", 100)), stay, aha});
  Submit("c1");
  SignUp("c1");
  Happen("r-c1", [](exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                    absl::Time now) {
    domain::Customer customer =
        *unit.Find<store::CustomerTable>({"acme", referral.customer_id});
    customer.aha_time = now;
    unit.Put<store::CustomerTable>(customer);
    OnAha(unit, rules, referral, now, now);
  });
  Advance(2 * kDay);
  DoDueWork();
  const std::vector<std::string> owed = {"aha:r-c1 c1 70 EUR available",
                                         "hello:r-c1 c1 100 EUR available",
                                         "stay:r-c1 c1 50 EUR available"};
  EXPECT_EQ(Rewards(), owed);
  for (const char* advocate : {"bob", "ada", "bob"}) {
    Override("c1", advocate);
    DoDueWork();
    EXPECT_EQ(Rewards(), owed);
  }
  EXPECT_EQ(Reward("hello:r-c1").referral_id, "signup:c1");
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 220", "liability:rewards EUR -220"));
  EXPECT_THAT(History("hello:r-c1"),
              ElementsAre("held  ", "available  ", "available REFERRER_CHANGED sue",
                          "available REFERRER_CHANGED sue", "available REFERRER_CHANGED sue"));
  // What happens to the referral of now happens to them.
  Happen("signup:c1", [](exec::Unit& unit, const Rules& rules, const domain::Referral& stored,
                         absl::Time now) { OnFraudRejected(unit, rules, stored, now); });
  EXPECT_THAT(Rewards(), ElementsAre("aha:r-c1 c1 70 EUR reversed FRAUD_REJECTED",
                                     "hello:r-c1 c1 100 EUR reversed FRAUD_REJECTED",
                                     "stay:r-c1 c1 50 EUR reversed FRAUD_REJECTED"));
}

TEST_P(OwnRewardsTest, WhatDependsOnWhoReferredIsGivenAnew) {
  domain::RewardRule welcome = ForReferee(Rule("welcome", 300));
  domain::Amount more;
  more.fixed_minor = 400;
  welcome.cases = {{*domain::ParseCondition("referral.origin equals signup"), more}};
  domain::RewardRule named = ForReferee(Rule("named", 20));
  named.condition = *domain::ParseCondition("referral.origin equals lead");
  Apply({welcome, named, ForReferee(Rule("always", 10))});
  Submit("c1");
  SignUp("c1");
  Pay("o1", "c1");
  Override("c1", "bob");
  EXPECT_THAT(Rewards(), ElementsAre("o1:always c1 10 EUR available",
                                     "o1:named c1 20 EUR reversed override",
                                     "o1:welcome c1 300 EUR reversed override",
                                     "o1:welcome~2 c1 400 EUR available"));
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards EUR 410", "liability:rewards EUR -410"));
  // Whom nobody has brought is no referee.
  Override("c1", "");
  EXPECT_EQ(Reward("o1:always").cause, "override");
  EXPECT_EQ(Reward("o1:welcome~2").cause, "override");
  EXPECT_THAT(Balances(), ::testing::IsEmpty());
}

TEST_P(OwnRewardsTest, WhoseCaseIsOpenWaitsButForWhatIsPaid) {
  Begin();
  Submit("c1");
  SignUp("c1");
  Pay("o1", "c1");
  Fulfil("o1:welcome");
  Override("c1", "bob");
  SetFraud("r-c1", domain::FraudState::kHeld);
  Override("c1", "ada");
  EXPECT_THAT(
      Rewards(),
      ElementsAre("hello:r-c1 c1 100 EUR pending", "o1:share ada 500 EUR reversed override",
                  "o1:share~2 bob 500 EUR reversed override", "o1:share~3 ada 500 EUR pending",
                  "o1:welcome c1 300 EUR fulfilled"));
  Happen("r-c1", [](exec::Unit& unit, const Rules& rules, const domain::Referral& stored,
                    absl::Time now) { OnFraudApproved(unit, rules, stored, now); });
  EXPECT_EQ(Reward("hello:r-c1").stored_state, domain::RewardState::kHeld);
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards EUR 900", "liability:rewards EUR -600",
                                      "paid:rewards EUR -300"));
}

TEST_P(OwnRewardsTest, WhatCapsLeftStaysWhatItIs) {
  domain::RewardRule welcome = ForReferee(Rule("welcome", 300));
  welcome.occurrence = domain::Occurrence::kEvery;
  domain::Cap cap;
  cap.max_minor = 400;
  welcome.caps = {cap};
  Apply({welcome});
  Bring("c1");
  for (const char* order : {"o1", "o2", "o3"}) Pay(order, "c1");
  const std::vector<std::string> given = {"o1:welcome c1 300 EUR available",
                                          "o2:welcome c1 100 EUR available",
                                          "o3:welcome c1 0 EUR cancelled CAP_REACHED"};
  EXPECT_EQ(Rewards(), given);
  Override("c1", "bob");
  EXPECT_EQ(Rewards(), given);
  EXPECT_THAT(world_.Query("SELECT DISTINCT rewards, minor FROM cap_use"),
              ElementsAre("2 400"));
}

TEST_P(OwnRewardsTest, WhatWasRecalculatedStays) {
  Begin();
  Bring("c1");
  Bring("c2");
  Pay("o1", "c1");
  Pay("o2", "c2");
  Fulfil("o1:welcome");
  Advance(kDay);
  Apply({Rule("share", 500), ForReferee(Rule("welcome", 400)),
         ForReferee(On(Trigger::kSignedUp, "hello", 100))});
  EXPECT_EQ(Recalculate(), 2u);
  Override("c1", "bob");
  Override("c2", "bob");
  EXPECT_THAT(
      Rewards(),
      ElementsAre("hello:signup:c1 c1 100 EUR available",
                  "hello:signup:c2 c2 100 EUR available",
                  "o1:share ada 500 EUR reversed override", "o1:share~2 bob 500 EUR available",
                  "o1:welcome c1 300 EUR fulfilled", "o1:welcome@v2 c1 100 EUR available",
                  "o2:share ada 500 EUR reversed override", "o2:share~2 bob 500 EUR available",
                  "o2:welcome c2 400 EUR available"));
  EXPECT_EQ(Recalculate(), 0u);
}

TEST_P(OwnRewardsTest, ThePaymentThatConvertedGoesOnToDoSo) {
  Begin();
  SignUp("c1", "ada");
  Advance(3 * kDay);
  Pay("o2", "c1");
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "c1", kNow + kDay)).ok());
  Fulfil("o2:welcome");
  Override("c1", "bob");
  EXPECT_EQ(world_.Referral("signup:c1").conversion_id, "o2");
  EXPECT_THAT(Rewards(), ElementsAre("hello:signup:c1 c1 100 EUR available",
                                     "o2:share ada 500 EUR reversed override",
                                     "o2:share~2 bob 500 EUR available",
                                     "o2:welcome c1 300 EUR fulfilled"));
}

TEST_P(OwnRewardsTest, PaymentsOfOthersStayWithTheLeadThatTheyNamed) {
  Begin();
  ASSERT_TRUE(
      world_.SubmitOne(LeadOf("r1", "ada", "", kNow - 2 * kDay, "carl@example.com")).ok());
  auto named = PaymentOf("o1", "zoe", kNow - kDay);
  named.referral_id = "r1";
  ASSERT_TRUE(world_.Convert(named).ok());
  ASSERT_TRUE(world_.SignUp(SignupOf("zoe", kNow)).ok());
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow, "carl@example.com")).ok());
  Pay("o2", "carl");
  const auto open = [&] {
    return world_.Query("SELECT customer_id, open_conversions FROM customer ORDER BY 1");
  };
  EXPECT_THAT(open(), ElementsAre("carl 1", "zoe 1"));
  world_.NewFacts();
  Override("carl", "bob");
  EXPECT_THAT(world_.Query("SELECT conversion_id, referral_id FROM conversion ORDER BY 1"),
              ElementsAre("o1 r1", "o2 signup:carl"));
  EXPECT_THAT(open(), ElementsAre("carl 1", "zoe 1"));
  EXPECT_EQ(world_.Referral("r1").conversion_id, "o1");
  EXPECT_EQ(world_.Referral("r1").customer_id, "");
  EXPECT_THAT(world_.NewFacts(), Not(Contains(HasSubstr("conversion_reversed"))));
  EXPECT_THAT(
      Rewards(),
      ElementsAre("hello:r1 carl 100 EUR available", "o1:share ada 500 EUR available",
                  "o1:welcome carl 300 EUR reversed override",
                  "o2:share bob 500 EUR available", "o2:welcome carl 300 EUR available"));
  EXPECT_EQ(world_.Advocate("ada").conversions, 1);
  EXPECT_EQ(world_.Advocate("bob").conversions, 1);
  // It is reversed for whom it counts.
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_EQ(Reward("o1:share").cause, "refund");
  EXPECT_EQ(Reward("o2:share").cause, "");
}

TEST_P(OwnRewardsTest, TheLeadConvertsByTheNextPaymentThatStays) {
  Begin();
  ASSERT_TRUE(
      world_.SubmitOne(LeadOf("r1", "ada", "", kNow - 2 * kDay, "carl@example.com")).ok());
  auto named = PaymentOf("o1", "", kNow);
  named.referral_id = "r1";
  ASSERT_TRUE(world_.Convert(named).ok());
  named.conversion_id = "o2";
  named.customer_id = "zoe";
  ASSERT_TRUE(world_.Convert(named).ok());
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow - kDay, "carl@example.com")).ok());
  EXPECT_EQ(world_.Referral("r1").conversion_id, "o1");
  Override("carl", "bob");
  EXPECT_EQ(world_.Referral("r1").conversion_id, "o2");
  EXPECT_EQ(world_.Referral("signup:carl").conversion_id, "o1");
  EXPECT_THAT(
      Rewards(),
      ElementsAre("hello:r1 carl 100 EUR available", "o1:share ada 500 EUR reversed override",
                  "o1:share~2 bob 500 EUR available", "o1:welcome carl 300 EUR available",
                  "o2:share ada 500 EUR available"));
}

TEST_P(OwnRewardsTest, APaymentThatIsReportedAgainKnowsWhoseItHasBecome) {
  Begin();
  auto lead = LeadOf("r1", "ada", "", kNow - 2 * kDay);
  lead.phone = "+49 171 1234567";
  ASSERT_TRUE(world_.SubmitOne(lead).ok());
  auto named = PaymentOf("o1", "", kNow - kDay);
  named.referral_id = "r1";
  ASSERT_TRUE(world_.Convert(named).ok());
  auto signup = SignupOf("carl", kNow - kDay);
  signup.phone = lead.phone;
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ASSERT_EQ(world_.Referral("r1").customer_id, "carl");
  Override("carl", "");
  const auto again = world_.Convert(named);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->conversion.customer_id, "carl");
  EXPECT_EQ(again->uncounted, "NOT_ATTRIBUTED");
}

}  // namespace
}  // namespace kith::referral::app
