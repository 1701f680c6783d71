#include "services/referral/domain/submission.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);
constexpr absl::Duration kMicro = absl::Microseconds(1);

class JudgeLeadTest : public ::testing::Test {
 protected:
  JudgeLeadTest() {
    ada_.advocate_id = "ada";
    ada_.email_hash = "hash of ada";
    lead_.referral_id = "r1";
    lead_.advocate_id = "ada";
    lead_.referee_id = "carl";
    lead_.submitted_time = kNow - absl::Hours(1);
    context_.advocate = &ada_;
    context_.now = kNow;
    customer_.customer_id = "carl";
    other_.referral_id = "r0";
  }
  std::string Reason() const { return GetErrorReason(JudgeLead(lead_, context_)); }
  std::string FieldOfError() const { return ToItemError(JudgeLead(lead_, context_)).field; }

  Advocate ada_;
  Customer customer_;
  Referral other_;
  Lead lead_;
  LeadContext context_;
};

TEST_F(JudgeLeadTest, AcceptsAFriendOfAnAdvocate) { EXPECT_EQ(Reason(), ""); }

TEST_F(JudgeLeadTest, NeedsAnEnrolledAdvocate) {
  context_.advocate = nullptr;
  EXPECT_EQ(Reason(), "UNKNOWN_ADVOCATE");
  EXPECT_EQ(FieldOfError(), "advocate_id");
}

TEST_F(JudgeLeadTest, NeedsAReferee) {
  lead_.referee_id = "";
  EXPECT_EQ(Reason(), "REFEREE_MISSING");
  lead_.email_hash = "hash of carl";
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeLeadTest, RefusesTheAdvocateAsReferee) {
  lead_.referee_id = "ada";
  EXPECT_EQ(Reason(), "SELF_REFERRAL");
  lead_.referee_id = "";
  lead_.email_hash = "hash of ada";
  EXPECT_EQ(Reason(), "SELF_REFERRAL");
  EXPECT_EQ(FieldOfError(), "referee_email");
}

TEST_F(JudgeLeadTest, RefusesWhoSignedUpByThen) {
  context_.customers = {&customer_};
  customer_.signup_time = *lead_.submitted_time;
  EXPECT_EQ(Reason(), "EXISTING_CUSTOMER");
  customer_.signup_time = *lead_.submitted_time + kMicro;
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeLeadTest, TheFirstAcceptedLeadWins) {
  context_.leads = {&other_};
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
}

TEST_F(JudgeLeadTest, TimesMayBeADayAhead) {
  lead_.submitted_time = kNow + absl::Hours(24);
  EXPECT_EQ(Reason(), "");
  lead_.submitted_time = kNow + absl::Hours(24) + kMicro;
  EXPECT_EQ(Reason(), "TIME_IN_FUTURE");
  EXPECT_EQ(FieldOfError(), "submitted_time");
}

TEST_F(JudgeLeadTest, AnAbsentTimeIsNow) {
  lead_.submitted_time.reset();
  customer_.signup_time = kNow;
  context_.customers = {&customer_};
  EXPECT_EQ(Reason(), "EXISTING_CUSTOMER");
  customer_.signup_time = kNow + kMicro;
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeLeadTest, ReasonsAreCheckedInOrder) {
  lead_.submitted_time = kNow + absl::Hours(48);
  lead_.referee_id = "";
  context_.advocate = nullptr;
  context_.customers = {&customer_};
  customer_.signup_time = kNow;
  context_.leads = {&other_};
  EXPECT_EQ(Reason(), "TIME_IN_FUTURE");
  lead_.submitted_time = kNow;
  EXPECT_EQ(Reason(), "REFEREE_MISSING");
  lead_.referee_id = "carl";
  EXPECT_EQ(Reason(), "UNKNOWN_ADVOCATE");
  context_.advocate = &ada_;
  EXPECT_EQ(Reason(), "EXISTING_CUSTOMER");
  context_.customers.clear();
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
}

TEST_F(JudgeLeadTest, SameContentIsEveryFieldButAnAbsentTime) {
  Referral stored;
  stored.referral_id = "r1";
  stored.advocate_id = "ada";
  stored.referee_id = "carl";
  stored.submitted_time = *lead_.submitted_time;
  EXPECT_TRUE(SameContent(lead_, stored));
  Lead other = lead_;
  other.submitted_time.reset();
  EXPECT_TRUE(SameContent(other, stored));
  other.submitted_time = kNow;
  EXPECT_FALSE(SameContent(other, stored));
  other = lead_;
  other.campaign = "spring";
  EXPECT_FALSE(SameContent(other, stored));
  other = lead_;
  other.email_hash = "h";
  EXPECT_FALSE(SameContent(other, stored));
  stored.origin = ReferralOrigin::kSignup;
  EXPECT_FALSE(SameContent(lead_, stored));
}

}  // namespace
}  // namespace kith::referral::domain
