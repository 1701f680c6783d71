// How the rules of a program bear on enrolment and signups: eligibility, late enrolment,
// suspension, fraud, phone numbers, large batches; on every backend.
#include "tests/unit/referral/app/attribution_world.h"

namespace kith::referral::app {
namespace {

using domain::EvidenceKind;
using domain::RejectedEvidence;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AttributionFlowTest : public AttributionTest {};
INSTANTIATE_TEST_SUITE_P(Stores, AttributionFlowTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(AttributionFlowTest, OnlyTheEligibleAreEnrolled) {
  ApplyWith([](domain::Program& p) {
    p.advocate_eligibility = {{{{"advocate.kind", domain::Comparison::kIn, {"admin"}},
                                {"advocate.seats", domain::Comparison::kAtLeast, {"10"}}}}};
  });
  const auto results =
      world_.Enroll({{.advocate_id = "eve", .kind = "admin", .attributes = {{"seats", "10"}}},
                     {.advocate_id = "fay", .kind = "admin", .attributes = {{"seats", "9"}}},
                     {.advocate_id = "gus", .kind = "user", .attributes = {{"seats", "99"}}},
                     {.advocate_id = "ada"}});
  ASSERT_TRUE(results[0].ok());
  EXPECT_TRUE(results[0]->is_new);
  EXPECT_EQ(world_.Advocate("eve").kind, "admin");
  EXPECT_EQ(world_.Advocate("eve").attributes, (domain::Attributes{{"seats", "10"}}));
  EXPECT_EQ(Reason(results[1].status()), "NOT_ELIGIBLE");
  EXPECT_EQ(Reason(results[2].status()), "NOT_ELIGIBLE");
  // Who is enrolled stays so.
  ASSERT_TRUE(results[3].ok());
  EXPECT_FALSE(results[3]->is_new);
}

TEST_P(AttributionFlowTest, AnAdvocateEnrolledLateGetsThoseWhoNamedHim) {
  auto carl = SignupOf("carl", kNow - kDay);
  carl.signup.referrer_id = "zoe";
  ASSERT_FALSE(world_.SignUp(carl)->attributed());
  auto dora = SignupOf("dora", kNow - kDay);
  dora.signup.referrer_id = "zoe";
  dora.signup.code = bob_;
  ASSERT_EQ(world_.SignUp(dora)->judgement.advocate_id, "bob");
  ASSERT_TRUE(world_.Convert(PaymentOf("pay", "carl", kNow)).ok());
  world_.NewFacts();
  const auto zoe = world_.Enroll({{.advocate_id = "zoe"}});
  EXPECT_EQ(zoe.front()->advocate.signups, 1);
  EXPECT_EQ(zoe.front()->advocate.conversions, 1);
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "zoe");
  EXPECT_EQ(world_.Referral("signup:dora").advocate_id, "bob");
  EXPECT_THAT(Rewards(), ElementsAre("pay:share zoe 1000 owed", "pay:welcome carl 1000 owed"));
  EXPECT_EQ(world_.NewFacts()[1],
            "signup_attributed carl referral zoe signup:carl self_reported");
}

TEST_P(AttributionFlowTest, TheSuspendedBringNobodyNew) {
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow - 3 * kDay)).ok());
  ASSERT_TRUE(world_.Query("SELECT 1").size() == 1);
  auto transaction = world_.database().BeginWrite(test::Soon());
  ASSERT_TRUE(transaction.ok());
  ASSERT_TRUE(
      (*transaction)
          ->Execute("UPDATE advocate SET suspended_time = $1 WHERE advocate_id = 'ada'",
                    {db::FromTime(kNow - kDay)})
          .ok());
  ASSERT_TRUE((*transaction)->Commit().ok());
  EXPECT_THAT(SignUpWithCode("dora", ada_)->judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "ADVOCATE_SUSPENDED"}));
  EXPECT_EQ(SignUpWithCode("emil", ada_, kNow - 2 * kDay)->judgement.advocate_id, "ada");
  EXPECT_EQ(world_.SignUp(SignupOf("carl", kNow))->judgement.referral_id, "r1");
  EXPECT_EQ(reader().ResolveCode("acme", ada_, kNow, test::Soon())->refusal,
            "ADVOCATE_SUSPENDED");
}

