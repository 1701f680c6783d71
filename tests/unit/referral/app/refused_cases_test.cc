// The case of a lead that the rules refused, when its id is used again; on every backend.
#include "services/referral/app/override_attribution.h"
#include "services/referral/domain/names.h"
#include "tests/unit/referral/app/fraud_world.h"

namespace kith::referral::app {
namespace {

using domain::FraudCaseState;
using domain::FraudState;
using Lines = std::vector<std::string>;

class RefusedCaseTest : public FraudTest {
 protected:
  RefusedCaseTest() {
    ApplyWith([](domain::Program& program) {
      program.fraud.weights = {{domain::Signal::kDisposableDomain, 100}};
      program.fraud.velocity = {};
    });
    world_.EnrollOne("zoe");
    world_.NewFacts();
  }

  void Refuse(const std::string& id, const std::string& advocate = "ann",
              const std::string& email = "x@mailinator.com") {
    EXPECT_EQ(Reason(world_.SubmitOne(LeadOf(id, advocate, "", kNow, email)).status()),
              "FRAUD_REJECTED");
  }
  void Accept(const std::string& id, const std::string& referee,
              const std::string& advocate = "ann") {
    const auto accepted = world_.SubmitOne(LeadOf(id, advocate, referee, kNow));
    EXPECT_TRUE(accepted.ok()) << accepted.status();
  }
  std::string NoCase(const std::string& id) const {
    return Reason(reader_.GetCase("acme", id, test::Soon()).status());
  }
  // "id advocate state" of all cases.
  Lines Cases() {
    return world_.Query(
        "SELECT referral_id, advocate_id, state FROM fraud_case ORDER BY referral_id");
  }
  void Give(const std::string& customer, const std::string& advocate) {
    const auto given = world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", customer, advocate, "sue", "she called"});
    EXPECT_TRUE(given.ok()) << given.status();
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, RefusedCaseTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(RefusedCaseTest, IsNotReadAsOneOfTheNextLead) {
  Refuse("r1");
  const domain::FraudCase refused = Case("r1");
  ASSERT_EQ(refused.state, FraudCaseState::kRejected);
  world_.clock.Advance(kDay);
  Accept("r1", "bob");
  EXPECT_EQ(NoCase("r1"), "CASE_NOT_FOUND");
  domain::FraudCase aside = Case("r1~1");
  EXPECT_EQ(Texts(aside.evidence), Lines{"disposable_domain 100 throw-away mail address"});
  aside.referral_id = "r1";
  EXPECT_EQ(aside, refused);
  EXPECT_EQ(CaseIds({"acme", FraudCaseState::kRejected}), Lines{"r1~1"});
  EXPECT_EQ(world_.Query("SELECT value FROM summary WHERE name = 'fraud_cases/rejected'"),
            Lines{"1"});
  // Nobody is told of it once more.
  EXPECT_EQ(world_.NewFacts(), (Lines{"fraud_case_resolved r1 rejected disposable_domain",
                                      "referral_submitted r1"}));
}

TEST_P(RefusedCaseTest, IsNotApprovedWithTheNextLead) {
  Refuse("r1");
  Accept("r1", "bob");
  ASSERT_EQ(world_.SignUp(SignupOf("bob", kNow))->judgement.referral_id, "r1");
  Give("bob", "");
  world_.NewFacts();
  Give("bob", "ann");
  EXPECT_EQ(world_.Referral("r1").customer_id, "bob");
  EXPECT_EQ(world_.Referral("r1").fraud, FraudState::kClear);
  EXPECT_EQ(Cases(), Lines{"r1~1 ann rejected"});
  for (const std::string& fact : world_.NewFacts()) {
    EXPECT_FALSE(absl::StartsWith(fact, "fraud_case_resolved")) << fact;
  }
}

TEST_P(RefusedCaseTest, LeavesItsPlaceToTheCaseOfTheNextLead) {
  ApplyWith([](domain::Program& program) {
    program.fraud.weights = {{domain::Signal::kDisposableDomain, 100}};
    program.fraud.velocity = {{domain::VelocityDimension::kAdvocate, 1}};
  });
  Refuse("r1");
  Accept("r1", "bob");
  EXPECT_EQ(Cases(), (Lines{"r1 ann open", "r1~1 ann rejected"}));
  EXPECT_EQ(Texts(Case("r1").evidence),
            Lines{"velocity 50 2 in a day of advocate ann, 1 are ordinary"});
  ASSERT_TRUE(Resolve("r1", true).ok());
  EXPECT_EQ(Cases(), (Lines{"r1 ann approved", "r1~1 ann rejected"}));
  EXPECT_EQ(Reason(Resolve("r1~1", true).status()), "CASE_RESOLVED");
}

TEST_P(RefusedCaseTest, TellsOfTheLeadThatWasRefusedLast) {
  Refuse("r1");
  Refuse("r1", "zoe", "y@mailinator.com");
  EXPECT_EQ(Cases(), Lines{"r1 zoe rejected"});
  EXPECT_EQ(world_.Query("SELECT advocate_id FROM fraud_check"), Lines{"zoe"});
  Refuse("r1");
  EXPECT_EQ(Cases(), Lines{"r1 ann rejected"});
  EXPECT_EQ(world_.NewFacts(), (Lines{"fraud_case_resolved r1 rejected disposable_domain",
                                      "fraud_case_resolved r1 rejected disposable_domain",
                                      "fraud_case_resolved r1 rejected disposable_domain"}));
  // The same again changes nothing.
  Refuse("r1");
  EXPECT_EQ(world_.NewFacts(), Lines{});
  Accept("r1", "bob", "zoe");
  EXPECT_EQ(Cases(), Lines{"r1~1 ann rejected"});
  EXPECT_EQ(world_.Query("SELECT COUNT(*) FROM fraud_check"), Lines{"0"});
}

TEST_P(RefusedCaseTest, TakesNoIdThatIsInUse) {
  Accept("r1~1", "carl");
  Refuse("r1~2");
  Refuse("r1");
  Accept("r1", "bob");
  EXPECT_EQ(Cases(), (Lines{"r1~2 ann rejected", "r1~3 ann rejected"}));
  Accept("r1~3", "dora");
  EXPECT_EQ(Cases(), (Lines{"r1~2 ann rejected", "r1~3~1 ann rejected"}));
}

TEST_P(RefusedCaseTest, IsSetAsideByALeadThatNoRulesJudge) {
  Refuse("r1");
  // Before any rules of honesty.
  const auto accepted = world_.SubmitOne(LeadOf("r1", "ann", "bob", kNow - 200 * kDay));
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(Cases(), Lines{"r1~1 ann rejected"});
}

TEST_P(RefusedCaseTest, ALeadWithAThrowAwayAddressIsJudgedWhenItIsSubmitted) {
  ApplyWith([](domain::Program& program) {
    program.fraud.velocity = {};
    program.fraud.disposable_domains = {"burner.example"};
  });
  for (const std::string id : {"mailinator.com", "x.burner.example"}) {
    const auto held = world_.SubmitOne(LeadOf(id, "ann", "", kNow, "bob@" + id));
    ASSERT_TRUE(held.ok()) << held.status();
    EXPECT_EQ(held->fraud, FraudState::kHeld);
    EXPECT_EQ(held->fraud_score, 60);
    EXPECT_EQ(Texts(Case(id).evidence), Lines{"disposable_domain 60 throw-away mail address"});
  }
  EXPECT_EQ(world_.SubmitOne(LeadOf("r1", "ann", "", kNow, "bob@firm.example"))->fraud,
            FraudState::kClear);
  // Its signup is judged with what the lead showed.
  const auto customer = world_.SignUp(SignupOf("bob", kNow, "bob@mailinator.com"));
  EXPECT_EQ(customer->judgement.referral_id, "mailinator.com");
  EXPECT_EQ(world_.Referral("mailinator.com").fraud, FraudState::kHeld);
}

}  // namespace
}  // namespace kith::referral::app
