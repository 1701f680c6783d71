#include <algorithm>
#include <random>
#include <vector>

#include "tests/unit/referral/domain/judge_signup_test.h"

namespace kith::referral::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(JudgeSignupTest, NobodyWithoutEvidence) {
  const Judgement judgement = Judge({});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kNone);
  EXPECT_EQ(judgement.advocate_id, "");
  EXPECT_EQ(judgement.referral_id, "");
}

TEST_F(JudgeSignupTest, CodeBeatsLeadBeatsWordBeatsTouch) {
  const Evidence code = CodeOf(&ada_);
  const Evidence lead = LeadBy(bob_, "r1", kDay);
  const Evidence word = WordFor(eve_);
  const Evidence touch = TouchOf(ada_, "t1", kDay);
  EXPECT_EQ(Judge({touch, word, lead, code}).evidence, EvidenceKind::kCode);
  EXPECT_EQ(Judge({touch, word, lead}).evidence, EvidenceKind::kLead);
  EXPECT_EQ(Judge({touch, word}).evidence, EvidenceKind::kSelfReported);
  EXPECT_EQ(Judge({touch}).evidence, EvidenceKind::kTouch);
}

TEST_F(JudgeSignupTest, TheRestIsListedWithReasons) {
  const Judgement judgement = Judge({TouchOf(eve_, "t1", kDay), TouchOf(eve_, "t2", 2 * kDay),
                                     LeadBy(bob_, "r1", kDay), CodeOf(&ada_), WordFor(ada_),
                                     TouchOf(bob_, "t3", 31 * kDay)});
  EXPECT_EQ(judgement.advocate_id, "ada");
  EXPECT_THAT(judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kTouch, "bob", "OUT_OF_WINDOW"},
                          RejectedEvidence{EvidenceKind::kLead, "bob", "OUTRANKED"},
                          RejectedEvidence{EvidenceKind::kTouch, "eve", "OUTRANKED"}));
}

TEST_F(JudgeSignupTest, AReferralBeginsWithTheSignupOrIsTheWinnersLead) {
  EXPECT_EQ(Judge({CodeOf(&ada_)}).referral_id, "signup:carl");
  EXPECT_EQ(Judge({CodeOf(&ada_), LeadBy(bob_, "r1", kDay)}).referral_id, "signup:carl");
  EXPECT_EQ(Judge({CodeOf(&ada_), LeadBy(ada_, "r2", kDay), LeadBy(ada_, "r1", 2 * kDay)})
                .referral_id,
            "r1");
  EXPECT_EQ(Judge({CodeOf(&ada_), LeadBy(ada_, "r1", 91 * kDay)}).referral_id, "signup:carl");
}

// The rules, or a person, rejected these two: neither the code nor a visit undoes that.
TEST_F(JudgeSignupTest, ARejectedLeadIsNotLetInByOtherEvidence) {
  Evidence lead = LeadBy(ada_, "r1", kDay);
  lead.refusal = "FRAUD_REJECTED";
  const Judgement alone = Judge({CodeOf(&ada_), lead, TouchOf(ada_, "t1", kDay)});
  EXPECT_EQ(alone.evidence, EvidenceKind::kNone);
  EXPECT_THAT(alone.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "FRAUD_REJECTED"},
                          RejectedEvidence{EvidenceKind::kLead, "ada", "FRAUD_REJECTED"},
                          RejectedEvidence{EvidenceKind::kTouch, "ada", "FRAUD_REJECTED"}));
  EXPECT_EQ(Judge({CodeOf(&ada_), lead, WordFor(bob_)}).advocate_id, "bob");
}

TEST_F(JudgeSignupTest, UnknownPeopleCountForNothing) {
  const Judgement judgement = Judge({CodeOf(nullptr), SelfReportedEvidence("zoe", nullptr)});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kNone);
  EXPECT_THAT(
      judgement.rejected,
      ElementsAre(RejectedEvidence{EvidenceKind::kCode, "", "UNKNOWN_CODE"},
                  RejectedEvidence{EvidenceKind::kSelfReported, "zoe", "UNKNOWN_ADVOCATE"}));
}

TEST_F(JudgeSignupTest, NobodyRefersOneself) {
  ada_.email_hash = customer_.email_hash = "h";
  bob_.advocate_id = "carl";
  const Judgement judgement = Judge({CodeOf(&ada_), WordFor(bob_)});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kNone);
  EXPECT_THAT(
      judgement.rejected,
      ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "SELF_REFERRAL"},
                  RejectedEvidence{EvidenceKind::kSelfReported, "carl", "SELF_REFERRAL"}));
}