TEST_P(AttributionFlowTest, ALeadIsFoundByItsPhoneNumber) {
  auto lead = LeadOf("r1", "ada", "", kNow - kDay);
  lead.phone = "+49 (0)30 1234-567";
  ASSERT_TRUE(world_.SubmitOne(lead).ok());
  auto carl = SignupOf("carl", kNow);
  carl.phone = "0049 30 1234567";
  EXPECT_EQ(world_.SignUp(carl)->judgement.referral_id, "r1");
  EXPECT_THAT(world_.Query("SELECT COUNT(*) FROM customer WHERE phone_hash IS NOT NULL"),
              ElementsAre("1"));
}

TEST_P(AttributionFlowTest, ALeadOfTheSameDayCountsWhicheverIsImportedFirst) {
  const absl::Time day = kNow - 3 * kDay;
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "carl", day)).ok());
  EXPECT_EQ(world_.SignUp(SignupOf("carl", day))->judgement.referral_id, "r1");
  ASSERT_FALSE(world_.SignUp(SignupOf("dora", day))->attributed());
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r2", "ada", "dora", day)).ok());
  EXPECT_EQ(world_.Referral("r2").customer_id, "dora");
  EXPECT_EQ(Reason(world_.SubmitOne(LeadOf("r3", "bob", "carl", day)).status()),
            "ALREADY_REFERRED");
}

// The rules of next year do not yet say what free mail is.
TEST_P(AttributionFlowTest, ASignupOfNowIsHashedByTheRulesInForce) {
  domain::Program program = SampleProgram();
  program.fraud.enabled = true;
  program.fraud.free_mail_domains = {"firm.example"};
  ASSERT_TRUE(
      world_.Apply({.program = program, .effective_time = kNow + 365 * kDay, .dry_run = false})
          .ok());
  auto carl = SignupOf("carl", kNow);
  carl.signup.signup_time.reset();
  carl.email = "carl@firm.example";
  ASSERT_TRUE(world_.SignUp(carl).ok());
  EXPECT_THAT(world_.Query("SELECT COUNT(*) FROM customer WHERE domain_hash IS NOT NULL"),
              ElementsAre("1"));
}

TEST_P(AttributionFlowTest, FraudLeavesTheCustomerToTheNext) {
  ApplyWith([](domain::Program& p) { p.fraud.enabled = true; });
  ASSERT_TRUE(world_.Enroll({{.advocate_id = "eve", .device_id = "laptop"}}).front().ok());
  const std::string eve = world_.Advocate("eve").code;
  auto carl = SignupOf("carl", kNow);
  carl.signup.code = eve;
  carl.signup.referrer_id = "bob";
  carl.device_id = "laptop";
  const domain::Customer judged = *world_.SignUp(carl);
  EXPECT_EQ(judged.judgement.advocate_id, "bob");
  EXPECT_EQ(judged.judgement.evidence, EvidenceKind::kSelfReported);
  EXPECT_THAT(judged.judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "eve", "FRAUD_REJECTED"}));
  EXPECT_EQ(world_.Referral("signup:carl").fraud, domain::FraudState::kClear);
  const auto explained = *reader().Explain("acme", "carl", test::Soon());
  EXPECT_EQ(explained.candidates[0].candidate.rejection, "FRAUD_REJECTED");
  EXPECT_TRUE(explained.candidates[1].won);
}

TEST_P(AttributionFlowTest, ASuspiciousSignupIsHeldAndItsRewardsWait) {
  ApplyWith([](domain::Program& p) {
    p.fraud.enabled = true;
    p.fraud.weights = {{domain::Signal::kPaidSearch, 60}};
    p.fraud.paid_sources = {"ads"};
  });
  auto carl = SignupOf("carl", kNow - kDay);
  carl.signup.code = ada_;
  carl.signup.source = "ads";
  ASSERT_EQ(world_.SignUp(carl)->judgement.advocate_id, "ada");
  EXPECT_EQ(world_.Referral("signup:carl").fraud, domain::FraudState::kHeld);
  EXPECT_EQ(world_.Referral("signup:carl").fraud_score, 60);
  ASSERT_TRUE(world_.Convert(PaymentOf("pay", "carl", kNow)).ok());
  EXPECT_THAT(world_.Query("SELECT DISTINCT state FROM reward"), ElementsAre("pending"));
}

