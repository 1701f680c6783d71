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
    other_.advocate_id = "bob";
    other_.referee_id = "carl";
    other_.submitted_time = kNow - absl::Hours(2);
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

TEST_F(JudgeLeadTest, RefusesWhoSignedUpBefore) {
  context_.customers = {&customer_};
  customer_.signup_time = *lead_.submitted_time - kMicro;
  EXPECT_EQ(Reason(), "EXISTING_CUSTOMER");
  // Of one day, or one instant, the lead comes first.
  customer_.signup_time = *lead_.submitted_time;
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeLeadTest, TheFirstAcceptedLeadWins) {
  context_.leads = {&other_};
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
  EXPECT_EQ(FieldOfError(), "referee_id");
  other_.referee_id = "";
  lead_.phone_hash = other_.phone_hash = "hash of a number";
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
  EXPECT_EQ(FieldOfError(), "referee_phone");
}

TEST_F(JudgeLeadTest, ALeadThatCameInFirstIsNotCalledEarlier) {
  context_.leads = {&other_};
  const auto text = [&] { return ToItemError(JudgeLead(lead_, context_)).message; };
  EXPECT_EQ(text(), "is named by an earlier lead");
  other_.submitted_time = *lead_.submitted_time;
  EXPECT_EQ(text(), "is named by a lead that was told before");
  other_.submitted_time += kMicro;
  EXPECT_EQ(text(), "is named by a lead that was told before");
}

TEST_F(JudgeLeadTest, ALeadKeepsOthersForItsWindow) {
  Program program;
  program.attribution.lead_window = absl::Hours(24 * 10);
  context_.program = &program;
  context_.leads = {&other_};
  for (const LeadState state :
       {LeadState::kSubmitted, LeadState::kLost, LeadState::kUnqualified}) {
    other_.lead_state = state;
    other_.submitted_time = *lead_.submitted_time - program.attribution.lead_window;
    EXPECT_EQ(Reason(), "ALREADY_REFERRED");
    other_.submitted_time -= kMicro;
    EXPECT_EQ(Reason(), "");
  }
  context_.program = nullptr;
  EXPECT_EQ(Reason(), "ALREADY_REFERRED") << "the window of no rules is 90 days";
  other_.submitted_time = *lead_.submitted_time - absl::Hours(24 * 90) - kMicro;
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeLeadTest, WhatCameToSomethingKeepsOthersForGood) {
  context_.leads = {&other_};
  other_.submitted_time = kNow - absl::Hours(24 * 1000);
  other_.customer_id = "carl";
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
  other_.customer_id = "";
  other_.ever_converted = true;
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
}

TEST_F(JudgeLeadTest, AFraudKeepsItsOwnAdvocateOnly) {
  context_.leads = {&other_};
  for (const FraudState state : {FraudState::kHeld, FraudState::kApproved}) {
    other_.fraud = state;
    EXPECT_EQ(Reason(), "ALREADY_REFERRED");
  }
  other_.fraud = FraudState::kRejected;
  EXPECT_EQ(Reason(), "");
  other_.customer_id = "carl";
  other_.ever_converted = true;
  EXPECT_EQ(Reason(), "");
  other_.advocate_id = "ada";
  other_.submitted_time = kNow - absl::Hours(24 * 1000);
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
}

TEST_F(JudgeLeadTest, ANumberNamesTheRefereeToo) {
  lead_.referee_id = "";
  lead_.phone_hash = "hash of a number";
  EXPECT_EQ(Reason(), "");
  context_.customers = {&customer_};
  customer_.identity.phone_hash = lead_.phone_hash;
  customer_.signup_time = *lead_.submitted_time - kMicro;
  EXPECT_EQ(Reason(), "EXISTING_CUSTOMER");
  EXPECT_EQ(FieldOfError(), "referee_phone");
}

