// Phone numbers with and without their calling code, on every backend.
#include "gmock/gmock.h"
#include "services/referral/app/check_referral.h"
#include "services/referral/app/update_blocklist.h"
#include "tests/unit/referral/app/lead_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CallingCodeTest : public LeadTest {
 protected:
  // The rules say +49 from `time` on.
  void ApplyCode(absl::Time time = kNow - 100 * kDay) {
    domain::Program program = SampleProgram();
    program.default_calling_code = "+49";
    program.leads.follow_up_sla = kDay;
    program.fraud.enabled = true;
    const auto applied =
        world_.Apply({.program = program, .effective_time = time, .dry_run = false});
    ASSERT_TRUE(applied.ok()) << applied.status();
  }
  static SubmitReferrals::NewLead LeadTo(const std::string& id, const std::string& phone,
                                         absl::Time time = kNow) {
    SubmitReferrals::NewLead lead = LeadOf(id, "ada", "", time);
    lead.phone = phone;
    return lead;
  }
  static AttributeSignups::NewSignup SignupWith(const std::string& customer,
                                                const std::string& phone, absl::Time time) {
    AttributeSignups::NewSignup signup = SignupOf(customer, time);
    signup.phone = phone;
    return signup;
  }
  std::vector<std::string> Overdue() {
    std::vector<std::string> ids;
    const auto page =
        reader_.ListOverdue("acme", false, world_.clock.Now(), {}, test::Soon()).value();
    for (const domain::Referral& row : page.rows) ids.push_back(row.referral_id);
    return ids;
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, CallingCodeTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(CallingCodeTest, ALeadByEitherSpellingIsOfOnePerson) {
  ApplyCode();
  Submit(LeadTo("r1", "0171 1234567"));
  for (const char* phone : {"+49 171 1234567", "0049 171 1234567", "+49 (0)171 / 123-4567",
                            "(0171) 1234567", "171 1234567"}) {
    EXPECT_EQ(Refusal(LeadTo("r2", phone)), "ALREADY_REFERRED") << phone;
  }
  EXPECT_EQ(Refusal(LeadTo("r2", "+43 171 1234567")), "");
  EXPECT_EQ(world_.SignUp(SignupWith("bob", "+491711234567", kNow))->judgement.referral_id,
            "r1");
  EXPECT_EQ(Refusal(LeadTo("r3", "0171-1234567", kNow + absl::Hours(1))), "EXISTING_CUSTOMER");
}

TEST_P(CallingCodeTest, WithoutItNothingChanges) {
  Submit(LeadTo("r1", "0171 1234567"));
  Submit(LeadTo("r2", "+49 171 1234567"));
  EXPECT_EQ(world_.Query("SELECT COUNT(DISTINCT phone_hash) FROM referral"),
            std::vector<std::string>{"2"});
}

TEST_P(CallingCodeTest, NobodyRefersTheirOwnNumberInAnotherSpelling) {
  ApplyCode();
  EnrollAdvocates::NewAdvocate bob{.advocate_id = "bob"};
  bob.phone = "0171 7654321";
  world_.Enroll({bob});
  SubmitReferrals::NewLead lead = LeadTo("r1", "+49 171 7654321");
  lead.lead.advocate_id = "bob";
  EXPECT_EQ(Refusal(lead), "SELF_REFERRAL");
  CheckReferral::Request check;
  check.program_id = "acme";
  check.advocate_id = "bob";
  check.identity.phone = "0049 171 7654321";
  const auto checked = world_.Run<CheckReferral>("CheckReferral", check);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->verdict.score, 100);
  AttributeSignups::NewSignup signup = SignupWith("carl", "+49 171 7654321", kNow);
  signup.signup.referrer_id = "bob";
  EXPECT_EQ(world_.SignUp(signup)->judgement.advocate_id, "");
}

TEST_P(CallingCodeTest, WhatIsBlockedIsSoInEitherSpelling) {
  ApplyCode();
  const std::vector<IdentityValue> national = {
      {domain::IdentityKind::kPhone, "0171 1234567", ""}};
  ASSERT_TRUE(world_
                  .Run<AddToBlocklist>("AddToBlocklist", std::string("acme"), national,
                                       ConductDecision{"eve", "spam"})
                  .ok());
  EXPECT_EQ(Refusal(LeadTo("r1", "+49 171 1234567")), "FRAUD_REJECTED");
  const std::vector<IdentityValue> international = {
      {domain::IdentityKind::kPhone, "+49 171 1234567", ""}};
  EXPECT_EQ(*world_.Run<RemoveFromBlocklist>("RemoveFromBlocklist", std::string("acme"),
                                             international),
            1);
}

TEST_P(CallingCodeTest, EachNumberIsReadByTheRulesOfItsTime) {
  SubmitReferrals::NewLead untimed = LeadTo("r1", "0171 1234567");
  untimed.lead.submitted_time.reset();
  Submit(untimed);
  AttributeSignups::NewSignup signup = SignupWith("bob", "0171 7654321", kNow);
  signup.signup.signup_time.reset();
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ApplyCode(kNow + absl::Hours(1));
  world_.clock.Advance(absl::Hours(2));
  // What was told before is the same when it is told again.
  EXPECT_EQ(Submit(untimed).referral_id, "r1");
  EXPECT_TRUE(world_.SignUp(signup).ok());
  // What is kept stays as it is: a new lead is to the number with its code.
  EXPECT_EQ(Refusal(LeadTo("r2", "0171 1234567")), "ALREADY_REFERRED") << "of then";
  EXPECT_EQ(Refusal(LeadTo("r3", "0171 1234567", world_.clock.Now())), "");
  EXPECT_EQ(Refusal(LeadTo("r4", "+49 171 1234567", world_.clock.Now())), "ALREADY_REFERRED");
}

TEST_P(CallingCodeTest, WhoOptedOutBeforeIsOutInEitherSpelling) {
  EXPECT_EQ(Opt(true, "", "0171 1234567")->changed, 1);
  ApplyCode();
  EXPECT_EQ(Refusal(LeadTo("r1", "0171 1234567")), "OPTED_OUT");
  EXPECT_EQ(Refusal(LeadTo("r1", "+49 171 1234567")), "OPTED_OUT");
  EXPECT_EQ(Opt(true, "", "+49 171 1234567")->changed, 0);
  EXPECT_EQ(Opt(false, "", "+49 171 1234567")->changed, 1);
  EXPECT_THAT(world_.Query("SELECT COUNT(*) FROM opt_out"), ElementsAre("0"));
  EXPECT_EQ(Refusal(LeadTo("r1", "0171 1234567")), "");
}

TEST_P(CallingCodeTest, WhoOptsOutIsNotCalledForALeadOfBefore) {
  domain::Program program = SampleProgram();
  program.leads.follow_up_sla = kDay;
  ASSERT_TRUE(
      world_.Apply({.program = program, .effective_time = kNow - 90 * kDay, .dry_run = false})
          .ok());
  Submit(LeadTo("r1", "0171 1234567", kNow - 3 * kDay));
  ApplyCode(kNow - kDay);
  EXPECT_THAT(Overdue(), ElementsAre("r1"));
  EXPECT_EQ(Opt(true, "", "+49 171 1234567")->changed, 1);
  EXPECT_THAT(Overdue(), IsEmpty());
  EXPECT_EQ(Opt(false, "", "0171 1234567")->changed, 1);
  EXPECT_THAT(Overdue(), ElementsAre("r1"));
}

}  // namespace
}  // namespace kith::referral::app
