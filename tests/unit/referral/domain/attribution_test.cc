#include "services/referral/domain/attribution.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {

void PrintTo(const RejectedEvidence& rejected, std::ostream* out) {
  *out << std::string(Name(rejected.kind)) << " " << rejected.advocate_id << " "
       << rejected.reason;
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kSignup = absl::FromUnixSeconds(1700000000);
constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kMicro = absl::Microseconds(1);

class JudgeSignupTest : public ::testing::Test {
 protected:
  JudgeSignupTest() {
    for (Advocate* advocate : {&ada_, &bob_, &eve_}) advocate->program_id = "acme";
    ada_.advocate_id = "ada";
    bob_.advocate_id = "bob";
    eve_.advocate_id = "eve";
    customer_.customer_id = "carl";
    customer_.signup_time = kSignup;
  }

  static Evidence LeadBy(const Advocate& advocate, std::string id, absl::Duration age,
                         bool converted = false) {
    Referral lead;
    lead.referral_id = std::move(id);
    lead.advocate_id = advocate.advocate_id;
    lead.submitted_time = kSignup - age;
    lead.ever_converted = converted;
    return LeadEvidence(lead, &advocate);
  }
  static Evidence TouchOf(const Advocate& advocate, std::string id, absl::Duration age) {
    Touch touch;
    touch.touch_id = std::move(id);
    touch.advocate_id = advocate.advocate_id;
    touch.touch_time = kSignup - age;
    return TouchEvidence(touch, &advocate);
  }
  static Evidence WordFor(const Advocate& advocate) {
    return SelfReportedEvidence(advocate.advocate_id, &advocate);
  }
  Judgement Judge(std::vector<Evidence> evidence) const {
    return JudgeSignup(customer_, evidence, rules_);
  }

  Advocate ada_, bob_, eve_;
  Customer customer_;
  AttributionRules rules_;
};

TEST_F(JudgeSignupTest, NobodyWithoutEvidence) {
  const Judgement judgement = Judge({});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kNone);
  EXPECT_EQ(judgement.advocate_id, "");
  EXPECT_EQ(judgement.referral_id, "");
}

TEST_F(JudgeSignupTest, CodeBeatsLeadBeatsWordBeatsTouch) {
  const Evidence code = CodeEvidence(&ada_);
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
                                     LeadBy(bob_, "r1", kDay), CodeEvidence(&ada_),
                                     WordFor(ada_), TouchOf(bob_, "t3", 31 * kDay)});
  EXPECT_EQ(judgement.advocate_id, "ada");
  EXPECT_THAT(judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kTouch, "bob", "OUT_OF_WINDOW"},
                          RejectedEvidence{EvidenceKind::kLead, "bob", "OUTRANKED"},
                          RejectedEvidence{EvidenceKind::kTouch, "eve", "OUTRANKED"}));
}

TEST_F(JudgeSignupTest, AReferralBeginsWithTheSignupOrIsTheWinnersLead) {
  EXPECT_EQ(Judge({CodeEvidence(&ada_)}).referral_id, "signup:carl");
  EXPECT_EQ(Judge({CodeEvidence(&ada_), LeadBy(bob_, "r1", kDay)}).referral_id, "signup:carl");
  EXPECT_EQ(
      Judge({CodeEvidence(&ada_), LeadBy(ada_, "r2", kDay), LeadBy(ada_, "r1", 2 * kDay)})
          .referral_id,
      "r1");
  EXPECT_EQ(Judge({CodeEvidence(&ada_), LeadBy(ada_, "r1", 91 * kDay)}).referral_id,
            "signup:carl");
}

TEST_F(JudgeSignupTest, UnknownPeopleCountForNothing) {
  const Judgement judgement =
      Judge({CodeEvidence(nullptr), SelfReportedEvidence("zoe", nullptr)});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kNone);
  EXPECT_THAT(
      judgement.rejected,
      ElementsAre(RejectedEvidence{EvidenceKind::kCode, "", "UNKNOWN_CODE"},
                  RejectedEvidence{EvidenceKind::kSelfReported, "zoe", "UNKNOWN_ADVOCATE"}));
}

TEST_F(JudgeSignupTest, NobodyRefersOneself) {
  ada_.email_hash = customer_.email_hash = "h";
  bob_.advocate_id = "carl";
  const Judgement judgement = Judge({CodeEvidence(&ada_), WordFor(bob_)});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kNone);
  EXPECT_THAT(
      judgement.rejected,
      ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "SELF_REFERRAL"},
                  RejectedEvidence{EvidenceKind::kSelfReported, "carl", "SELF_REFERRAL"}));
}

TEST_F(JudgeSignupTest, TwoUnknownAddressesAreNotTheSame) {
  EXPECT_EQ(Judge({CodeEvidence(&ada_)}).evidence, EvidenceKind::kCode);
}

TEST_F(JudgeSignupTest, ATouchCountsFromTheWindowsStartToTheSignup) {
  EXPECT_EQ(Judge({TouchOf(ada_, "t", 30 * kDay)}).advocate_id, "ada");
  EXPECT_EQ(Judge({TouchOf(ada_, "t", 30 * kDay + kMicro)}).advocate_id, "");
  EXPECT_EQ(Judge({TouchOf(ada_, "t", absl::ZeroDuration())}).advocate_id, "ada");
  EXPECT_EQ(Judge({TouchOf(ada_, "t", -kMicro)}).advocate_id, "");
}

TEST_F(JudgeSignupTest, ALeadCountsFromTheWindowsStartToBeforeTheSignup) {
  EXPECT_EQ(Judge({LeadBy(ada_, "r", 90 * kDay)}).advocate_id, "ada");
  EXPECT_EQ(Judge({LeadBy(ada_, "r", 90 * kDay + kMicro)}).advocate_id, "");
  EXPECT_EQ(Judge({LeadBy(ada_, "r", kMicro)}).advocate_id, "ada");
  EXPECT_EQ(Judge({LeadBy(ada_, "r", absl::ZeroDuration())}).advocate_id, "");
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
      Judge({CodeEvidence(&ada_), LeadBy(bob_, "r1", 500 * kDay, /*converted=*/true)});
  EXPECT_EQ(judgement.evidence, EvidenceKind::kLead);
  EXPECT_EQ(judgement.referral_id, "r1");
  EXPECT_THAT(judgement.rejected,
              ElementsAre(RejectedEvidence{EvidenceKind::kCode, "ada", "OUTRANKED"}));
}

TEST_F(JudgeSignupTest, TheOrderOfArrivalMeansNothing) {
  std::vector<Evidence> evidence = {
      WordFor(eve_),
      CodeEvidence(nullptr),
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
  EXPECT_THAT(Judge({CodeEvidence(&ada_), WordFor(ada_), TouchOf(ada_, "t", kDay)}).rejected,
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