TEST_F(JudgeLeadTest, NamesakesAreOnePersonUntilSomethingTellsThemApart) {
  other_.referee_id = "";
  other_.advocate_id = "ada";
  other_.name_hash = lead_.name_hash = "hash of Carl";
  other_.email_hash = "hash of carl@a";
  lead_.referee_id = "";
  lead_.phone_hash = "hash of a number";
  context_.leads = {&other_};
  EXPECT_EQ(Reason(), "ALREADY_REFERRED");
  EXPECT_EQ(FieldOfError(), "referee_name");
  lead_.email_hash = "hash of carl@b";
  EXPECT_EQ(Reason(), "");
  lead_.email_hash = "";
  other_.advocate_id = "bob";  // another advocate's friend
  EXPECT_EQ(Reason(), "");
}

TEST_F(JudgeLeadTest, NeedsAnAdvocateWhoMayRecommend) {
  Program program;
  program.advocate_eligibility.any_of = {{{"advocate.kind", Comparison::kEquals, {"admin"}}}};
  context_.program = &program;
  EXPECT_EQ(Reason(), "NOT_ELIGIBLE");
  ada_.kind = "admin";
  EXPECT_EQ(Reason(), "");
  ada_.suspended_time = kNow;
  EXPECT_EQ(Reason(), "ADVOCATE_SUSPENDED");
  EXPECT_EQ(FieldOfError(), "advocate_id");
}

TEST_F(JudgeLeadTest, LeavesThoseAloneWhoOptedOut) {
  context_.phone_opted_out = true;
  EXPECT_EQ(Reason(), "OPTED_OUT");
  EXPECT_EQ(FieldOfError(), "referee_phone");
  context_.email_opted_out = true;
  EXPECT_EQ(FieldOfError(), "referee_email");
}

TEST_F(JudgeLeadTest, CampaignsHaveTheirTimeAndAudience) {
  Program program;
  Campaign spring;
  spring.campaign_id = "spring";
  spring.start_time = kNow - absl::Hours(2);
  spring.end_time = kNow;
  spring.audience.any_of = {{{"advocate.tier", Comparison::kEquals, {"champion"}}}};
  program.campaigns = {spring};
  context_.program = &program;
  lead_.campaign = "summer";  // a mere label
  EXPECT_EQ(Reason(), "");
  lead_.campaign = "spring";
  EXPECT_EQ(Reason(), "NOT_IN_AUDIENCE");
  ada_.tier = "champion";
  EXPECT_EQ(Reason(), "");
  lead_.submitted_time = kNow;
  EXPECT_EQ(Reason(), "CAMPAIGN_CLOSED");
  EXPECT_EQ(FieldOfError(), "campaign");
}

TEST_F(JudgeLeadTest, TimesMayBeADayAhead) {
  lead_.submitted_time = kNow + absl::Hours(24);
  EXPECT_EQ(Reason(), "");
  lead_.submitted_time = kNow + absl::Hours(24) + kMicro;
  EXPECT_EQ(Reason(), "TIME_IN_FUTURE");
  EXPECT_EQ(FieldOfError(), "submitted_time");
}

// Who is a customer when the call is made was one before it.
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
  customer_.signup_time = kNow - kMicro;
  context_.leads = {&other_};
  context_.email_opted_out = true;
  EXPECT_EQ(Reason(), "TIME_IN_FUTURE");
  lead_.submitted_time = kNow;
  EXPECT_EQ(Reason(), "REFEREE_MISSING");
  lead_.referee_id = "carl";
  EXPECT_EQ(Reason(), "UNKNOWN_ADVOCATE");
  context_.advocate = &ada_;
  ada_.suspended_time = kNow;
  EXPECT_EQ(Reason(), "ADVOCATE_SUSPENDED");
  ada_.suspended_time.reset();
  EXPECT_EQ(Reason(), "OPTED_OUT");
  context_.email_opted_out = false;
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
  for (std::string Lead::*field :
       {&Lead::email_hash, &Lead::phone_hash, &Lead::name_hash, &Lead::sealed_note}) {
    other = lead_;
    other.*field = "h";
    EXPECT_FALSE(SameContent(other, stored));
  }
  other = lead_;
  other.expectations = {"fast_setup"};
  EXPECT_FALSE(SameContent(other, stored));
  other = lead_;
  other.attributes = {{"seats", "50"}};
  EXPECT_FALSE(SameContent(other, stored));
  stored.origin = ReferralOrigin::kSignup;
  EXPECT_FALSE(SameContent(lead_, stored));
}

}  // namespace
}  // namespace kith::referral::domain
