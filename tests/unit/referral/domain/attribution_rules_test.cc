// What the rules of a program add to the weighing of evidence: models, retired codes,
// campaigns, suspensions, fraud, and a person's decision.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "services/referral/domain/override.h"
#include "tests/unit/referral/domain/judge_signup_test.h"

namespace kith::referral::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AttributionRulesTest : public JudgeSignupTest {
 protected:
  AttributionRulesTest() {
    Campaign spring;
    spring.campaign_id = "spring";
    spring.start_time = kSignup - 10 * kDay;
    spring.end_time = kSignup;
    program_.campaigns = {spring};
    code_.code = "C0DE";
    code_.advocate_id = "ada";
  }

  Evidence FromCode() const { return CodeEvidence(customer_, &code_, &ada_, &program_); }
  Evidence FromTouch(absl::Duration age) const {
    Touch touch;
    touch.touch_id = "t";
    touch.advocate_id = "ada";
    touch.touch_time = kSignup - age;
    touch.campaign = code_.campaign;
    return TouchEvidence(touch, &code_, &ada_, &program_);
  }
  // The reason of the only evidence; empty when it won.
  std::string ReasonOf(const Evidence& evidence) const {
    const Judgement judgement = Judge({evidence});
    return judgement.rejected.empty() ? "" : judgement.rejected.front().reason;
  }
  Weighed WeighWithFrauds(const std::vector<Evidence>& evidence,
                          const std::set<std::string>& frauds) const {
    return WeighEvidence(customer_, evidence, rules_,
                         [&](const Evidence& leader, const std::string&) {
                           return frauds.count(leader.advocate_id) > 0;
                         });
  }

  Program program_;
  Code code_;
};

TEST_F(AttributionRulesTest, AClickComesBeforeAViewThenTheLatest) {
  rules_.model = AttributionModel::kPriorityRecency;
  const Evidence old_click = TouchOf(ada_, "t1", 5 * kDay);
  const Evidence click = TouchOf(bob_, "t2", 4 * kDay);
  const Evidence view = TouchOf(eve_, "t3", kDay, TouchKind::kView);
  EXPECT_EQ(Judge({view, old_click, click}).advocate_id, "bob");
  EXPECT_EQ(Judge({view, old_click}).advocate_id, "ada");
  EXPECT_EQ(Judge({view, TouchOf(ada_, "t4", 2 * kDay, TouchKind::kView)}).advocate_id, "eve");
  // The other models do not care.
  rules_.model = AttributionModel::kLastTouch;
  EXPECT_EQ(Judge({view, old_click, click}).advocate_id, "eve");
}

TEST_F(AttributionRulesTest, ARetiredCodeCountsUntilItsGraceIsOver) {
  code_.retired_time = kSignup - 30 * kDay;
  code_.honoured_until = kSignup + kMicro;
  EXPECT_EQ(ReasonOf(FromCode()), "");
  code_.honoured_until = kSignup;
  EXPECT_EQ(ReasonOf(FromCode()), "CODE_RETIRED");
}

TEST_F(AttributionRulesTest, ATouchIsJudgedByTheCodeAtItsOwnTime) {
  code_.retired_time = code_.honoured_until = kSignup - 3 * kDay;
  EXPECT_EQ(ReasonOf(FromTouch(3 * kDay + kMicro)), "");
  EXPECT_EQ(ReasonOf(FromTouch(3 * kDay)), "CODE_RETIRED");
}

TEST_F(AttributionRulesTest, ACampaignCodeCountsWhileTheCampaignRuns) {
  code_.campaign = "spring";
  EXPECT_EQ(ReasonOf(FromCode()), "CAMPAIGN_CLOSED");
  EXPECT_EQ(ReasonOf(FromTouch(10 * kDay)), "");
  EXPECT_EQ(ReasonOf(FromTouch(10 * kDay + kMicro)), "CAMPAIGN_CLOSED");
  program_.campaigns[0].end_time += kMicro;
  EXPECT_EQ(ReasonOf(FromCode()), "");
}

TEST_F(AttributionRulesTest, ACampaignIsForItsAudience) {
  code_.campaign = "spring";
  program_.campaigns[0].end_time = absl::InfiniteFuture();
  program_.campaigns[0].audience = {{{{"advocate.kind", Comparison::kEquals, {"partner"}}}}};
  EXPECT_EQ(ReasonOf(FromCode()), "NOT_IN_AUDIENCE");
  ada_.kind = "partner";
  EXPECT_EQ(ReasonOf(FromCode()), "");
}

