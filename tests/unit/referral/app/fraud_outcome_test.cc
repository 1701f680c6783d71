// What a decided case does to its referral, and that both tell the same; on every backend.
#include "gmock/gmock.h"
#include "services/referral/app/override_attribution.h"
#include "services/referral/domain/names.h"
#include "tests/unit/referral/app/fraud_world.h"

namespace kith::referral::app {
namespace {

using domain::FraudCaseState;
using domain::FraudState;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using Lines = std::vector<std::string>;

class FraudOutcomeTest : public FraudTest {
 protected:
  // One reward for a lead and one for its conversion, to the advocate.
  void ApplyRewards() {
    ApplyWith([](domain::Program& program) {
      domain::RewardRule contact;
      contact.rule_id = "contact";
      contact.trigger = domain::Trigger::kSubmitted;
      contact.amount.fixed_minor = 100;
      domain::RewardRule share;
      share.rule_id = "share";
      share.amount.fixed_minor = 500;
      program.rewards = {contact, share};
      program.leads.follow_up_sla = 2 * kDay;
    });
  }
  // "id state cause" of all rewards.
  Lines Rewards() {
    Lines lines;
    for (const domain::Reward& reward : world_.Rewards()) {
      lines.push_back(absl::StrCat(reward.reward_id, " ",
                                   domain::Name(reward.state(world_.clock.Now())), " ",
                                   reward.cause));
    }
    return lines;
  }
  // A lead, and the signup of whom it names from the device of its advocate.
  void RejectAtSignup(const std::string& lead, const std::string& customer) {
    ASSERT_TRUE(world_.SubmitOne(Lead(lead)).ok());
    auto signup = SignupOf(customer, kNow, lead + "@friends.example");
    signup.device_id = "laptop-of-ann";
    const auto judged = world_.SignUp(signup);
    ASSERT_TRUE(judged.ok()) << judged.status();
    ASSERT_EQ(judged->judgement.advocate_id, "");
  }
  absl::StatusOr<OverrideAttribution::Response> Override(const std::string& customer,
                                                         const std::string& advocate) {
    return world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", customer, advocate, "sue", "she called"});
  }
  // "channel customers converted" of the summary.
  Lines Channels() {
    Lines lines;
    for (const auto& [channel, counts] : world_.GetSummary().channels) {
      if (counts.customers == 0 && counts.converted == 0) continue;
      lines.push_back(absl::StrCat(channel, " ", counts.customers, " ", counts.converted));
    }
    return lines;
  }
  // "referral case" states of all referrals that have a case about their advocate.
  Lines Differing() {
    return world_.Query(
        "SELECT r.referral_id, r.fraud, c.state FROM referral r JOIN fraud_case c "
        "ON c.program_id = r.program_id AND c.referral_id = r.referral_id "
        "AND c.advocate_id = r.advocate_id "
        "WHERE r.fraud <> CASE c.state WHEN 'open' THEN 'held' ELSE c.state END");
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, FraudOutcomeTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(FraudOutcomeTest, ARejectedFraudDoesNotKeepTheHonestAdvocate) {
  ApplyRewards();
  world_.EnrollOne("bob");
  world_.EnrollOne("zoe");
  HoldOne();
  const auto lead_of = [](const std::string& id, const std::string& advocate) {
    return LeadOf(id, advocate, "", kNow - absl::Hours(1), "r3@friends.example");
  };
  EXPECT_EQ(Reason(world_.SubmitOne(lead_of("b1", "bob")).status()), "ALREADY_REFERRED");
  ASSERT_TRUE(Resolve("r3", false).ok());
  EXPECT_EQ(Reason(world_.SubmitOne(lead_of("r4", "ann")).status()), "ALREADY_REFERRED");
  world_.NewFacts();
  EXPECT_EQ(world_.SubmitOne(lead_of("b1", "bob"))->advocate_id, "bob");
  EXPECT_THAT(world_.NewFacts(), Contains("referral_submitted b1"));
  EXPECT_EQ(Reason(world_.SubmitOne(lead_of("z1", "zoe")).status()), "ALREADY_REFERRED");
  const auto judged = world_.SignUp(SignupOf("carl", kNow, "r3@friends.example"));
  EXPECT_EQ(judged->judgement.referral_id, "b1");
  EXPECT_EQ(world_.Advocate("bob").signups, 1);
  EXPECT_EQ(world_.Advocate("ann").signups, 0);
  EXPECT_THAT(Rewards(), Contains("contact:b1 available "));
  EXPECT_EQ(Case("r3").state, FraudCaseState::kRejected);
}

TEST_P(FraudOutcomeTest, ALeadThatIsRejectedAtItsSignupTellsSo) {
  ApplyRewards();
  RejectAtSignup("r1", "bob");
  EXPECT_EQ(Case("r1").state, FraudCaseState::kRejected);
  EXPECT_EQ(Case("r1").decided_by, "rules");
  const domain::Referral lead = world_.Referral("r1");
  EXPECT_EQ(lead.fraud, FraudState::kRejected);
  EXPECT_EQ(lead.fraud_score, 100);
  EXPECT_EQ(lead.customer_id, "");
  EXPECT_THAT(Rewards(), ElementsAre("contact:r1 reversed FRAUD_REJECTED"));
  EXPECT_THAT(world_.Query("SELECT kind FROM due_work"), IsEmpty()) << "nobody calls a fraud";
  EXPECT_THAT(Differing(), IsEmpty());
  // The same judged again changes nothing.
  world_.NewFacts();
  world_.EnrollOne("zoe");
  auto other = Lead("r2", kNow - kDay);
  other.lead.referee_id = "bob";
  other.lead.advocate_id = "zoe";
  ASSERT_TRUE(world_.SubmitOne(other).ok());
  EXPECT_EQ(world_.Referral("r2").customer_id, "bob");
  EXPECT_EQ(world_.Referral("r1").fraud, FraudState::kRejected);
  EXPECT_THAT(world_.NewFacts(),
              Not(Contains("fraud_case_resolved r1 rejected self_referral")));
}

TEST_P(FraudOutcomeTest, ALeadThatHadConvertedCountsNoMoreWhenItsSignupIsRejected) {
  ApplyRewards();
  ASSERT_TRUE(world_.SubmitOne(Lead("r1")).ok());
  auto report = PaymentOf("p1", "", kNow - absl::Hours(2));
  report.referral_id = "r1";
  ASSERT_TRUE(world_.Convert(report)->live);
  ASSERT_EQ(world_.GetSummary().converted_referrals, 1);
  auto signup = SignupOf("bob", kNow, "r1@friends.example");
  signup.device_id = "laptop-of-ann";
  world_.NewFacts();
  ASSERT_EQ(world_.SignUp(signup)->judgement.advocate_id, "");
  EXPECT_EQ(world_.Referral("r1").fraud, FraudState::kRejected);
  EXPECT_EQ(world_.Referral("r1").conversion_id, "");
  EXPECT_EQ(world_.GetSummary().converted_referrals, 0);
  EXPECT_EQ(world_.Advocate("ann").conversions, 0);
  EXPECT_THAT(world_.NewFacts(), Contains("conversion_reversed p1 r1 fraud"));
}

TEST_P(FraudOutcomeTest, NobodyDecidesInTheNameOfTheRules) {
  ApplyRewards();
  RejectAtSignup("r1", "bob");
  const auto refused = world_.Run<OverrideAttribution>(
      "OverrideAttribution",
      OverrideAttribution::Request{"acme", "bob", "ann", "rules", "she called"});
  EXPECT_EQ(GetErrorReason(refused.status()), "INVALID_FIELD");
  EXPECT_EQ(Case("r1").state, FraudCaseState::kRejected);
}

TEST_P(FraudOutcomeTest, AnOpenCaseStaysWithItsPerson) {
  HoldOne();
  auto signup = SignupOf("bob", kNow, "r3@friends.example");
  signup.device_id = "laptop-of-ann";
  ASSERT_EQ(world_.SignUp(signup)->judgement.advocate_id, "");
  EXPECT_EQ(world_.Referral("r3").fraud, FraudState::kHeld);
  EXPECT_EQ(Case("r3").state, FraudCaseState::kOpen);
  EXPECT_THAT(Differing(), IsEmpty());
}

TEST_P(FraudOutcomeTest, APersonWhoCreditsTheAdvocateOverrulesTheRules) {
  ApplyRewards();
  RejectAtSignup("r1", "bob");
  AttributeSignups::NewSignup carl = Signup("carl");
  carl.device_id = "laptop-of-ann";
  ASSERT_EQ(world_.SignUp(carl)->judgement.advocate_id, "");
  world_.NewFacts();
  for (const std::string customer : {"bob", "carl"}) {
    const std::string id = customer == "bob" ? "r1" : "signup:carl";
    ASSERT_EQ(Case(id).state, FraudCaseState::kRejected);
    const auto decided = Override(customer, "ann");
    ASSERT_TRUE(decided.ok()) << decided.status();
    EXPECT_EQ(decided->customer.judgement.referral_id, id);
    EXPECT_EQ(Case(id).state, FraudCaseState::kApproved);
    EXPECT_EQ(Case(id).decided_by, "sue");
    EXPECT_EQ(Case(id).resolved_time, kNow);
    EXPECT_EQ(world_.Referral(id).fraud, FraudState::kApproved);
    EXPECT_THAT(world_.NewFacts(),
                Contains(absl::StrCat("fraud_case_resolved ", id, " approved")));
    ASSERT_TRUE(world_.Convert(PaymentOf("of-" + customer, customer, kNow))->live);
  }
  EXPECT_THAT(Rewards(), ElementsAre("contact:r1 reversed FRAUD_REJECTED",
                                     "of-bob:share available ", "of-carl:share available "));
  EXPECT_THAT(Differing(), IsEmpty());
}

TEST_P(FraudOutcomeTest, APersonsRejectionIsNotUndoneByCreditingTheAdvocate) {
  AttributeSignups::NewSignup signup = Signup("bob");
  signup.email = "bob@mailinator.com";
  ASSERT_EQ(world_.SignUp(signup)->judgement.advocate_id, "ann");
  ASSERT_EQ(world_.Referral("signup:bob").fraud, FraudState::kHeld);
  // The referral is made anew; its case is still open, and then rejected.
  ASSERT_TRUE(Override("bob", "").ok());
  ASSERT_TRUE(Override("bob", "ann").ok());
  EXPECT_EQ(world_.Referral("signup:bob").fraud, FraudState::kHeld);
  ASSERT_TRUE(Resolve("signup:bob", false).ok());
  world_.EnrollOne("zoe");
  ASSERT_TRUE(Override("bob", "zoe").ok());
  EXPECT_EQ(world_.Referral("signup:bob").fraud, FraudState::kClear);
  ASSERT_TRUE(Override("bob", "ann").ok());
  EXPECT_EQ(world_.Referral("signup:bob").fraud, FraudState::kRejected);
  EXPECT_EQ(Case("signup:bob").decided_by, "eve");
  EXPECT_THAT(Differing(), IsEmpty());
}

TEST_P(FraudOutcomeTest, WhoIsJudgedAgainLeavesWhatAPersonRejected) {
  world_.EnrollOne("zoe");
  AttributeSignups::NewSignup signup = Signup("bob");
  signup.email = "bob@mailinator.com";
  signup.signup.referrer_id = "zoe";
  ASSERT_EQ(world_.SignUp(signup)->judgement.advocate_id, "ann");
  ASSERT_TRUE(Resolve("signup:bob", false).ok());
  ASSERT_EQ(world_.Referral("signup:bob").advocate_id, "ann");
  // A lead that does not count has him judged again.
  auto late = LeadOf("r1", "zoe", "bob", kNow - 300 * kDay);
  ASSERT_TRUE(world_.SubmitOne(late).ok());
  const domain::Referral referral = world_.Referral("signup:bob");
  EXPECT_EQ(referral.advocate_id, "zoe");
  EXPECT_EQ(referral.evidence, domain::EvidenceKind::kSelfReported);
  EXPECT_EQ(referral.fraud, FraudState::kClear);
  EXPECT_EQ(Case("signup:bob").advocate_id, "ann");
}

TEST_P(FraudOutcomeTest, WhatAConfirmedFraudConvertedCountsNoMore) {
  ApplyRewards();
  HoldOne();
  ASSERT_EQ(world_.SignUp(SignupOf("bob", kNow, "r3@friends.example"))->judgement.advocate_id,
            "ann");
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "bob", kNow))->live);
  ASSERT_EQ(world_.GetSummary().converted_referrals, 1);
  ASSERT_EQ(world_.Advocate("ann").conversions, 1);
  world_.NewFacts();
  ASSERT_TRUE(Resolve("r3", false).ok());
  const domain::Referral rejected = world_.Referral("r3");
  EXPECT_EQ(rejected.state(), domain::ReferralState::kSignedUp);
  EXPECT_EQ(rejected.conversion_time, std::nullopt);
  EXPECT_EQ(world_.GetSummary().converted_referrals, 0);
  EXPECT_EQ(world_.Advocate("ann").conversions, 0);
  // The customer has paid all the same.
  EXPECT_EQ(world_.GetSummary().conversions, 1);
  EXPECT_EQ(world_.Query("SELECT customer_id FROM conversion WHERE reversal_time IS NULL"),
            Lines{"bob"});
  EXPECT_THAT(
      world_.NewFacts(),
      ElementsAre("fraud_case_resolved r3 rejected velocity",
                  "conversion_reversed p1 r3 fraud", "signup_attributed bob organic   none",
                  "reward_reversed contact:r3 ann 100EUR FRAUD_REJECTED",
                  "reward_reversed p1:share ann 500EUR FRAUD_REJECTED"));
  EXPECT_THAT(world_.Query("SELECT subject_id FROM due_work WHERE kind = 'follow_up' "
                           "ORDER BY subject_id"),
              ElementsAre("r3-a", "r3-b"));
}

TEST_P(FraudOutcomeTest, WhatWasRejectedAndStillCountsIsMendedByRejectingItAgain) {
  ApplyRewards();
  HoldOne();
  ASSERT_TRUE(world_.SignUp(SignupOf("bob", kNow, "r3@friends.example")).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "bob", kNow))->live);
  // As older versions have left it.
  ASSERT_TRUE(world_.database()
                  .RunScript("UPDATE fraud_case SET state = 'rejected', decided_by = 'eve', "
                             "resolved_time = 7 WHERE referral_id = 'r3';"
                             "UPDATE referral SET fraud = 'rejected' WHERE referral_id = 'r3'")
                  .ok());
  ASSERT_EQ(world_.GetSummary().converted_referrals, 1);
  world_.NewFacts();
  const auto again = Resolve("r3", false);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->fraud_case.resolved_time, absl::FromUnixMicros(7));
  EXPECT_EQ(world_.Referral("r3").conversion_id, "");
  EXPECT_EQ(world_.GetSummary().converted_referrals, 0);
  EXPECT_EQ(world_.Advocate("ann").conversions, 0);
  EXPECT_EQ(world_.Advocate("ann").frauds, 0) << "it was counted then";
  EXPECT_THAT(
      world_.NewFacts(),
      ElementsAre("conversion_reversed p1 r3 fraud", "signup_attributed bob organic   none",
                  "reward_reversed contact:r3 ann 100EUR FRAUD_REJECTED",
                  "reward_reversed p1:share ann 500EUR FRAUD_REJECTED"));
  ASSERT_TRUE(Resolve("r3", false).ok());
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
}

