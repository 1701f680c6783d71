// Leads, touches and signups, in every order of arrival, on every backend.
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_database.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SignupFlowTest : public ::testing::TestWithParam<std::string> {
 protected:
  SignupFlowTest() {
    ada_ = world_.EnrollOne("ada", "ada@example.com");
    bob_ = world_.EnrollOne("bob");
    world_.NewFacts();
  }
  ~SignupFlowTest() override { EXPECT_EQ(world_.misses(), 0); }

  static std::string Reason(const absl::Status& status) { return GetErrorReason(status); }

  World world_{GetParam()};
  std::string ada_, bob_;  // codes
};
INSTANTIATE_TEST_SUITE_P(Stores, SignupFlowTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(SignupFlowTest, ALeadBecomesASignup) {
  const domain::Referral lead =
      *world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow - 3 * kDay));
  EXPECT_EQ(lead.state(), domain::ReferralState::kSubmitted);
  EXPECT_EQ(lead.program_version, 1);
  const domain::Customer carl = *world_.SignUp(SignupOf("carl", kNow - kDay));
  EXPECT_EQ(carl.channel(), "referral");
  EXPECT_EQ(carl.judgement.advocate_id, "ada");
  EXPECT_EQ(carl.judgement.referral_id, "r1");
  EXPECT_EQ(carl.judgement.evidence, domain::EvidenceKind::kLead);
  const domain::Referral after = world_.Referral("r1");
  EXPECT_EQ(after.state(), domain::ReferralState::kSignedUp);
  EXPECT_EQ(after.customer_id, "carl");
  EXPECT_EQ(after.signup_time, kNow - kDay);
  EXPECT_EQ(world_.Advocate("ada").referrals, 1);
  EXPECT_EQ(world_.Advocate("ada").signups, 1);
  EXPECT_THAT(world_.NewFacts(), ElementsAre("referral_submitted r1",
                                             "signup_attributed carl referral ada r1 lead"));
}

TEST_P(SignupFlowTest, ALeadIsFoundByItsAddress) {
  ASSERT_TRUE(
      world_.SubmitOne(LeadOf("r1", "ada", "", kNow - kDay, "Carl.Smith+x@gmail.com")).ok());
  EXPECT_EQ(
      world_.SignUp(SignupOf("carl", kNow, "carlsmith@googlemail.com"))->judgement.referral_id,
      "r1");
  EXPECT_EQ(world_.Referral("r1").referee(), "carl");
}

TEST_P(SignupFlowTest, ACodeBeginsAReferral) {
  auto signup = SignupOf("carl", kNow);
  signup.signup.code = " " + bob_.substr(0, 4) + "-" + bob_.substr(4);
  const domain::Customer carl = *world_.SignUp(signup);
  EXPECT_EQ(carl.judgement.evidence, domain::EvidenceKind::kCode);
  EXPECT_EQ(carl.judgement.referral_id, "signup:carl");
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "bob");
  EXPECT_EQ(world_.Referral("signup:carl").referee(), "carl");
  EXPECT_EQ(world_.GetSummary().referrals, 1);
}

TEST_P(SignupFlowTest, NobodyReferredIsOrganicOrAsStated) {
  EXPECT_EQ(world_.SignUp(SignupOf("carl", kNow))->channel(), "organic");
  auto paid = SignupOf("dora", kNow);
  paid.signup.channel = "paid";
  paid.signup.referrer_id = "zoe";
  const domain::Customer dora = *world_.SignUp(paid);
  EXPECT_EQ(dora.channel(), "paid");
  EXPECT_THAT(dora.judgement.rejected,
              ElementsAre(domain::RejectedEvidence{domain::EvidenceKind::kSelfReported, "zoe",
                                                   "UNKNOWN_ADVOCATE"}));
  EXPECT_THAT(world_.NewFacts(), ElementsAre("signup_attributed carl organic   none",
                                             "signup_attributed dora paid   none"));
  const Summary summary = world_.GetSummary();
  EXPECT_EQ(summary.channels.at("organic").customers, 1);
  EXPECT_EQ(summary.channels.at("paid").customers, 1);
  EXPECT_EQ(summary.channels.at("paid").converted, 0);
}

