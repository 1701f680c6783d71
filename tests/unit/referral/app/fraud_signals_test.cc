// The signals at work: what is looked up for them, and what a verdict does to leads and
// signups.
#include "services/referral/domain/names.h"
#include "tests/unit/referral/app/fraud_world.h"

namespace kith::referral::app {
namespace {

using domain::FraudState;
using domain::RejectedEvidence;
using Lines = std::vector<std::string>;

class FraudSignalTest : public FraudTest {
 protected:
  // Who is credited with a signup, and why others are not.
  std::string Credited(const AttributeSignups::NewSignup& signup) {
    const auto customer = world_.SignUp(signup);
    EXPECT_TRUE(customer.ok()) << customer.status();
    std::string text = customer->judgement.advocate_id;
    for (const RejectedEvidence& rejected : customer->judgement.rejected) {
      absl::StrAppend(&text, " ", domain::Name(rejected.kind), ":", rejected.reason);
    }
    return text;
  }
};

TEST_P(FraudSignalTest, WithoutFraudRulesNothingIsKept) {
  domain::Program program = SampleProgram();
  ASSERT_TRUE(
      world_.Apply({.program = program, .effective_time = kNow - 50 * kDay, .dry_run = false})
          .ok());
  HoldOne();
  EXPECT_EQ(world_.Referral("r3").fraud, FraudState::kClear);
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM fraud_check"), Lines{"0"});
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM velocity_count"), Lines{"0"});
}

TEST_P(FraudSignalTest, TheThirdLeadOfADayIsHeld) {
  HoldOne();
  EXPECT_EQ(world_.Referral("r3-b").fraud, FraudState::kClear);
  EXPECT_EQ(world_.Referral("r3").fraud, FraudState::kHeld);
  EXPECT_EQ(world_.Referral("r3").fraud_score, 50);
  EXPECT_EQ(Texts(Case("r3").evidence),
            Lines{"velocity 50 3 in a day of advocate ann, 2 are ordinary"});
  EXPECT_EQ(world_.NewFacts().back(), "fraud_case_opened r3 ann 50");
  // Another day has its own count.
  ASSERT_TRUE(world_.SubmitOne(Lead("next-day", kNow)).ok());
  EXPECT_EQ(world_.Referral("next-day").fraud, FraudState::kClear);
}

TEST_P(FraudSignalTest, ABatchIsCountedLikeSingleCalls) {
  std::vector<SubmitReferrals::NewLead> leads;
  for (int i = 0; i < 5; ++i) leads.push_back(Lead(absl::StrCat("b", i)));
  for (const auto& result : world_.Submit(leads)) EXPECT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(CaseIds({"acme", std::nullopt}), (Lines{"b2", "b3", "b4"}));
}

TEST_P(FraudSignalTest, ARejectedLeadIsFiledAndCountedButNotStored) {
  HoldOne("r3", kNow);
  const absl::Status refused =
      world_.SubmitOne(LeadOf("r4", "ann", "", kNow, "x@mailinator.com")).status();
  EXPECT_EQ(Reason(refused), "FRAUD_REJECTED");
  EXPECT_EQ(Case("r4").score, 110);
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM referral"), Lines{"3"});
  EXPECT_EQ(world_.Query("SELECT referrals FROM velocity_count"), Lines{"4"});
  EXPECT_EQ(world_.Advocate("ann").referrals, 3);
}

TEST_P(FraudSignalTest, OfAClearLeadNothingIsKeptButTheCount) {
  HoldOne("r3", kNow);
  EXPECT_EQ(world_.Query("SELECT referral_id FROM fraud_check"), Lines{"r3"});
  EXPECT_EQ(world_.Query("SELECT referrals FROM velocity_count"), Lines{"3"});
}

TEST_P(FraudSignalTest, WhatWasFoundAgainstARejectedLeadDoesNotSpeakAgainstAClearOneOfItsId) {
  ApplyWith([](domain::Program& program) {
    program.fraud.weights = {{domain::Signal::kDisposableDomain, 100}};
  });
  const absl::Status refused =
      world_.SubmitOne(LeadOf("r1", "ann", "", kNow, "x@mailinator.com")).status();
  ASSERT_EQ(Reason(refused), "FRAUD_REJECTED");
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ann", "bob", kNow)).ok());
  EXPECT_EQ(world_.Query("SELECT state FROM fraud_check"), Lines{"clear"});
}

TEST_P(FraudSignalTest, TheRefusalNamesTheHeaviestSignal) {
  ApplyWith([](domain::Program& program) {
    program.fraud.weights = {{domain::Signal::kSameDomain, 45},
                             {domain::Signal::kDisposableDomain, 55}};
    program.fraud.disposable_domains = {"acme.example"};
  });
  const absl::Status refused =
      world_.SubmitOne(LeadOf("r1", "ann", "", kNow, "bob@acme.example")).status();
  EXPECT_EQ(Reason(refused), "FRAUD_REJECTED");
  EXPECT_TRUE(absl::StrContains(refused.message(), "disposable_domain")) << refused;
  const domain::FraudCase filed = Case("r1");
  EXPECT_EQ(filed.state, domain::FraudCaseState::kRejected);
  EXPECT_EQ(filed.decided_by, "rules");
  EXPECT_EQ(filed.score, 100);
  EXPECT_EQ(Texts(filed.evidence),
            (Lines{"disposable_domain 55 throw-away mail address",
                   "same_domain 45 mail address of the same company as advocate ann"}));
  EXPECT_EQ(world_.NewFacts(), Lines{"fraud_case_resolved r1 rejected disposable_domain"});
  // The same again is judged as before and counted once.
  EXPECT_EQ(
      Reason(world_.SubmitOne(LeadOf("r1", "ann", "", kNow, "bob@acme.example")).status()),
      "FRAUD_REJECTED");
  EXPECT_EQ(world_.NewFacts(), Lines{});
  EXPECT_EQ(world_.Query("SELECT referrals FROM velocity_count"), Lines{"1"});
  EXPECT_EQ(world_.Advocate("ann").frauds, 0) << "the rules confirm nothing";
}

TEST_P(FraudSignalTest, ASignupFromTheAdvocatesDeviceIsNotCredited) {
  AttributeSignups::NewSignup signup = Signup("bob");
  signup.device_id = "laptop-of-ann";
  EXPECT_EQ(Credited(signup), " code:FRAUD_REJECTED");
  EXPECT_EQ(Texts(Case("signup:bob").evidence),
            Lines{"self_referral 100 same device as advocate ann"});
}

TEST_P(FraudSignalTest, ASignupFromWhereLeadsWereSubmittedIsNotCredited) {
  SubmitReferrals::NewLead lead = Lead("r1");
  lead.device_id = "tablet";
  lead.ip_address = "2001:db8::7";
  ASSERT_TRUE(world_.SubmitOne(lead).ok());
  AttributeSignups::NewSignup signup = Signup("bob");
  signup.ip_address = "2001:0DB8:0:0:0:0:0:7";
  EXPECT_EQ(Credited(signup), " code:FRAUD_REJECTED");
}

TEST_P(FraudSignalTest, TheNextEvidenceIsHeardWhenTheFirstIsFraud) {
  world_.EnrollOne("zoe");
  AttributeSignups::NewSignup signup = Signup("bob");
  signup.signup.referrer_id = "zoe";
  signup.device_id = "laptop-of-ann";
  EXPECT_EQ(Credited(signup), "zoe code:FRAUD_REJECTED");
  EXPECT_EQ(world_.Referral("signup:bob").fraud, FraudState::kClear);
  EXPECT_EQ(Case("signup:bob").advocate_id, "ann");
}

TEST_P(FraudSignalTest, ASecondAccountOnOneDeviceIsHeld) {
  AttributeSignups::NewSignup first = SignupOf("carl", kNow - 2 * kDay);
  first.device_id = "shared";
  ASSERT_TRUE(world_.SignUp(first).ok());
  AttributeSignups::NewSignup second = Signup("bob");
  second.device_id = "shared";
  EXPECT_EQ(Credited(second), "ann");
  EXPECT_EQ(world_.Referral("signup:bob").fraud, FraudState::kHeld);
  EXPECT_EQ(Texts(Case("signup:bob").evidence),
            Lines{"duplicate_account 80 same device as customer carl"});
}

// That is no question of weights, and no case.
TEST_P(FraudSignalTest, ACustomerUnderAnotherNameIsRefusedBeforeTheSignalsAreAsked) {
  AttributeSignups::NewSignup first = SignupOf("carl", kNow - 2 * kDay, "carl@gmail.com");
  ASSERT_TRUE(world_.SignUp(first).ok());
  AttributeSignups::NewSignup again = Signup("bob");
  again.email = "C.a.r.l+2@googlemail.com";
  EXPECT_EQ(Credited(again), " code:EXISTING_CUSTOMER");
  AttributeSignups::NewSignup ann = Signup("eve");
  ann.phone = "+491711234567";
  EXPECT_EQ(Credited(ann), " code:SELF_REFERRAL");
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM fraud_case"), Lines{"0"});
}

TEST_P(FraudSignalTest, ARingOfReferrersIsHeld) {
  // Bob brought Carl, who brought Ann, who now recommends Bob.
  const std::string bob_code = world_.EnrollOne("bob");
  AttributeSignups::NewSignup carl = SignupOf("carl", kNow - 9 * kDay);
  carl.signup.code = bob_code;
  ASSERT_EQ(Credited(carl), "bob");
  AttributeSignups::NewSignup ann = SignupOf("ann", kNow - 8 * kDay);
  ann.signup.code = world_.EnrollOne("carl");
  ASSERT_EQ(Credited(ann), "carl");
  EXPECT_EQ(Credited(Signup("bob")), "ann");
  EXPECT_EQ(Texts(Case("signup:bob").evidence),
            Lines{"circular_chain 70 the referee brought advocate ann, 2 steps back"});
}

TEST_P(FraudSignalTest, FiveFromOneAddressAndBoughtTraffic) {
  ApplyWith([](domain::Program& program) {
    program.fraud.velocity = {{domain::VelocityDimension::kIp, 5}};
    program.fraud.paid_sources = {"google_ads"};
  });
  AttributeSignups::NewSignup signup;
  for (int i = 0; i < 6; ++i) {
    signup = Signup(absl::StrCat("c", i));
    signup.ip_address = "192.0.2.1";
    EXPECT_EQ(Credited(signup), "ann");
  }
  EXPECT_EQ(CaseIds({"acme", std::nullopt}), Lines{"signup:c5"});
  signup = Signup("c6", kNow);
  signup.signup.source = "google_ads";
  EXPECT_EQ(Credited(signup), "ann");
  EXPECT_EQ(Texts(Case("signup:c6").evidence),
            Lines{"paid_search 60 traffic from google_ads is bought"});
}

TEST_P(FraudSignalTest, TheSignupOfALeadIsJudgedWithWhatTheLeadShowed) {
  HoldOne();  // velocity 50
  AttributeSignups::NewSignup signup = SignupOf("bob", kNow, "r3@friends.example");
  signup.email = "r3@friends.example";
  AttributeSignups::NewSignup first = SignupOf("carl", kNow - 2 * kDay);
  first.payment_fingerprint = "card";
  ASSERT_TRUE(world_.SignUp(first).ok());
  signup.payment_fingerprint = "card";  // duplicate account 80: 130 in all
  EXPECT_EQ(Credited(signup), " lead:FRAUD_REJECTED");
  // A case that waits for a person stays with that person.
  EXPECT_EQ(Case("r3").state, domain::FraudCaseState::kOpen);
  EXPECT_EQ(Case("r3").score, 130);
}

TEST_P(FraudSignalTest, JudgingAgainNeitherCountsNorAsksAgain) {
  AttributeSignups::NewSignup signup = Signup("bob");
  signup.signup.referrer_id = "zoe";
  signup.ip_address = "192.0.2.1";
  EXPECT_EQ(Credited(signup).substr(0, 3), "ann");
  const Lines counts = world_.Query(
      "SELECT dimension, referrals FROM velocity_count ORDER BY "
      "dimension");
  // Zoe's enrolment has Bob judged again.
  world_.EnrollOne("zoe");
  EXPECT_EQ(world_.Query("SELECT dimension, referrals FROM velocity_count ORDER BY dimension"),
            counts);
}

INSTANTIATE_TEST_SUITE_P(Stores, FraudSignalTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::referral::app