TEST_P(FraudOutcomeTest, TheCustomerOfAConfirmedFraudCountsAsReferredByNobody) {
  HoldOne();
  auto bob = SignupOf("bob", kNow, "r3@friends.example");
  bob.signup.channel = "paid";
  ASSERT_EQ(world_.SignUp(bob)->judgement.advocate_id, "ann");
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "bob", kNow))->live);
  EXPECT_EQ(Channels(), Lines{"referral 1 1"});
  world_.NewFacts();
  ASSERT_TRUE(Resolve("r3", false).ok());
  EXPECT_EQ(Channels(), Lines{"paid 1 1"});
  EXPECT_THAT(world_.NewFacts(), Contains("signup_attributed bob paid   none"));
  // It is told what became of the referral, and nobody has the credit.
  EXPECT_EQ(world_.Referral("r3").customer_id, "bob");
  EXPECT_EQ(world_.Query("SELECT referral_id, rejected FROM customer"),
            Lines{"r3 none ann FRAUD_REJECTED\n"});
  ASSERT_TRUE(world_.Convert(PaymentOf("p2", "bob", kNow)).ok());
  EXPECT_EQ(Channels(), Lines{"paid 1 1"});
  // The same decision again changes nothing.
  world_.NewFacts();
  ASSERT_TRUE(Resolve("r3", false).ok());
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
}