TEST_P(SignupFlowTest, ASignupTwiceIsOnceAndADifferentOneIsRefused) {
  auto signup = SignupOf("carl", kNow, "carl@example.com");
  signup.signup.code = ada_;
  const domain::Customer first = *world_.SignUp(signup);
  EXPECT_EQ(*world_.SignUp(signup), first);
  signup.signup.signup_time.reset();
  EXPECT_EQ(*world_.SignUp(signup), first);
  signup.signup.code = bob_;
  EXPECT_EQ(Reason(world_.SignUp(signup).status()), "CUSTOMER_EXISTS");
  EXPECT_EQ(Reason(world_.SignUp(SignupOf("dora", kNow + 2 * kDay)).status()),
            "TIME_IN_FUTURE");
  EXPECT_EQ(world_.NewFacts().size(), 1u);
}

TEST_P(SignupFlowTest, LeadsAreRefusedForReasons) {
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow - kDay, "carl@example.com")).ok());
  const auto results = world_.Submit({
      LeadOf("r1", "zoe", "dora", kNow),
      LeadOf("r2", "ada", "", kNow),
      LeadOf("r3", "ada", "ada", kNow),
      LeadOf("r4", "ada", "", kNow, "a.d.a@example.com"),
      LeadOf("r5", "ada", "", kNow, "ADA+me@example.com"),
      LeadOf("r6", "ada", "carl", kNow),
      LeadOf("r7", "ada", "other", kNow, "carl@example.com"),
      LeadOf("r8", "ada", "dora", kNow, "dora@example.com"),
      LeadOf("r9", "bob", "dora", kNow),
      LeadOf("r10", "bob", "", kNow, "Dora@example.com"),
      LeadOf("r8", "bob", "dora", kNow),
      LeadOf("r11", "bob", "emil", kNow + 2 * kDay),
      LeadOf("signup:emil", "bob", "emil", kNow),
  });
  std::vector<std::string> reasons;
  for (const auto& result : results) reasons.push_back(Reason(result.status()));
  EXPECT_THAT(reasons,
              ElementsAre("UNKNOWN_ADVOCATE", "REFEREE_MISSING", "SELF_REFERRAL", "",
                          "SELF_REFERRAL", "EXISTING_CUSTOMER", "EXISTING_CUSTOMER", "",
                          "ALREADY_REFERRED", "ALREADY_REFERRED", "REFERRAL_ID_REUSED",
                          "TIME_IN_FUTURE", "REFERRAL_ID_REUSED"));
  EXPECT_EQ(world_.GetSummary().referrals, 2);
  EXPECT_THAT(world_.Query("SELECT referral_id FROM referral ORDER BY referral_id"),
              ElementsAre("r4", "r8"));
}

TEST_P(SignupFlowTest, ALeadTwiceIsOnce) {
  const auto first = *world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow, "carl@example.com"));
  EXPECT_EQ(*world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow, "CARL@example.com")), first);
  EXPECT_EQ(world_.NewFacts().size(), 1u);
}

TEST_P(SignupFlowTest, AnEarlierLeadThatArrivesLateBringsTheCustomer) {
  ASSERT_TRUE(world_.SignUp(SignupOf("carl", kNow - kDay)).ok());
  world_.NewFacts();
  const domain::Referral lead =
      *world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow - 2 * kDay));
  EXPECT_EQ(lead.state(), domain::ReferralState::kSignedUp);
  EXPECT_THAT(world_.NewFacts(), ElementsAre("referral_submitted r1",
                                             "signup_attributed carl referral ada r1 lead"));
  const Summary summary = world_.GetSummary();
  EXPECT_EQ(summary.channels.count("organic"), 0u);
  EXPECT_EQ(summary.channels.at("referral").customers, 1);
}

