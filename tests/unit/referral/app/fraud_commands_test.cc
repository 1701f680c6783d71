// What people decide: cases, suspensions, the blocklist, and dry checks.
#include "services/referral/app/override_attribution.h"
#include "services/referral/domain/names.h"
#include "tests/unit/referral/app/fraud_world.h"

namespace kith::referral::app {
namespace {

using domain::FraudCaseState;
using domain::FraudState;
using domain::IdentityKind;
using Lines = std::vector<std::string>;

class FraudCommandTest : public FraudTest {};

TEST_P(FraudCommandTest, ApprovingLetsTheReferralGoOn) {
  HoldOne();
  world_.NewFacts();
  const auto resolved = Resolve("r3", true, "called Bob, all is well");
  ASSERT_TRUE(resolved.ok()) << resolved.status();
  EXPECT_EQ(resolved->fraud_case.state, FraudCaseState::kApproved);
  EXPECT_EQ(resolved->fraud_case.decided_by, "eve");
  EXPECT_FALSE(resolved->advocate_suspended);
  EXPECT_EQ(world_.Referral("r3").fraud, FraudState::kApproved);
  EXPECT_EQ(world_.Advocate("ann").frauds, 0);
  EXPECT_EQ(world_.NewFacts().front(), "fraud_case_resolved r3 approved");
  // A signup of the lead is not asked about again.
  const auto customer = world_.SignUp(SignupOf("bob", kNow, "r3@friends.example"));
  EXPECT_EQ(customer->judgement.advocate_id, "ann");
  EXPECT_EQ(world_.Referral("r3").fraud, FraudState::kApproved);
}

TEST_P(FraudCommandTest, RewardsWaitForTheDecision) {
  ApplyWith([](domain::Program& program) {
    domain::RewardRule rule;
    rule.rule_id = "contact";
    rule.trigger = domain::Trigger::kSubmitted;
    rule.amount.fixed_minor = 100;
    program.rewards = {rule};
    program.fraud.velocity = {{domain::VelocityDimension::kAdvocate, 0}};
  });
  ASSERT_TRUE(world_.SubmitOne(Lead("r1")).ok());
  ASSERT_TRUE(world_.SubmitOne(Lead("r2")).ok());
  for (const domain::Reward& reward : world_.Rewards()) {
    EXPECT_EQ(reward.state(kNow), domain::RewardState::kPending);
  }
  ASSERT_TRUE(Resolve("r1", true).ok());
  ASSERT_TRUE(Resolve("r2", false).ok());
  const auto rewards = world_.Rewards();
  ASSERT_EQ(rewards.size(), 2u);
  EXPECT_EQ(rewards[0].referral_id, "r1");
  EXPECT_EQ(rewards[0].state(kNow), domain::RewardState::kAvailable);
  EXPECT_EQ(rewards[1].state(kNow), domain::RewardState::kCancelled);
}

TEST_P(FraudCommandTest, ConfirmedFraudsSuspend) {
  HoldOne("r3", kNow - 2 * kDay);
  HoldOne("s3", kNow - kDay);
  ASSERT_TRUE(Resolve("r3", false).ok());
  EXPECT_EQ(world_.Advocate("ann").frauds, 1);
  EXPECT_FALSE(world_.Advocate("ann").suspended());
  EXPECT_EQ(world_.Referral("r3").fraud, FraudState::kRejected);
  world_.NewFacts();
  const auto second = Resolve("s3", false);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->advocate_suspended);
  EXPECT_EQ(world_.Advocate("ann").frauds, 2);
  EXPECT_EQ(world_.Advocate("ann").suspension_cause, "fraud");
  const Lines facts = world_.NewFacts();
  EXPECT_EQ(facts.front(), "fraud_case_resolved s3 rejected velocity");
  EXPECT_EQ(facts.back(), "advocate_suspended ann fraud");
  EXPECT_EQ(Reason(world_.SubmitOne(Lead("later", kNow)).status()), "ADVOCATE_SUSPENDED");
  const auto customer = world_.SignUp(Signup("dora", kNow));
  EXPECT_EQ(customer->judgement.advocate_id, "");
  EXPECT_EQ(customer->judgement.rejected.front().reason, "ADVOCATE_SUSPENDED");
}

TEST_P(FraudCommandTest, ARejectedLeadBringsNobody) {
  HoldOne();
  ASSERT_TRUE(Resolve("r3", false).ok());
  const auto customer = world_.SignUp(SignupOf("bob", kNow, "r3@friends.example"));
  ASSERT_TRUE(customer.ok()) << customer.status();
  EXPECT_EQ(customer->judgement.advocate_id, "");
  ASSERT_EQ(customer->judgement.rejected.size(), 1u);
  EXPECT_EQ(customer->judgement.rejected[0].reason, "FRAUD_REJECTED");
}

TEST_P(FraudCommandTest, AnApprovedLeadGetsTheSignupThatTheRulesRefusedIt) {
  HoldOne();
  auto signup = SignupOf("bob", kNow, "r3@friends.example");
  signup.device_id = "laptop-of-ann";
  const auto refused = world_.SignUp(signup);
  ASSERT_TRUE(refused.ok()) << refused.status();
  ASSERT_EQ(refused->judgement.advocate_id, "");
  ASSERT_EQ(Case("r3").state, FraudCaseState::kOpen);
  ASSERT_TRUE(Resolve("r3", true).ok());
  const domain::Referral lead = world_.Referral("r3");
  EXPECT_EQ(lead.customer_id, "bob");
  EXPECT_EQ(lead.fraud, FraudState::kApproved);
  EXPECT_EQ(world_.Advocate("ann").signups, 1);
}

TEST_P(FraudCommandTest, ACaseDecidesAboutWhoeverHasTheSignupByAnOverride) {
  for (const bool approve : {true, false}) {
    const std::string customer = approve ? "bob" : "carl";
    const std::string referral = "signup:" + customer;
    AttributeSignups::NewSignup signup = Signup(customer);
    signup.email = customer + "@mailinator.com";
    ASSERT_EQ(world_.SignUp(signup)->judgement.advocate_id, "ann");
    ASSERT_EQ(world_.Referral(referral).fraud, FraudState::kHeld);
    world_.EnrollOne("zoe");
    const auto decided = world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", customer, "zoe", "sue", "she called"});
    ASSERT_TRUE(decided.ok()) << decided.status();
    ASSERT_EQ(world_.Referral(referral).fraud, FraudState::kHeld);
    ASSERT_TRUE(Resolve(referral, approve).ok());
    EXPECT_EQ(world_.Referral(referral).fraud,
              approve ? FraudState::kApproved : FraudState::kRejected);
  }
  EXPECT_EQ(world_.Advocate("ann").frauds, 1);
  EXPECT_EQ(world_.Advocate("zoe").frauds, 0);
}

TEST_P(FraudCommandTest, ADecisionStands) {
  HoldOne();
  ASSERT_TRUE(Resolve("r3", false).ok());
  const auto again = Resolve("r3", false);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->fraud_case, Case("r3"));
  EXPECT_EQ(world_.Advocate("ann").frauds, 1);
  EXPECT_EQ(Reason(Resolve("r3", true).status()), "CASE_RESOLVED");
  EXPECT_EQ(Reason(Resolve("r3-a", true).status()), "CASE_NOT_FOUND");
  EXPECT_EQ(Reason(reader_.GetCase("acme", "r3-a", test::Soon()).status()), "CASE_NOT_FOUND");
  EXPECT_EQ(Reason(reader_.GetCase("other", "r3", test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(FraudCommandTest, NotesAreKeptSealed) {
  HoldOne();
  ASSERT_TRUE(Resolve("r3", true, "Bob Builder is her cousin").ok());
  EXPECT_EQ(reader_.GetCase("acme", "r3", test::Soon())->note, "Bob Builder is her cousin");
  EXPECT_FALSE(absl::StrContains(Case("r3").sealed_note, "Builder"));
  EXPECT_EQ(Case("r3").sealed_note.size(),
            12 + std::string("Bob Builder is her cousin").size() + 16);
}

TEST_P(FraudCommandTest, CasesNeverLapse) {
  HoldOne("r3", kNow - 2 * kDay);
  world_.clock.Advance(absl::Hours(1));
  HoldOne("a3", kNow - kDay);
  EXPECT_EQ(reader_.OldestOpenCase(test::Soon()).value(), kNow);
  world_.clock.Advance(10000 * kDay);
  EXPECT_EQ(CaseIds({"acme", FraudCaseState::kOpen}), (Lines{"r3", "a3"})) << "oldest first";
  ASSERT_TRUE(Resolve("r3", true).ok());
  EXPECT_EQ(CaseIds({"acme", FraudCaseState::kOpen}), Lines{"a3"});
  EXPECT_EQ(CaseIds({"acme", FraudCaseState::kApproved}), Lines{"r3"});
  EXPECT_EQ(CaseIds({"acme", FraudCaseState::kRejected}), Lines{});
  EXPECT_EQ(CaseIds({"acme", std::nullopt}), (Lines{"r3", "a3"}));
  EXPECT_EQ(reader_.OldestOpenCase(test::Soon()).value(), kNow + absl::Hours(1));
  EXPECT_EQ(world_.Query("SELECT name, value FROM summary WHERE name LIKE 'fraud_cases/%' "
                         "ORDER BY name"),
            world_.Query("SELECT 'fraud_cases/' || state, COUNT(*) FROM fraud_case "
                         "GROUP BY state ORDER BY state"));
}

TEST_P(FraudCommandTest, SuspensionsAreKeptWithWhoAndWhy) {
  ASSERT_TRUE(Suspend("ann").ok());
  world_.clock.Advance(absl::Hours(1));
  const auto again = Suspend("ann");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->suspended_time, kNow);
  EXPECT_EQ(again->suspension_cause, "spam");
  ASSERT_TRUE(Reinstate("ann").ok());
  EXPECT_FALSE(world_.Advocate("ann").suspended());
  ASSERT_TRUE(Reinstate("ann").ok());
  ASSERT_TRUE(Suspend("ann").ok());
  EXPECT_EQ(world_.NewFacts(), (Lines{"advocate_suspended ann spam", "advocate_reinstated ann",
                                      "advocate_suspended ann spam"}));
  const auto page = reader_.ListSuspensions("acme", "ann", {2, ""}, test::Soon());
  ASSERT_EQ(page->rows.size(), 2u);
  EXPECT_EQ(page->rows[0], (domain::Suspension{"acme", "ann", 3, kNow + absl::Hours(1), true,
                                               "eve", "spam"}));
  EXPECT_EQ(page->rows[1].cause, "appeal");
  EXPECT_EQ(
      reader_.ListSuspensions("acme", "ann", {2, page->next_token}, test::Soon())->rows.size(),
      1u);
  EXPECT_EQ(Reason(Suspend("nobody").status()), "ADVOCATE_NOT_FOUND");
  EXPECT_EQ(Reason(Reinstate("nobody").status()), "ADVOCATE_NOT_FOUND");
  EXPECT_EQ(Reason(reader_.ListSuspensions("acme", "nobody", {}, test::Soon()).status()),
            "ADVOCATE_NOT_FOUND");
}

TEST_P(FraudCommandTest, WhoIsSuspendedNowIsListed) {
  for (const char* id : {"bea", "cat", "dan"}) world_.EnrollOne(id);
  EXPECT_TRUE(reader_.ListSuspended("acme", {}, test::Soon())->rows.empty());
  for (const char* id : {"dan", "ann", "cat"}) ASSERT_TRUE(Suspend(id).ok());
  ASSERT_TRUE(Reinstate("cat").ok());
  ASSERT_TRUE(Reinstate("ann").ok());
  world_.clock.Advance(absl::Hours(1));
  ASSERT_TRUE(Suspend("ann").ok());
  const auto first = reader_.ListSuspended("acme", {1, ""}, test::Soon());
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->rows.size(), 1u);
  EXPECT_EQ(first->rows[0], (domain::Suspension{"acme", "ann", 3, kNow + absl::Hours(1), true,
                                                "eve", "spam"}));
  const auto second = reader_.ListSuspended("acme", {1, first->next_token}, test::Soon());
  ASSERT_EQ(second->rows.size(), 1u);
  EXPECT_EQ(second->rows[0],
            (domain::Suspension{"acme", "dan", 1, kNow, true, "eve", "spam"}));
  EXPECT_EQ(second->next_token, "");
  for (const domain::Suspension& row : first->rows) {
    EXPECT_EQ(world_.Advocate(row.advocate_id).suspended_time, row.decision_time);
  }
  EXPECT_EQ(Reason(reader_.ListSuspended("acme", {1, "x"}, test::Soon()).status()),
            "INVALID_PAGE_TOKEN");
  EXPECT_EQ(Reason(reader_.ListSuspended("nobody", {}, test::Soon()).status()),
            "PROGRAM_NOT_FOUND");
}

TEST_P(FraudCommandTest, WhatIsNoNumberOrAddressIsNotKept) {
  const auto blocked = Block({{IdentityKind::kPhone, "call 12345", ""},
                              {IdentityKind::kIp, "10.0.0.256", ""},
                              {IdentityKind::kPhone, "+49 (0)30 123-45", ""},
                              {IdentityKind::kIp, "2001:DB8::1", ""}});
  EXPECT_EQ(Reason(blocked[0].status()), "IDENTITY_INVALID");
  EXPECT_EQ(Reason(blocked[1].status()), "IDENTITY_INVALID");
  EXPECT_TRUE(blocked[2].ok());
  EXPECT_TRUE(blocked[3].ok());
  EnrollAdvocates::NewAdvocate zoe{.advocate_id = "zoe"};
  zoe.phone = "call me";
  const auto of = [](const absl::Status& status) {
    return Reason(status) + " " + GetErrorDetails(status)->fields.at(0).field;
  };
  EXPECT_EQ(of(world_.Enroll({zoe}).at(0).status()), "IDENTITY_INVALID phone");
  zoe.phone = "030 123456";
  zoe.ip_address = "10.0.0";
  EXPECT_EQ(of(world_.Enroll({zoe}).at(0).status()), "IDENTITY_INVALID ip_address");
  zoe.ip_address = "10.0.0.1";
  EXPECT_TRUE(world_.Enroll({zoe}).at(0).ok());
  zoe.phone = "call me";  // who is enrolled is shown, whatever is said
  EXPECT_TRUE(world_.Enroll({zoe}).at(0).ok());
}

TEST_P(FraudCommandTest, WhatIsBlockedIsRejected) {
  const auto blocked = Block({{IdentityKind::kEmail, "Bob+spam@evil.example", ""},
                              {IdentityKind::kEmailDomain, "Trash.example", ""},
                              {IdentityKind::kPhone, "12", ""},
                              {IdentityKind::kEmail, "no address", ""}});
  ASSERT_EQ(blocked.size(), 4u);
  EXPECT_EQ(blocked[0]->hash.size(), 16u);
  EXPECT_EQ(Reason(blocked[2].status()), "IDENTITY_INVALID");
  EXPECT_EQ(Reason(blocked[3].status()), "IDENTITY_INVALID");
  EXPECT_EQ(
      Reason(world_.SubmitOne(LeadOf("r1", "ann", "", kNow, "bob@evil.example")).status()),
      "FRAUD_REJECTED");
  EXPECT_EQ(Texts(Case("r1").evidence), Lines{"blocklist 100 mail address on the blocklist"});
  EXPECT_EQ(
      Reason(world_.SubmitOne(LeadOf("r2", "ann", "", kNow, "any@trash.example")).status()),
      "FRAUD_REJECTED");
  EXPECT_EQ(Unblock({{IdentityKind::kEmailDomain, "trash.example", ""},
                     {IdentityKind::kEmailDomain, "unknown.example", ""}}),
            1);
  EXPECT_TRUE(world_.SubmitOne(LeadOf("r3", "ann", "", kNow, "any@trash.example")).ok());
}

TEST_P(FraudCommandTest, AnAdvocateWhoIsBlockedIsRejectedToo) {
  // One a day, which is ordinary.
  int days = 10;
  const auto reason_of = [&](const std::string& id) {
    return Reason(world_.SubmitOne(Lead(id, kNow - --days * kDay)).status());
  };
  Block({{IdentityKind::kPhone, "0049 171 1234567", ""},
         {IdentityKind::kEmail, "r1@friends.example", ""}});
  EXPECT_EQ(reason_of("r1"), "FRAUD_REJECTED");
  EXPECT_EQ(Texts(Case("r1").evidence),
            Lines{"blocklist 100 mail address on the blocklist; phone number of advocate ann "
                  "on the blocklist"});
  EXPECT_EQ(Unblock({{IdentityKind::kPhone, "+49 171 1234567", ""}}), 1);
  EXPECT_EQ(reason_of("r2"), "");
  Block({{IdentityKind::kEmailDomain, "acme.example", ""}});
  EXPECT_EQ(reason_of("r3"), "FRAUD_REJECTED");
  EXPECT_EQ(Texts(Case("r3").evidence),
            Lines{"blocklist 100 mail domain of advocate ann on the blocklist"});
  Unblock({{IdentityKind::kEmailDomain, "acme.example", ""}});
  // What is known of the advocate as a customer counts as well.
  auto account = SignupOf("ann", kNow - 50 * kDay);
  account.payment_fingerprint = "card-of-ann";
  ASSERT_TRUE(world_.SignUp(account).ok());
  Block({{IdentityKind::kPayment, "card-of-ann", ""}});
  const auto credited = world_.SignUp(Signup("bob"));
  ASSERT_TRUE(credited.ok()) << credited.status();
  EXPECT_EQ(credited->judgement.advocate_id, "");
  EXPECT_EQ(Texts(Case("signup:bob").evidence),
            Lines{"blocklist 100 means of payment of advocate ann on the blocklist"});
}

TEST_P(FraudCommandTest, TheBlocklistShowsHashesWhichUnblock) {
  Block({{IdentityKind::kIp, "192.0.2.1", ""}, {IdentityKind::kDevice, "d", ""}});
  const auto before = Block({{IdentityKind::kDevice, "d", ""}});
  EXPECT_EQ(before[0]->added_time, kNow);
  const auto first = reader_.ListBlocklist({"acme", std::nullopt}, {1, ""}, test::Soon());
  ASSERT_EQ(first->rows.size(), 1u);
  EXPECT_EQ(first->rows[0].kind, IdentityKind::kDevice);
  const auto second =
      reader_.ListBlocklist({"acme", std::nullopt}, {1, first->next_token}, test::Soon());
  ASSERT_EQ(second->rows.size(), 1u);
  EXPECT_EQ(second->rows[0].kind, IdentityKind::kIp);
  EXPECT_EQ(second->rows[0].cause, "spam");
  EXPECT_EQ(second->next_token, "");
  EXPECT_EQ(Unblock({{IdentityKind::kIp, "", ToHex(second->rows[0].hash)},
                     {IdentityKind::kIp, "", "no hex"}}),
            1);
  EXPECT_TRUE(
      reader_.ListBlocklist({"acme", IdentityKind::kIp}, {}, test::Soon())->rows.empty());
}

TEST_P(FraudCommandTest, ADryCheckChangesNothing) {
  HoldOne("r3", kNow);
  const auto rows = [&] {
    Lines counts;
    for (const char* table : {"fraud_check", "fraud_case", "velocity_count", "referral",
                              "event", "advocate_trace"}) {
      counts.push_back(world_.Query(absl::StrCat("SELECT COUNT(*) FROM ", table)).front());
    }
    return counts;
  };
  const Lines before = rows();
  CheckReferral::Request request{.program_id = "acme",
                                 .advocate_id = "ann",
                                 .customer_id = "",
                                 .identity = {},
                                 .source = "",
                                 .signup = false};
  request.identity.email = "x@mailinator.com";
  const auto checked = world_.Run<CheckReferral>("CheckReferral", request);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->verdict.state, FraudState::kRejected);
  EXPECT_EQ(checked->verdict.score, 110);
  EXPECT_EQ(checked->program_version, 2);
  EXPECT_EQ(Texts(checked->verdict.evidence),
            (Lines{"disposable_domain 60 throw-away mail address",
                   "velocity 50 4 in a day of advocate ann, 2 are ordinary"}));
  EXPECT_EQ(rows(), before);
  request.advocate_id = "nobody";
  EXPECT_EQ(Reason(world_.Run<CheckReferral>("CheckReferral", request).status()),
            "ADVOCATE_NOT_FOUND");
}

INSTANTIATE_TEST_SUITE_P(Stores, FraudCommandTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

}  // namespace
}  // namespace kith::referral::app