TEST_P(FraudOutcomeTest, WhomAPersonGivesAwayAfterAFraudCountsAsReferredAgain) {
  world_.EnrollOne("zoe");
  HoldOne();
  ASSERT_TRUE(world_.SignUp(SignupOf("bob", kNow, "r3@friends.example")).ok());
  ASSERT_TRUE(Resolve("r3", false).ok());
  ASSERT_EQ(Channels(), Lines{"organic 1 0"});
  world_.NewFacts();
  ASSERT_TRUE(Override("bob", "zoe").ok());
  EXPECT_EQ(Channels(), Lines{"referral 1 0"});
  EXPECT_THAT(world_.NewFacts(),
              Contains("signup_attributed bob referral zoe signup:bob override"));
  // The one of the fraud gets the customer back, but not the credit.
  ASSERT_TRUE(Override("bob", "ann").ok());
  ASSERT_EQ(world_.Referral("r3").customer_id, "bob");
  EXPECT_EQ(Channels(), Lines{"organic 1 0"});
  EXPECT_THAT(world_.NewFacts(), Contains("signup_attributed bob organic   none"));
}

TEST_P(FraudOutcomeTest, WhatOlderVersionsRejectedLeavesTheChannelByRejectingItAgain) {
  HoldOne();
  ASSERT_TRUE(world_.SignUp(SignupOf("bob", kNow, "r3@friends.example")).ok());
  ASSERT_TRUE(Resolve("r3", false).ok());
  ASSERT_TRUE(world_.database()
                  .RunScript("UPDATE customer SET rejected = '';"
                             "UPDATE summary SET name = 'customers/referral' "
                             "WHERE name = 'customers/organic'")
                  .ok());
  ASSERT_EQ(Channels(), Lines{"referral 1 0"});
  world_.NewFacts();
  ASSERT_TRUE(Resolve("r3", false).ok());
  EXPECT_EQ(Channels(), Lines{"organic 1 0"});
  EXPECT_THAT(world_.NewFacts(), ElementsAre("signup_attributed bob organic   none"));
}