TEST_P(SignupFlowTest, StrongerEvidenceThatArrivesLateMovesTheCustomer) {
  auto signup = SignupOf("carl", kNow - kDay);
  signup.signup.referrer_id = "bob";
  ASSERT_EQ(world_.SignUp(signup)->judgement.referral_id, "signup:carl");
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow - 2 * kDay)).ok());
  EXPECT_EQ(world_.Referral("r1").customer_id, "carl");
  EXPECT_EQ(Reason(world_.reader().GetReferral("acme", "signup:carl", test::Soon()).status()),
            "REFERRAL_NOT_FOUND");
  EXPECT_EQ(world_.Advocate("bob").signups, 0);
  EXPECT_EQ(world_.Advocate("bob").referrals, 0);
  EXPECT_EQ(world_.Advocate("ada").signups, 1);
  EXPECT_EQ(world_.GetSummary().referrals, 1);
}

TEST_P(SignupFlowTest, WeakerEvidenceThatArrivesLateChangesNothing) {
  auto signup = SignupOf("carl", kNow - kDay);
  signup.signup.code = bob_;
  ASSERT_TRUE(world_.SignUp(signup).ok());
  world_.NewFacts();
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "carl", kNow - 2 * kDay)).ok());
  EXPECT_EQ(world_.Referral("r1").state(), domain::ReferralState::kSubmitted);
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "bob");
  EXPECT_THAT(world_.NewFacts(), ElementsAre("referral_submitted r1"));
}

TEST_P(SignupFlowTest, ATouchThatArrivesLateIsWeighedToo) {
  auto signup = SignupOf("carl", kNow - kDay);
  signup.signup.visitor_id = "v1";
  ASSERT_TRUE(world_.Touch({"t1", ada_, "v1", kNow - 3 * kDay}).ok());
  ASSERT_EQ(world_.SignUp(signup)->judgement.advocate_id, "ada");
  ASSERT_TRUE(world_.Touch({"t2", bob_, "v1", kNow - 2 * kDay}).ok());
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "bob");
  EXPECT_EQ(world_.Advocate("ada").referrals, 0);
  ASSERT_TRUE(world_.Touch({"t3", ada_, "v1", kNow}).ok());
  EXPECT_EQ(world_.Referral("signup:carl").advocate_id, "bob");
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("signup_attributed carl referral ada signup:carl touch",
                          "signup_attributed carl referral bob signup:carl touch"));
}

TEST_P(SignupFlowTest, TouchesOfABatchAreWeighedTogether) {
  auto signup = SignupOf("carl", kNow - kDay);
  signup.signup.visitor_id = "v1";
  ASSERT_FALSE(world_.SignUp(signup)->attributed());
  world_.NewFacts();
  std::vector<RecordTouches::NewTouch> touches = {{"t1", ada_, "v1", kNow - 3 * kDay},
                                                  {"t2", bob_, "v1", kNow - 2 * kDay},
                                                  {"t3", "NOBODY", "v1", kNow - 2 * kDay}};
  const auto recorded =
      world_.Run<RecordTouches>("RecordTouches", std::string("acme"), touches);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_TRUE((*recorded)[0].ok() && (*recorded)[1].ok());
  EXPECT_EQ(Reason((*recorded)[2].status()), "UNKNOWN_CODE");
  EXPECT_THAT(world_.NewFacts(),
              ElementsAre("signup_attributed carl referral bob signup:carl touch"));
}

TEST_P(SignupFlowTest, TouchesAreRefusedForReasons) {
  EXPECT_EQ(world_.Touch({"t1", ada_, "v1", std::nullopt})->advocate_id, "ada");
  EXPECT_EQ(world_.Touch({"t1", ada_, "v1", std::nullopt})->advocate_id, "ada");
  EXPECT_EQ(Reason(world_.Touch({"t1", bob_, "v1", std::nullopt}).status()),
            "TOUCH_ID_REUSED");
  EXPECT_EQ(Reason(world_.Touch({"t2", "NOSUCHCODE", "v1", std::nullopt}).status()),
            "UNKNOWN_CODE");
  EXPECT_EQ(Reason(world_.Touch({"t3", ada_, "v1", kNow + 2 * kDay}).status()),
            "TIME_IN_FUTURE");
}