TEST_F(AttributionRulesTest, TheDecidingEvidenceBringsItsCampaign) {
  code_.campaign = "spring";
  program_.campaigns[0].end_time = absl::InfiniteFuture();
  EXPECT_EQ(WeighWithFrauds({FromCode(), TouchOf(bob_, "t", kDay)}, {}).campaign, "spring");
  EXPECT_EQ(WeighWithFrauds({FromTouch(kDay)}, {}).campaign, "spring");
  EXPECT_EQ(WeighWithFrauds({TouchOf(bob_, "t", kDay), FromTouch(2 * kDay)}, {}).campaign, "");
}

TEST_F(AttributionRulesTest, NothingButALeadCountsForTheSuspended) {
  ada_.suspended_time = kSignup;
  EXPECT_EQ(ReasonOf(FromCode()), "ADVOCATE_SUSPENDED");
  EXPECT_EQ(ReasonOf(FromTouch(kDay)), "ADVOCATE_SUSPENDED");
  EXPECT_EQ(ReasonOf(WordFor(ada_)), "ADVOCATE_SUSPENDED");
  EXPECT_EQ(ReasonOf(LeadBy(ada_, "r1", kDay)), "");
  // What happened before the suspension counts, however late it is told.
  ada_.suspended_time = kSignup + kMicro;
  EXPECT_EQ(ReasonOf(FromCode()), "");
}

TEST_F(AttributionRulesTest, ALeadThatWasFraudCountsForNothing) {
  Referral lead;
  lead.referral_id = "r1";
  lead.advocate_id = "ada";
  lead.submitted_time = kSignup - kDay;
  lead.fraud = FraudState::kRejected;
  EXPECT_EQ(ReasonOf(LeadEvidence(lead, &ada_)), "FRAUD_REJECTED");
}

TEST_F(AttributionRulesTest, FraudLeavesTheCustomerToTheNext) {
  const std::vector<Evidence> evidence = {CodeOf(&ada_), LeadBy(ada_, "r1", kDay),
                                          WordFor(bob_), TouchOf(eve_, "t1", kDay)};
  Weighed weighed = WeighWithFrauds(evidence, {"ada"});
  EXPECT_EQ(weighed.judgement.advocate_id, "bob");
  EXPECT_EQ(weighed.judgement.referral_id, "signup:carl");
  EXPECT_THAT(weighed.judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "FRAUD_REJECTED"},
                          RejectedEvidence{EvidenceKind::kLead, "ada", "FRAUD_REJECTED"},
                          RejectedEvidence{EvidenceKind::kTouch, "eve", "OUTRANKED"}));
  weighed = WeighWithFrauds(evidence, {"ada", "bob", "eve"});
  EXPECT_EQ(weighed.judgement.evidence, EvidenceKind::kNone);
  EXPECT_EQ(weighed.judgement.rejected.size(), 4u);
}

TEST_F(AttributionRulesTest, OnlyThoseWhoWouldWinAreAskedAboutOnce) {
  std::vector<std::string> asked;
  WeighEvidence(customer_,
                {CodeOf(&ada_), LeadBy(ada_, "r1", kDay), WordFor(bob_),
                 TouchOf(eve_, "t1", kDay), TouchOf(ada_, "t2", 99 * kDay)},
                rules_, [&](const Evidence& leader, const std::string& referral_id) {
                  asked.push_back(leader.advocate_id + " " + referral_id);
                  return leader.advocate_id == "ada";
                });
  EXPECT_THAT(asked, ElementsAre("ada r1", "bob signup:carl"));
}

TEST_F(AttributionRulesTest, OnlyTheFirstCanBeAnExistingCustomerFromNowOn) {
  const auto came = [](const std::string& id, absl::Time time) {
    Customer customer;
    customer.customer_id = id;
    customer.signup_time = time;
    return customer;
  };
  const Customer one = came("one", kSignup + kDay), two = came("two", kSignup + 2 * kDay);
  EXPECT_EQ(FirstUntilNow(customer_, {}), nullptr);
  EXPECT_EQ(FirstUntilNow(customer_, {&two, &one}), &one);
  EXPECT_EQ(FirstUntilNow(two, {&one}), nullptr);
  // The others were none when the first of them was told of.
  const Customer between = came("between", kSignup + kDay + kMicro);
  EXPECT_EQ(FirstUntilNow(between, {&one, &two}), nullptr);
  // Of one instant the smallest id is the first.
  const Customer abe = came("abe", kSignup), dan = came("dan", kSignup);
  EXPECT_EQ(FirstUntilNow(customer_, {&dan}), &dan);
  EXPECT_EQ(FirstUntilNow(customer_, {&dan, &abe}), nullptr);
}