TEST_P(FraudOutcomeTest, AnNthSuccessThatWasAFraudGoesToTheNext) {
  ApplyWith([](domain::Program& program) {
    domain::RewardRule first;
    first.rule_id = "first";
    first.trigger = domain::Trigger::kNthSuccess;
    first.count = 1;
    first.amount.fixed_minor = 700;
    program.rewards = {first};
  });
  HoldOne();
  ASSERT_TRUE(world_.SignUp(SignupOf("bob", kNow, "r3@friends.example")).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "bob", kNow))->live);
  EXPECT_THAT(Rewards(), IsEmpty());
  ASSERT_TRUE(Resolve("r3", false).ok());
  ASSERT_EQ(world_.Advocate("ann").conversions, 0);
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow, "r3-a@friends.example")).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p2", "carl", kNow))->live);
  EXPECT_THAT(Rewards(), ElementsAre("first:ann#1 available "));
}

TEST_P(FraudOutcomeTest, WhoIsGivenTheCustomerOfAFraudIsPaid) {
  ApplyRewards();
  world_.EnrollOne("zoe");
  HoldOne();
  ASSERT_TRUE(world_.SignUp(SignupOf("bob", kNow, "r3@friends.example")).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "bob", kNow))->live);
  ASSERT_TRUE(Resolve("r3", false).ok());
  ASSERT_TRUE(Override("bob", "zoe").ok());
  EXPECT_EQ(world_.Referral("signup:bob").conversion_id, "p1");
  EXPECT_THAT(world_.Query("SELECT reward_id, recipient_id, state FROM reward "
                           "WHERE conversion_id = 'p1' ORDER BY reward_id"),
              ElementsAre("p1:share ann cancelled", "p1:share~2 zoe held"));
}

