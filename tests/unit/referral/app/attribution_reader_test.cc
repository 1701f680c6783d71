// Why a customer was judged so, and how reports may divide the credit; on every backend.
#include "tests/unit/referral/app/attribution_world.h"

namespace kith::referral::app {

namespace {

using domain::CreditModel;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AttributionReaderTest : public AttributionTest {
 protected:
  // "touch t1 ada OUT_OF_WINDOW", "code C0DE ada *": kind, id, advocate, reason or star.
  std::vector<std::string> Explain(const std::string& customer) {
    const auto explanation = reader().Explain("acme", customer, test::Soon());
    std::vector<std::string> lines;
    if (!explanation.ok()) return {Reason(explanation.status())};
    for (const ExplainedCandidate& item : explanation->candidates) {
      const domain::Evidence& evidence = item.candidate.evidence;
      lines.push_back(absl::StrCat(domain::Name(evidence.kind), " ", evidence.id, " ",
                                   evidence.advocate_id, " ", item.won ? "*" : "",
                                   item.candidate.rejection));
    }
    return lines;
  }
  // "ada 6667 67 2": advocate, basis points, amount, points.
  std::vector<std::string> Credit(const std::string& customer, CreditModel model,
                                  int64_t amount = 0) {
    const auto shares = reader().GetCredit({"acme", customer, model, amount}, test::Soon());
    std::vector<std::string> lines;
    if (!shares.ok()) return {Reason(shares.status())};
    for (const domain::CreditShare& share : *shares) {
      lines.push_back(absl::StrCat(share.advocate_id, " ", share.basis_points, " ",
                                   share.amount_minor, " ", share.points));
    }
    return lines;
  }
  void SignUpVisitor(const std::string& customer, const std::string& code = "") {
    auto signup = SignupOf(customer, kNow);
    signup.signup.visitor_id = "v1";
    signup.signup.code = code;
    ASSERT_TRUE(world_.SignUp(signup).ok());
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, AttributionReaderTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(AttributionReaderTest, EveryPieceOfEvidenceIsExplained) {
  ASSERT_TRUE(world_.Touch({"t1", ada_, "v1", kNow - 40 * kDay}).ok());
  ASSERT_TRUE(world_.Touch({"t2", bob_, "v1", kNow - 2 * kDay}).ok());
  ASSERT_TRUE(world_.Touch({"t3", ada_, "v1", kNow - kDay}).ok());
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "bob", "carl", kNow - 91 * kDay)).ok());
  auto carl = SignupOf("carl", kNow);
  carl.signup.visitor_id = "v1";
  carl.signup.code = "N0B0DY";
  carl.signup.referrer_id = "zoe";
  ASSERT_TRUE(world_.SignUp(carl).ok());
  EXPECT_THAT(Explain("carl"),
              ElementsAre("code N0B0DY  UNKNOWN_CODE", "lead r1 bob OUT_OF_WINDOW",
                          "self_reported  zoe UNKNOWN_ADVOCATE", "touch t3 ada *",
                          "touch t2 bob OUTRANKED", "touch t1 ada OUT_OF_WINDOW"));
  const auto explanation = *reader().Explain("acme", "carl", test::Soon());
  EXPECT_EQ(explanation.customer.judgement.advocate_id, "ada");
  EXPECT_EQ(explanation.customer.program_version, 1);
  EXPECT_FALSE(explanation.decision.has_value());
  EXPECT_EQ(explanation.candidates[0].time, kNow);
  EXPECT_FALSE(explanation.candidates[0].window.has_value());
  EXPECT_EQ(explanation.candidates[1].time, kNow - 91 * kDay);
  EXPECT_EQ(explanation.candidates[1].window, 90 * kDay);
  EXPECT_EQ(explanation.candidates[3].window, 30 * kDay);
  EXPECT_THAT(Explain("dora"), ElementsAre("CUSTOMER_NOT_FOUND"));
}

TEST_P(AttributionReaderTest, WhatComesAfterTheMoneyIsOutranked) {
  ASSERT_TRUE(world_.Touch({"t1", ada_, "v1", kNow - kDay}).ok());
  SignUpVisitor("carl");
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "carl", kNow)).ok());
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "bob", "carl", kNow - kDay)).ok());
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "ada");
  EXPECT_THAT(Explain("carl"), ElementsAre("lead r1 bob OUTRANKED", "touch t1 ada *"));
}

TEST_P(AttributionReaderTest, ADecisionIsExplainedWithItsRecord) {
  ASSERT_TRUE(world_.Touch({"t1", ada_, "v1", kNow - kDay}).ok());
  SignUpVisitor("carl");
  ASSERT_TRUE(Override("carl", "bob", "first").ok());
  ASSERT_TRUE(Override("carl", "bob", "second").ok());
  EXPECT_THAT(Explain("carl"), ElementsAre("touch t1 ada OVERRIDDEN"));
  const auto explanation = *reader().Explain("acme", "carl", test::Soon());
  ASSERT_TRUE(explanation.decision.has_value());
  EXPECT_EQ(explanation.decision->number, 2);
  EXPECT_EQ(explanation.decision->cause, "second");
}

TEST_P(AttributionReaderTest, CreditIsDividedAmongLeadsAndTouches) {
  ApplyWith([](domain::Program& p) { p.attribution.credit_half_life = kDay; });
  world_.EnrollOne("eve");
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "eve", "carl", kNow - 3 * kDay)).ok());
  ASSERT_TRUE(world_.Touch({"t1", bob_, "v1", kNow - 2 * kDay}).ok());
  ASSERT_TRUE(world_.Touch({"t2", ada_, "v1", kNow - kDay}).ok());
  ASSERT_TRUE(world_.Touch({"t0", ada_, "v1", kNow - 31 * kDay}).ok());
  SignUpVisitor("carl");
  EXPECT_THAT(Credit("carl", CreditModel::kLinear, 100),
              ElementsAre("eve 3334 34 1", "bob 3333 33 1", "ada 3333 33 1"));
  EXPECT_THAT(Credit("carl", CreditModel::kUShaped, 100),
              ElementsAre("eve 4000 40 1", "ada 4000 40 1", "bob 2000 20 1"));
  EXPECT_THAT(Credit("carl", CreditModel::kTimeDecay, 700),
              ElementsAre("ada 5714 400 1", "bob 2857 200 1", "eve 1429 100 1"));
  ASSERT_TRUE(Override("carl", "bob").ok());
  EXPECT_THAT(Credit("carl", CreditModel::kUShaped, 100), ElementsAre("bob 10000 100 1"));
}

TEST_P(AttributionReaderTest, CreditOfACodeAloneIsWholly) {
  SignUpVisitor("carl", ada_);
  EXPECT_THAT(Credit("carl", CreditModel::kLinear), ElementsAre("ada 10000 0 1"));
  ASSERT_TRUE(world_.SignUp(SignupOf("dora", kNow)).ok());
  EXPECT_THAT(Credit("dora", CreditModel::kLinear, 100), IsEmpty());
  EXPECT_THAT(Credit("nobody", CreditModel::kLinear), ElementsAre("CUSTOMER_NOT_FOUND"));
}

}  // namespace
}  // namespace kith::referral::app
