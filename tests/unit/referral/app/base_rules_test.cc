// What holds with any rules, and with none of honesty: who is not attributed, for whom nobody
// is, and what is not moved; on every backend.
#include "services/referral/app/claim_rewards.h"
#include "services/referral/app/report_fulfilments.h"
#include "tests/unit/referral/app/attribution_world.h"

namespace kith::referral::app {
namespace {

using domain::EvidenceKind;
using domain::RejectedEvidence;
using ::testing::ElementsAre;

class BaseRulesTest : public AttributionTest {
 protected:
  // Five euros at once for whoever brings a signup, for ever.
  void PaySignupsAtOnce() {
    ApplyWith([](domain::Program& p) {
      p.rewards.pop_back();
      p.rewards[0].trigger = domain::Trigger::kSignedUp;
      p.rewards[0].amount = {};
      p.rewards[0].amount.fixed_minor = 500;
      p.rewards[0].holding_period = absl::ZeroDuration();
    });
  }
  void SignUpCarlByTouch() {
    ASSERT_TRUE(world_.Touch({"t1", ada_, "v1", kNow - 12 * kDay}).ok());
    auto carl = SignupOf("carl", kNow - 10 * kDay);
    carl.signup.visitor_id = "v1";
    ASSERT_EQ(world_.SignUp(carl)->judgement.advocate_id, "ada");
  }
  void FulfilAll() {
    ClaimRewards::Request request;
    request.program_id = "acme";
    request.request_id = "c1";
    request.provider = "bank";
    request.received_time = world_.clock.Now();
    const auto claimed = world_.Run<ClaimRewards>("ClaimRewards", request);
    ASSERT_TRUE(claimed.ok()) << claimed.status();
    std::vector<domain::FulfilmentReport> reports;
    for (const ClaimRewards::Claimed& item : *claimed) {
      domain::FulfilmentReport& report = reports.emplace_back();
      report.reward_id = item.reward.reward_id;
      report.lease_token = item.fulfilment.lease_token;
      report.succeeded = true;
    }
    ASSERT_EQ(reports.size(), 1u);
    const auto done =
        world_.Run<ReportFulfilments>("ReportFulfilments", std::string("acme"), reports);
    ASSERT_TRUE(done.ok() && done->front().ok());
  }
  std::vector<std::string> Reasons(const std::string& customer) {
    std::vector<std::string> reasons;
    const Explanation explanation = reader().Explain("acme", customer, test::Soon()).value();
    for (const ExplainedCandidate& item : explanation.candidates) {
      reasons.push_back(absl::StrCat(item.candidate.evidence.advocate_id, " ",
                                     item.won ? "won" : item.candidate.rejection));
    }
    return reasons;
  }
  static AttributeSignups::NewSignup ByCode(const std::string& customer,
                                            const std::string& code, absl::Time time,
                                            const std::string& email = "",
                                            const std::string& phone = "") {
    auto signup = SignupOf(customer, time, email);
    signup.signup.code = code;
    signup.phone = phone;
    return signup;
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, BaseRulesTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(BaseRulesTest, ALateLeadDoesNotMoveWhatIsPayable) {
  PaySignupsAtOnce();
  SignUpCarlByTouch();
  world_.NewFacts();
  ASSERT_TRUE(
      world_.SubmitOne(LeadOf("r1", "bob", "carl", kNow - 10 * kDay - absl::Seconds(1))).ok());
  EXPECT_THAT(Rewards(), ElementsAre("share:signup:carl ada 500 owed"));
  EXPECT_THAT(world_.NewFacts(), ElementsAre("referral_submitted r1"));
  EXPECT_EQ(world_.Referral("r1").customer_id, "");
  EXPECT_THAT(Reasons("carl"), ElementsAre("bob OUTRANKED", "ada won"));
}

TEST_P(BaseRulesTest, ALateLeadDoesNotMoveWhatIsPaid) {
  PaySignupsAtOnce();
  SignUpCarlByTouch();
  FulfilAll();
  ASSERT_TRUE(
      world_.SubmitOne(LeadOf("r1", "bob", "carl", kNow - 10 * kDay - absl::Seconds(1))).ok());
  EXPECT_THAT(world_.Query("SELECT state FROM reward"), ElementsAre("fulfilled"));
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "ada");
  // A person may.
  ASSERT_TRUE(Override("carl", "bob").ok());
  EXPECT_EQ(world_.Referral("r1").customer_id, "carl");
  EXPECT_THAT(Rewards(),
              ElementsAre("share:r1 bob 500 owed", "share:signup:carl ada 500 override"));
  ExpectBooksBalance();
}

TEST_P(BaseRulesTest, WhatIsHeldMoves) {
  ApplyWith([](domain::Program& p) {
    p.rewards.pop_back();
    p.rewards[0].trigger = domain::Trigger::kSignedUp;
    p.rewards[0].amount = {};
    p.rewards[0].amount.fixed_minor = 500;
  });
  SignUpCarlByTouch();
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "bob", "carl", kNow - 11 * kDay)).ok());
  EXPECT_THAT(Rewards(),
              ElementsAre("share:r1 bob 500 owed", "share:signup:carl ada 500 reattributed"));
}