TEST_P(FraudOutcomeTest, ALeadThatIsHonestAfterAllIsToBeCalledAgain) {
  ApplyRewards();
  RejectAtSignup("r1", "bob");
  ASSERT_THAT(world_.Query("SELECT kind FROM due_work"), IsEmpty());
  ASSERT_TRUE(Override("bob", "ann").ok());
  EXPECT_THAT(world_.Query("SELECT kind, subject_id, (due_time - 1700000000000000) / "
                           "3600000000 FROM due_work"),
              ElementsAre("follow_up r1 24"));
}

TEST_P(FraudOutcomeTest, NothingConvertsARejectedReferralAgain) {
  ApplyRewards();
  HoldOne();
  ASSERT_TRUE(world_.SignUp(SignupOf("bob", kNow, "r3@friends.example")).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("p1", "bob", kNow)).ok());
  ASSERT_TRUE(Resolve("r3", false).ok());
  world_.NewFacts();
  const auto later = world_.Convert(PaymentOf("p2", "bob", kNow));
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_FALSE(later->live);
  EXPECT_EQ(later->conversion.referral_id, "r3");
  EXPECT_THAT(later->reward_ids, IsEmpty());
  const auto first = world_.Reverse("p1");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->live);
  EXPECT_EQ(world_.Referral("r3").conversion_id, "");
  EXPECT_EQ(world_.GetSummary().converted_referrals, 0);
  EXPECT_EQ(world_.GetSummary().conversions, 1);
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
}