TEST_F(AttributionRulesTest, APersonsDecisionStandsAgainstAllEvidence) {
  customer_.judgement = {EvidenceKind::kOverride, "eve", "signup:carl", {}};
  const Judgement judgement =
      Judge({CodeOf(&ada_), LeadBy(bob_, "r1", kDay), TouchOf(eve_, "t1", kDay),
             TouchOf(bob_, "t2", 31 * kDay)});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kOverride);
  EXPECT_EQ(judgement.advocate_id, "eve");
  EXPECT_THAT(judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kTouch, "bob", "OUT_OF_WINDOW"},
                          RejectedEvidence{EvidenceKind::kCode, "ada", "OVERRIDDEN"},
                          RejectedEvidence{EvidenceKind::kLead, "bob", "OVERRIDDEN"}));
}

TEST_F(AttributionRulesTest, ADecisionTakesTheAdvocatesOwnLeadWithoutAWindow) {
  const std::vector<Evidence> evidence = {LeadBy(bob_, "r2", kDay),
                                          LeadBy(bob_, "r1", 500 * kDay), WordFor(ada_)};
  EXPECT_EQ(ReferralOfDecision(customer_, "bob", evidence), "r1");
  EXPECT_EQ(ReferralOfDecision(customer_, "ada", evidence), "signup:carl");
  customer_.judgement = {EvidenceKind::kLead, "bob", "r2", {}};
  EXPECT_EQ(ReferralOfDecision(customer_, "bob", evidence), "r2");
}

TEST_F(AttributionRulesTest, ADecisionIsAboutACustomerAndSomebodyElse) {
  const auto reason = [&](const Customer* customer, const char* id, const Advocate* advocate) {
    return GetErrorReason(CheckOverride(customer, id, advocate));
  };
  EXPECT_EQ(reason(nullptr, "ada", &ada_), "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(reason(&customer_, "zoe", nullptr), "ADVOCATE_NOT_FOUND");
  EXPECT_EQ(reason(&customer_, "", nullptr), "");
  EXPECT_EQ(reason(&customer_, "ada", &ada_), "");
  ada_.email_hash = customer_.email_hash = "h";
  EXPECT_EQ(reason(&customer_, "ada", &ada_), "SELF_REFERRAL");
  bob_.advocate_id = "carl";
  EXPECT_EQ(reason(&customer_, "carl", &bob_), "SELF_REFERRAL");
}

TEST_F(AttributionRulesTest, TheOrderOfArrivalMeansNothingUnderAnyModel) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (const auto model : {AttributionModel::kFirstTouch, AttributionModel::kLastTouch,
                           AttributionModel::kPriorityRecency}) {
    rules_.model = model;
    std::vector<Evidence> evidence = {
        TouchOf(ada_, "t1", 2 * kDay), TouchOf(bob_, "t2", 2 * kDay, TouchKind::kView),
        TouchOf(eve_, "t3", 2 * kDay), TouchOf(bob_, "t4", 3 * kDay),
        LeadBy(eve_, "r1", 99 * kDay),
    };
    const Judgement expected = WeighWithFrauds(evidence, {"ada"}).judgement;
    for (int i = 0; i < 100; ++i) {
      std::shuffle(evidence.begin(), evidence.end(), random);
      EXPECT_EQ(WeighWithFrauds(evidence, {"ada"}).judgement, expected);
    }
  }
}

TEST_F(AttributionRulesTest, TheSameSignupMayComeUnderOtherFreeMailRules) {
  Signup signup;
  signup.customer_id = "carl";
  signup.email_hash = "e";
  signup.identity.phone_hash = "p";
  signup.attributes = {{"plan", "pro"}};
  const Customer stored = ToCustomer("acme", signup, kSignup);
  EXPECT_TRUE(SameContent(signup, stored));
  signup.identity.domain_hash = "d";
  EXPECT_TRUE(SameContent(signup, stored));
  signup.identity.phone_hash = "q";
  EXPECT_FALSE(SameContent(signup, stored));
  signup.identity.phone_hash = "p";
  signup.attributes["plan"] = "free";
  EXPECT_FALSE(SameContent(signup, stored));
}

}  // namespace
}  // namespace kith::referral::domain