TEST_P(AttributionFlowTest, SignupRewardsMoveWithTheCustomer) {
  ApplyWith([](domain::Program& p) {
    p.rewards[0].trigger = domain::Trigger::kSignedUp;
    p.rewards[0].amount = {};
    p.rewards[0].amount.fixed_minor = 500;
    p.rewards.pop_back();
  });
  auto carl = SignupOf("carl", kNow - kDay);
  carl.signup.visitor_id = "v1";
  ASSERT_TRUE(world_.Touch({"t1", ada_, "v1", kNow - 3 * kDay}).ok());
  ASSERT_EQ(world_.SignUp(carl)->judgement.advocate_id, "ada");
  EXPECT_THAT(Rewards(), ElementsAre("share:signup:carl ada 500 owed"));
  ASSERT_TRUE(world_.Touch({"t2", bob_, "v1", kNow - 2 * kDay}).ok());
  EXPECT_THAT(Rewards(), ElementsAre("share:signup:carl ada 500 reattributed",
                                     "share:signup:carl~2 bob 500 owed"));
  ExpectBooksBalance();
}

TEST_P(AttributionFlowTest, AThousandSignupsWantAllTheirRowsBeforehand) {
  ApplyWith([](domain::Program& p) {
    p.fraud.enabled = true;
    p.fraud.velocity = {{domain::VelocityDimension::kAdvocate, 10000}};
    p.rewards[1].trigger = domain::Trigger::kSignedUp;
    p.rewards[1].min_conversion_minor.reset();
    p.rewards[1].caps = {{domain::CapScope::kProgram, domain::CapPeriod::kMonth, 900, {}}};
    p.rewards[1].max_rewards_per_recipient = 1;
  });
  std::vector<AttributeSignups::NewSignup> signups;
  std::vector<RecordTouches::NewTouch> touches;
  std::vector<SubmitReferrals::NewLead> leads;
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    auto signup = SignupOf("c" + n, kNow - i * absl::Seconds(1), "c" + n + "@example.org");
    if (i % 8 == 7) signup.signup.signup_time.reset();
    if (i % 4 == 0) signup.signup.code = ada_;
    if (i % 4 == 1) leads.push_back(LeadOf("r" + n, "ada", "c" + n, kNow - kDay));
    if (i % 4 == 2) signup.signup.visitor_id = "v" + n;
    if (i % 4 == 2) touches.push_back({"t" + n, bob_, "v" + n, kNow - kDay});
    if (i % 4 == 3) signup.signup.referrer_id = "bob";
    signups.push_back(std::move(signup));
  }
  for (const auto& lead : world_.Submit(leads)) ASSERT_TRUE(lead.ok()) << lead.status();
  ASSERT_TRUE(world_.Run<RecordTouches>("RecordTouches", std::string("acme"), touches).ok());
  const auto results =
      world_.Run<AttributeSignups>("AttributeSignups", std::string("acme"), signups);
  ASSERT_TRUE(results.ok());
  int attributed = 0;
  for (const auto& result : *results) attributed += result.ok() && result->attributed();
  EXPECT_EQ(attributed, 1000);
  EXPECT_EQ(world_.Advocate("ada").signups, 500);
  EXPECT_EQ(world_.Advocate("bob").signups, 500);
  EXPECT_THAT(world_.Query("SELECT state, COUNT(*) FROM reward GROUP BY state ORDER BY state"),
              ElementsAre("cancelled 100", "held 900"));
  EXPECT_THAT(world_.Query("SELECT COUNT(*) FROM reward WHERE amount_minor = 0"),
              ElementsAre("100"));
}

}  // namespace
}  // namespace kith::referral::app