TEST_P(FraudOutcomeTest, ANoteForADecidedCaseIsNotDroppedInSilence) {
  ASSERT_EQ(
      Reason(world_.SubmitOne(LeadOf("r1", "ann", "", kNow, "x@mailinator.com")).status()),
      "");
  Block({{domain::IdentityKind::kEmail, "y@evil.example", ""}});
  ASSERT_EQ(Reason(world_.SubmitOne(LeadOf("r2", "ann", "", kNow, "y@evil.example")).status()),
            "FRAUD_REJECTED");
  ASSERT_EQ(Case("r2").decided_by, "rules");
  // Without a note the answer is what was decided, and by whom.
  const auto stored = Resolve("r2", false);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->fraud_case, Case("r2"));
  const absl::Status refused = Resolve("r2", false, "her cousin").status();
  EXPECT_EQ(Reason(refused), "CASE_ALREADY_RESOLVED");
  EXPECT_EQ(ToItemError(refused).field, "note");
  EXPECT_TRUE(absl::StrContains(refused.message(),
                                "cannot be added: the case was rejected by rules at "
                                "2023-11-14T22:13:20+00:00"))
      << refused;
  EXPECT_EQ(Reason(Resolve("r2", true, "her cousin").status()), "CASE_RESOLVED");
  EXPECT_EQ(reader_.GetCase("acme", "r2", test::Soon())->note, "");
  // Of a case that a person decided: the same note again is the same content.
  ASSERT_TRUE(Resolve("r1", true, "called").ok());
  EXPECT_TRUE(Resolve("r1", true, "called").ok());
  EXPECT_TRUE(Resolve("r1", true).ok());
  EXPECT_EQ(Reason(Resolve("r1", true, "called twice").status()), "CASE_ALREADY_RESOLVED");
  EXPECT_EQ(reader_.GetCase("acme", "r1", test::Soon())->note, "called");
}

}  // namespace
}  // namespace kith::referral::app