TEST_P(SignupFlowTest, TwoCustomersDoNotShareALead) {
  ASSERT_TRUE(world_.SubmitOne(LeadOf("r1", "ada", "", kNow - kDay, "x@example.com")).ok());
  EXPECT_EQ(world_.SignUp(SignupOf("carl", kNow, "x@example.com"))->channel(), "referral");
  EXPECT_EQ(world_.SignUp(SignupOf("dora", kNow, "x@example.com"))->channel(), "organic");
  EXPECT_EQ(world_.Referral("r1").customer_id, "carl");
}

TEST_P(SignupFlowTest, TheChainOfReferrersIsMeasured) {
  EXPECT_EQ(world_.GetSummary().tree_depth, 0);
  for (const char* id : {"carl", "dora", "emil"}) world_.EnrollOne(id);
  const auto join = [&](const char* id, const char* referrer) {
    auto signup = SignupOf(id, kNow);
    signup.signup.referrer_id = referrer;
    ASSERT_TRUE(world_.SignUp(signup).ok());
  };
  join("emil", "dora");
  EXPECT_EQ(world_.GetSummary().tree_depth, 1);
  join("carl", "ada");
  join("dora", "carl");
  join("fred", "ada");
  EXPECT_EQ(world_.GetSummary().tree_depth, 3);
  join("x", "y");
  EXPECT_EQ(world_.GetSummary().tree_depth, 3);
}

TEST_P(SignupFlowTest, ARingOfReferrersIsNoChain) {
  auto ada = SignupOf("ada", kNow);
  ada.signup.referrer_id = "bob";
  auto bob = SignupOf("bob", kNow);
  bob.signup.referrer_id = "ada";
  ASSERT_TRUE(world_.SignUp(ada).ok());
  ASSERT_TRUE(world_.SignUp(bob).ok());
  EXPECT_EQ(world_.GetSummary().tree_depth, 0);
}

TEST_P(SignupFlowTest, ListsReferralsByAdvocateAndStateInPages) {
  for (int i = 1; i <= 5; ++i) {
    const std::string n = std::to_string(i);
    ASSERT_TRUE(
        world_.SubmitOne(LeadOf("r" + n, i % 2 ? "ada" : "bob", "c" + n, kNow - kDay)).ok());
  }
  ASSERT_TRUE(world_.SignUp(SignupOf("c1", kNow)).ok());
  const auto ids = [](const Page<domain::Referral>& page) {
    std::vector<std::string> result;
    for (const auto& row : page.rows) result.push_back(row.referral_id);
    return result;
  };
  const auto list = [&](ReferralFilter filter, PageRequest page) {
    return world_.reader().ListReferrals(filter, page, test::Soon());
  };
  const ReferralFilter of_ada = {"acme", "ada", std::nullopt};
  EXPECT_THAT(ids(*list({"acme", "", std::nullopt}, {})),
              ElementsAre("r1", "r2", "r3", "r4", "r5"));
  EXPECT_THAT(ids(*list({"acme", "ada", domain::ReferralState::kSubmitted}, {})),
              ElementsAre("r3", "r5"));
  EXPECT_THAT(ids(*list({"acme", "", domain::ReferralState::kSignedUp}, {})),
              ElementsAre("r1"));
  EXPECT_THAT(ids(*list({"acme", "", domain::ReferralState::kConverted}, {})), IsEmpty());
  const auto first = *list(of_ada, {.size = 2, .token = ""});
  EXPECT_THAT(ids(first), ElementsAre("r1", "r3"));
  const auto second = *list(of_ada, {.size = 2, .token = first.next_token});
  EXPECT_THAT(ids(second), ElementsAre("r5"));
  EXPECT_EQ(second.next_token, "");
  EXPECT_EQ(Reason(list({"acme", "bob", std::nullopt}, {2, first.next_token}).status()),
            "INVALID_PAGE_TOKEN");
  EXPECT_EQ(Reason(list(of_ada, {2, "nonsense"}).status()), "INVALID_PAGE_TOKEN");
}

}  // namespace
}  // namespace kith::referral::app