TEST_P(BaseRulesTest, ASecondAccountIsAnExistingCustomer) {
  PaySignupsAtOnce();
  ASSERT_EQ(world_.SignUp(ByCode("dan", ada_, kNow - 3 * kDay, "dan@x.org", "+49 30 123456"))
                ->judgement.advocate_id,
            "ada");
  const auto again = *world_.SignUp(ByCode("dan2", ada_, kNow - 2 * kDay, "Dan+2@x.org"));
  EXPECT_FALSE(again.attributed());
  EXPECT_EQ(again.channel(), "organic");
  EXPECT_THAT(again.judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "EXISTING_CUSTOMER"}));
  EXPECT_THAT(Reasons("dan2"), ElementsAre("ada EXISTING_CUSTOMER"));
  // Neither with another address and the same number, nor by another's word, nor by a touch.
  auto third = ByCode("dan3", bob_, kNow - kDay, "d@y.org", "0049 30 12 34 56");
  third.signup.referrer_id = "ada";
  EXPECT_THAT(
      world_.SignUp(third)->judgement.rejected,
      ElementsAre(RejectedEvidence{EvidenceKind::kCode, "bob", "EXISTING_CUSTOMER"},
                  RejectedEvidence{EvidenceKind::kSelfReported, "ada", "EXISTING_CUSTOMER"}));
  auto fourth = SignupOf("dan4", kNow, "dan@x.org");
  fourth.signup.visitor_id = "v4";
  ASSERT_FALSE(world_.SignUp(fourth)->attributed());
  ASSERT_TRUE(world_.Touch({"t4", bob_, "v4", kNow - kDay}).ok());
  EXPECT_THAT(Reasons("dan4"), ElementsAre("bob EXISTING_CUSTOMER"));
  EXPECT_THAT(Rewards(), ElementsAre("share:signup:dan ada 500 owed"));
  // Who comes later does not make the first one an existing customer.
  ASSERT_TRUE(world_.Touch({"t5", bob_, "v1", kNow - kDay}).ok());
  EXPECT_THAT(Reasons("dan"), ElementsAre("ada won"));
}

TEST_P(BaseRulesTest, OfOneInstantOneAccountIsTheFirst) {
  const absl::Time day = kNow - 3 * kDay;
  EXPECT_TRUE(world_.SignUp(ByCode("dan", ada_, day, "dan@x.org"))->attributed());
  EXPECT_FALSE(world_.SignUp(ByCode("eva", ada_, day, "dan@x.org"))->attributed());
  EXPECT_TRUE(world_.SignUp(ByCode("abe", ada_, day, "dan@x.org"))->attributed());
  EXPECT_THAT(world_.Query("SELECT customer_id FROM referral"), ElementsAre("abe"));
}

