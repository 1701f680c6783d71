// People's decisions who brought a customer, and what moves with them; on every backend.
#include "tests/unit/referral/app/attribution_world.h"

namespace kith::referral::app {
namespace {

using domain::EvidenceKind;
using domain::RejectedEvidence;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OverrideTest : public AttributionTest {
 protected:
  OverrideTest() { world_.EnrollOne("eve"); }
};
INSTANTIATE_TEST_SUITE_P(Stores, OverrideTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(OverrideTest, ADecisionStandsAgainstWhatComesLater) {
  ASSERT_EQ(SignUpWithCode("carl", ada_, kNow - kDay)->judgement.advocate_id, "ada");
  world_.NewFacts();
  const auto decided = *Override("carl", "bob", "wrong_code");
  EXPECT_EQ(decided.customer.judgement.evidence, EvidenceKind::kOverride);
  EXPECT_EQ(decided.customer.judgement.referral_id, "signup:carl");
  EXPECT_THAT(decided.customer.judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "OVERRIDDEN"}));
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("attribution_overridden carl from ada to bob by sue wrong_code",
                          "signup_attributed carl referral bob signup:carl override"));
  EXPECT_EQ(world_.Advocate("ada").signups, 0);
  EXPECT_EQ(world_.Advocate("ada").referrals, 0);
  EXPECT_EQ(world_.Advocate("bob").signups, 1);
  // Not even a lead moves the customer now.
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "eve", "carl", kNow - 2 * kDay)).ok());
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "bob");
  EXPECT_EQ(world_.Referral("r1").state(), domain::ReferralState::kSubmitted);
  EXPECT_THAT(world_.NewFacts(), ElementsAre("referral_submitted r1"));
  EXPECT_THAT(reader().Explain("acme", "carl", test::Soon())->customer.judgement.rejected,
              Contains(RejectedEvidence{EvidenceKind::kLead, "eve", "OVERRIDDEN"}));
}

TEST_P(OverrideTest, RewardsAndConversionsMove) {
  ASSERT_TRUE(SignUpWithCode("carl", ada_, kNow - kDay).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "carl", kNow - kDay)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p2", "carl", kNow)).ok());
  EXPECT_THAT(Rewards(), ElementsAre("p1:share ada 1000 owed", "p1:welcome carl 1000 owed"));
  world_.NewFacts();
  ASSERT_TRUE(Override("carl", "bob").ok());
  EXPECT_THAT(Rewards(), ElementsAre("p1:share ada 1000 override", "p1:share~2 bob 1000 owed",
                                     "p1:welcome carl 1000 owed"));
  EXPECT_EQ(world_.Referral("signup:carl").conversion_id, "p1");
  EXPECT_EQ(world_.Advocate("ada").conversions, 0);
  EXPECT_EQ(world_.Advocate("bob").conversions, 1);
  const auto facts = world_.NewFacts();
  EXPECT_THAT(facts, Contains("conversion_reversed p1 signup:carl override"));
  EXPECT_THAT(facts, Contains("referral_converted p1 signup:carl bob carl 5000"));
  EXPECT_EQ(world_.GetSummary().conversions, 2);
  EXPECT_EQ(world_.GetSummary().converted_referrals, 1);
  ExpectBooksBalance();
}

TEST_P(OverrideTest, ALeadThatIsLeftKeepsItsOwnAndForgetsTheCustomer) {
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow - 3 * kDay)).ok());
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow - kDay)).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "carl", kNow)).ok());
  ASSERT_TRUE(Override("carl", "bob").ok());
  const domain::Referral left = world_.Referral("r1");
  EXPECT_EQ(left.state(), domain::ReferralState::kSubmitted);
  EXPECT_FALSE(left.ever_converted);
  EXPECT_EQ(left.customer_id, "");
  EXPECT_EQ(world_.Referral("signup:carl").conversion_id, "p1");
  EXPECT_EQ(world_.Advocate("ada").referrals, 1);
  EXPECT_EQ(world_.Advocate("ada").signups, 0);
  // And back: to the lead, because it names carl.
  ASSERT_TRUE(Override("carl", "ada").ok());
  EXPECT_EQ(world_.Referral("r1").conversion_id, "p1");
  EXPECT_EQ(world_.Referral("r1").evidence, EvidenceKind::kOverride);
  EXPECT_EQ(Reason(world_.reader().GetReferral("acme", "signup:carl", test::Soon()).status()),
            "REFERRAL_NOT_FOUND");
  EXPECT_EQ(world_.Advocate("bob").referrals, 0);
  EXPECT_THAT(Rewards(), Contains("p1:share~3 ada 1000 owed"));
  ExpectBooksBalance();
}