TEST_F(JudgeSignupTest, TwoUnknownAddressesAreNotTheSame) {
  EXPECT_EQ(Judge({CodeOf(&ada_)}).evidence, EvidenceKind::kCode);
}

TEST_F(JudgeSignupTest, ATouchCountsFromTheWindowsStartToTheSignup) {
  EXPECT_EQ(Judge({TouchOf(ada_, "t", 30 * kDay)}).advocate_id, "ada");
  EXPECT_EQ(Judge({TouchOf(ada_, "t", 30 * kDay + kMicro)}).advocate_id, "");
  EXPECT_EQ(Judge({TouchOf(ada_, "t", absl::ZeroDuration())}).advocate_id, "ada");
  EXPECT_EQ(Judge({TouchOf(ada_, "t", -kMicro)}).advocate_id, "");
}

TEST_F(JudgeSignupTest, ALeadCountsFromTheWindowsStartToTheSignup) {
  EXPECT_EQ(Judge({LeadBy(ada_, "r", 90 * kDay)}).advocate_id, "ada");
  EXPECT_EQ(Judge({LeadBy(ada_, "r", 90 * kDay + kMicro)}).advocate_id, "");
  // Dates without a time of day make one instant of a day's lead and signup.
  EXPECT_EQ(Judge({LeadBy(ada_, "r", absl::ZeroDuration())}).advocate_id, "ada");
  EXPECT_EQ(Judge({LeadBy(ada_, "r", -kMicro)}).advocate_id, "");
}

TEST_F(JudgeSignupTest, TheModelChoosesAmongTouches) {
  const std::vector<Evidence> touches = {
      TouchOf(bob_, "t2", 2 * kDay), TouchOf(ada_, "t1", 3 * kDay), TouchOf(eve_, "t3", kDay),
      TouchOf(ada_, "t0", 40 * kDay)};
  rules_.model = AttributionModel::kFirstTouch;
  EXPECT_EQ(Judge(touches).advocate_id, "ada");
  rules_.model = AttributionModel::kLastTouch;
  EXPECT_EQ(Judge(touches).advocate_id, "eve");
}

TEST_F(JudgeSignupTest, TouchesOfOneInstantGoToTheSmallerId) {
  rules_.model = AttributionModel::kLastTouch;
  EXPECT_EQ(Judge({TouchOf(bob_, "t2", kDay), TouchOf(ada_, "t1", kDay)}).advocate_id, "ada");
}

TEST_F(JudgeSignupTest, TheEarliestLeadWins) {
  EXPECT_EQ(Judge({LeadBy(bob_, "r1", kDay), LeadBy(ada_, "r2", 2 * kDay)}).referral_id, "r2");
  EXPECT_EQ(Judge({LeadBy(bob_, "r1", kDay), LeadBy(ada_, "r2", kDay)}).referral_id, "r1");
}

TEST_F(JudgeSignupTest, WhatWasPaidForIsNotMoved) {
  const Judgement judgement =
      Judge({CodeOf(&ada_), LeadBy(bob_, "r1", 500 * kDay, /*converted=*/true)});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kLead);
  EXPECT_EQ(judgement.referral_id, "r1");
  EXPECT_THAT(judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "OUTRANKED"}));
}

TEST_F(JudgeSignupTest, TheOrderOfArrivalMeansNothing) {
  std::vector<Evidence> evidence = {
      WordFor(eve_),
      CodeOf(nullptr),
      LeadBy(ada_, "r1", 3 * kDay),
      LeadBy(bob_, "r2", 3 * kDay),
      TouchOf(eve_, "t1", kDay),
      TouchOf(ada_, "t2", 50 * kDay),
  };
  const Judgement expected = Judge(evidence);
  EXPECT_EQ(expected.referral_id, "r1");
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 200; ++i) {
    std::shuffle(evidence.begin(), evidence.end(), random);
    EXPECT_EQ(Judge(evidence), expected);
  }
}

TEST_F(JudgeSignupTest, EvidenceForTheWinnerIsNotRejected) {
  EXPECT_THAT(Judge({CodeOf(&ada_), WordFor(ada_), TouchOf(ada_, "t", kDay)}).rejected,
              IsEmpty());
}

TEST(CustomerTest, ChannelIsReferralOrAsStatedOrOrganic) {
  Customer customer;
  EXPECT_EQ(customer.channel(), "organic");
  customer.stated_channel = "paid";
  EXPECT_EQ(customer.channel(), "paid");
  customer.judgement.referral_id = "signup:x";
  EXPECT_EQ(customer.channel(), "referral");
}

}  // namespace
}  // namespace kith::referral::domain