TEST_P(BaseRulesTest, AnOlderAccountThatIsToldLaterTakesBackWhatIsHeld) {
  EXPECT_TRUE(world_.SignUp(ByCode("dan2", ada_, kNow - 2 * kDay, "dan@x.org"))->attributed());
  const auto third = ByCode("dan3", bob_, kNow - kDay, "", "+49 30 123456");
  EXPECT_TRUE(world_.SignUp(third)->attributed());
  EXPECT_TRUE(world_.Convert(PaymentOf("o3", "dan3", kNow)).ok());
  EXPECT_FALSE(world_.SignUp(SignupOf("dan", kNow - 3 * kDay, "dan@x.org"))->attributed());
  EXPECT_THAT(Reasons("dan2"), ElementsAre("ada EXISTING_CUSTOMER"));
  // What was paid for stays.
  auto fourth = SignupOf("dan4", kNow - 3 * kDay);
  fourth.phone = "+49 30 123456";
  EXPECT_FALSE(world_.SignUp(fourth)->attributed());
  EXPECT_THAT(Reasons("dan3"), ElementsAre("bob won"));
}

// It is free by the time that the older one is judged, as if he had been told of first.
TEST_P(BaseRulesTest, AnOlderAccountHasTheLeadThatALaterOneHad) {
  ApplyWith([](domain::Program& p) {
    p.rewards.pop_back();
    p.rewards[0].trigger = domain::Trigger::kSignedUp;
    p.rewards[0].amount = {};
    p.rewards[0].amount.fixed_minor = 500;
  });
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "", kNow - 5 * kDay, "dan@x.org")).ok());
  auto later = SignupOf("dan2", kNow - 2 * kDay, "dan@x.org");
  later.phone = "+49 30 123456";
  EXPECT_EQ(world_.SignUp(later)->judgement.referral_id, "r1");
  world_.NewFacts();
  auto older = SignupOf("dan", kNow - 3 * kDay, "dan@x.org");
  older.phone = later.phone;
  EXPECT_EQ(world_.SignUp(older)->judgement.referral_id, "r1");
  EXPECT_THAT(Reasons("dan"), ElementsAre("ada won"));
  EXPECT_EQ(world_.Referral("r1").customer_id, "dan");
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("reward_reversed share:r1 ada 500EUR reattributed",
                          "signup_attributed dan2 organic   none",
                          "signup_attributed dan referral ada r1 lead",
                          "reward_created share:r1~2 ada referrer 500EUR"));
  EXPECT_THAT(Rewards(),
              ElementsAre("share:r1 ada 500 reattributed", "share:r1~2 ada 500 owed"));
  ExpectBooksBalance();
}

TEST_P(BaseRulesTest, AThousandAccountsOfOneAddressAreToldOfNewestFirst) {
  std::vector<AttributeSignups::NewSignup> signups;
  for (int i = 1; i <= 1000; ++i) {
    signups.push_back(ByCode(absl::StrCat("c", i), ada_, kNow - absl::Seconds(i), "a@x.org"));
  }
  const auto results =
      world_.Run<AttributeSignups>("AttributeSignups", std::string("acme"), signups);
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_THAT(world_.Query("SELECT referral_id FROM referral"), ElementsAre("signup:c1000"));
  EXPECT_THAT(world_.Query("SELECT COUNT(*) FROM customer WHERE evidence = 'none' "
                           "AND rejected LIKE 'code ada EXISTING_CUSTOMER%'"),
              ElementsAre("999"));
}

TEST_P(BaseRulesTest, NobodyRefersHimselfByNumber) {
  ASSERT_TRUE(
      world_.Enroll({{.advocate_id = "eve", .phone = "+49 171 1234567"}}).front().ok());
  const std::string eve = world_.Advocate("eve").code;
  EXPECT_THAT(
      world_.SignUp(ByCode("carl", eve, kNow, "", "0049 171 1234567"))->judgement.rejected,
      ElementsAre(RejectedEvidence{EvidenceKind::kCode, "eve", "SELF_REFERRAL"}));
  EXPECT_THAT(Reasons("carl"), ElementsAre("eve SELF_REFERRAL"));
  auto lead = LeadOf("r1", "eve", "", kNow);
  lead.phone = "+49 (0)171 123 45 67";
  EXPECT_EQ(Reason(world_.SubmitOne(lead).status()), "SELF_REFERRAL");
  EXPECT_EQ(Reason(Override("carl", "eve").status()), "SELF_REFERRAL");
}