TEST_P(OverrideTest, NobodyIsADecisionToo) {
  ASSERT_TRUE(SignUpWithCode("carl", ada_, kNow - kDay).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "carl", kNow)).ok());
  const auto decided = *Override("carl", "");
  EXPECT_EQ(decided.customer.channel(), "organic");
  EXPECT_EQ(decided.decision.old_referral_id, "signup:carl");
  EXPECT_EQ(decided.decision.referral_id, "");
  EXPECT_THAT(Rewards(),
              ElementsAre("p1:share ada 1000 override", "p1:welcome carl 1000 override"));
  EXPECT_EQ(world_.GetSummary().referrals, 0);
  EXPECT_EQ(world_.GetSummary().channels.at("organic").converted, 1);
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "eve", "carl", kNow - 2 * kDay)).ok());
  EXPECT_EQ(world_.Referral("r1").state(), domain::ReferralState::kSubmitted);
  ExpectBooksBalance();
}

TEST_P(OverrideTest, ConversionsAfterTheDecisionCountForTheNewReferrer) {
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow - kDay)).ok());
  ASSERT_TRUE(Override("carl", "bob").ok());
  EXPECT_THAT(Rewards(), IsEmpty());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "carl", kNow)).ok());
  EXPECT_THAT(Rewards(), ElementsAre("p1:share bob 1000 owed", "p1:welcome carl 1000 owed"));
}

TEST_P(OverrideTest, ASecondDecisionForTheSameMovesNothing) {
  ASSERT_TRUE(SignUpWithCode("carl", ada_, kNow - kDay).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "carl", kNow)).ok());
  ASSERT_TRUE(Override("carl", "ada").ok());
  ASSERT_TRUE(Override("carl", "ada").ok());
  EXPECT_THAT(Rewards(), ElementsAre("p1:share ada 1000 owed", "p1:welcome carl 1000 owed"));
  EXPECT_EQ(world_.Referral("signup:carl").conversion_id, "p1");
  EXPECT_EQ(world_.Referral("signup:carl").evidence, EvidenceKind::kOverride);
}

TEST_P(OverrideTest, DecisionsAreRefusedForReasons) {
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow, "ADA@example.com")).ok());
  EXPECT_EQ(Reason(Override("dora", "ada").status()), "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(Reason(Override("carl", "zoe").status()), "ADVOCATE_NOT_FOUND");
  EXPECT_EQ(Reason(Override("carl", "ada").status()), "SELF_REFERRAL");
  EXPECT_THAT(world_.Query("SELECT customer_id FROM attribution_override"), IsEmpty());
}

TEST_P(OverrideTest, WhoWhyAndWhenAreKept) {
  for (const char* customer : {"carl", "dora"}) {
    ASSERT_TRUE(world_.SignUp(SignupOf(customer, kNow)).ok());
  }
  ASSERT_TRUE(Override("carl", "ada", "first").ok());
  ASSERT_TRUE(Override("dora", "ada").ok());
  world_.clock.Set(kNow + kDay);
  ASSERT_TRUE(Override("carl", "bob", "second").ok());
  const auto list = [&](const std::string& customer, PageRequest page) {
    return reader().ListOverrides("acme", customer, page, test::Soon());
  };
  const auto carls = *list("carl", {});
  ASSERT_EQ(carls.rows.size(), 2u);
  EXPECT_EQ(carls.rows[1],
            (domain::AttributionOverride{"acme", "carl", 2, "ada", "bob", "signup:carl",
                                         "signup:carl", "sue", "second", kNow + kDay}));
  const auto first = *list("", {.size = 2, .token = ""});
  ASSERT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(first.rows[1].number, 2);
  const auto second = *list("", {2, first.next_token});
  ASSERT_EQ(second.rows.size(), 1u);
  EXPECT_EQ(second.rows[0].customer_id, "dora");
  EXPECT_EQ(second.next_token, "");
  EXPECT_EQ(Reason(list("carl", {2, first.next_token}).status()), "INVALID_PAGE_TOKEN");
}

}  // namespace
}  // namespace kith::referral::app