TEST_P(BaseRulesTest, TheIneligibleBringNobodyByAnyEvidence) {
  ASSERT_TRUE(world_.Touch({"t1", bob_, "v1", kNow - kDay}).ok());
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "bob", "lea", kNow - kDay)).ok());
  ASSERT_TRUE(world_.Enroll({{.advocate_id = "eve", .kind = "admin"}}).front().ok());
  ApplyWith([](domain::Program& p) {
    p.advocate_eligibility = {{{{"advocate.kind", domain::Comparison::kIn, {"admin"}}}}};
  });
  auto carl = ByCode("carl", ada_, kNow);
  carl.signup.referrer_id = "bob";
  carl.signup.visitor_id = "v1";
  EXPECT_FALSE(world_.SignUp(carl)->attributed());
  EXPECT_THAT(Reasons("carl"),
              ElementsAre("ada NOT_ELIGIBLE", "bob NOT_ELIGIBLE", "bob NOT_ELIGIBLE"));
  EXPECT_EQ(
      world_.SignUp(ByCode("dora", world_.Advocate("eve").code, kNow))->judgement.advocate_id,
      "eve");
  // A lead was judged when it was submitted.
  EXPECT_EQ(world_.SignUp(SignupOf("lea", kNow))->judgement.referral_id, "r1");
  EXPECT_EQ(reader().ResolveCode("acme", ada_, kNow, test::Soon())->refusal, "NOT_ELIGIBLE");
  EXPECT_EQ(world_.Record({"t2", ada_, "v2", kNow})->uncounted, "NOT_ELIGIBLE");
}

// Who has the customer keeps him when the rules change afterwards.
TEST_P(BaseRulesTest, EligibilityIsJudgedOnce) {
  ASSERT_EQ(world_
                .SignUp([&] {
                  auto carl = ByCode("carl", ada_, kNow - kDay);
                  carl.signup.visitor_id = "v1";
                  return carl;
                }())
                ->judgement.advocate_id,
            "ada");
  ApplyWith([](domain::Program& p) {
    p.advocate_eligibility = {{{{"advocate.kind", domain::Comparison::kIn, {"admin"}}}}};
  });
  ASSERT_TRUE(world_.Touch({"t1", bob_, "v1", kNow - 2 * kDay}).ok());
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "ada");
}

TEST_P(BaseRulesTest, TheDecidingTouchTellsWhereTheTrafficCameFrom) {
  ApplyWith([](domain::Program& p) {
    p.fraud.enabled = true;
    p.fraud.paid_sources = {"google_ads"};
  });
  const auto touch = [&](const std::string& id, const std::string& visitor,
                         const std::string& source, absl::Time time) {
    RecordTouches::NewTouch made;
    made.touch_id = id;
    made.code = ada_;
    made.visitor_id = visitor;
    made.touch_time = time;
    made.source = source;
    ASSERT_TRUE(world_.Touch(made).ok());
  };
  const auto fraud_of = [&](const std::string& customer, const std::string& visitor,
                            const std::string& source) {
    auto signup = SignupOf(customer, kNow);
    signup.signup.visitor_id = visitor;
    signup.signup.source = source;
    EXPECT_EQ(world_.SignUp(signup)->judgement.advocate_id, "ada");
    const domain::Referral referral = world_.Referral("signup:" + customer);
    return absl::StrCat(domain::Name(referral.fraud), " ", referral.fraud_score);
  };
  touch("t1", "v1", "Google_Ads", kNow - kDay);
  EXPECT_EQ(fraud_of("carl", "v1", ""), "held 60");
  touch("t2", "v2", "google_ads", kNow - kDay);
  EXPECT_EQ(fraud_of("dora", "v2", "newsletter"), "held 60");
  // Not the one that does not decide.
  touch("t3", "v3", "google_ads", kNow - 2 * kDay);
  touch("t4", "v3", "newsletter", kNow - kDay);
  EXPECT_EQ(fraud_of("emil", "v3", ""), "clear 0");
}

}  // namespace
}  // namespace kith::referral::app
