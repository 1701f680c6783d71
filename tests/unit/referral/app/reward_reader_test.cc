// What the reads of rewards and the ledger tell.
#include "services/referral/app/resolve_case.h"
#include "services/referral/app/suspend_advocate.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;

class RewardReaderTest : public RewardTest {
 protected:
  RewardStory Explain(const std::string& reward_id) {
    const auto story = reader_.Explain("acme", reward_id, world_.clock.Now(), test::Soon());
    EXPECT_TRUE(story.ok()) << story.status();
    return story.ok() ? *story : RewardStory();
  }
  static std::vector<std::string> History(const RewardStory& story) {
    std::vector<std::string> all;
    for (const RewardStep& step : story.history) {
      all.push_back(absl::StrCat(domain::Name(step.state), " ",
                                 absl::ToInt64Hours(step.time - kNow) / 24,
                                 step.cause.empty() ? "" : " ", step.cause,
                                 step.decided_by.empty() ? "" : " by ", step.decided_by));
    }
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, RewardReaderTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(RewardReaderTest, ExplainsRuleConditionsArithmeticAndCaps) {
  domain::Program program = SampleProgram();
  domain::RewardRule rule = Rule("share", 0);
  rule.amount = {};
  rule.amount.percent_basis_points = 2000;
  rule.condition = *domain::ParseCondition("order.amount_minor at_least 1000");
  rule.holding_period = 30 * kDay;
  domain::Amount more;
  more.percent_basis_points = 3000;
  rule.cases = {{*domain::ParseCondition("advocate.conversions at_least 2"), more}};
  domain::Cap cap;
  cap.max_minor = 1800;
  rule.caps = {cap};
  program.rewards = {rule};
  Apply(program);
  Bring("c1");
  Bring("c2");
  Pay("o1", "c1", 5000);
  Pay("o2", "c2", 5000);
  const RewardStory first = Explain("o1:share");
  EXPECT_EQ(first.rule_key, "share");
  ASSERT_TRUE(first.rule.has_value());
  EXPECT_EQ(first.rule->amount.percent_basis_points, 2000);
  EXPECT_EQ(first.reward.program_version, 1);
  ASSERT_EQ(first.explanation.tests.size(), 1u);
  EXPECT_EQ(first.explanation.tests[0].value, "5000");
  EXPECT_TRUE(first.explanation.case_tests.empty());
  EXPECT_THAT(first.explanation.arithmetic, ElementsAre("20.00 % of 5000 = 1000"));
  const RewardStory second = Explain("o2:share");
  ASSERT_EQ(second.explanation.case_tests.size(), 1u);
  EXPECT_EQ(second.explanation.case_tests[0].value, "2");
  EXPECT_THAT(second.explanation.arithmetic,
              ElementsAre("30.00 % of 5000 = 1500", "cap of rule/share leaves 800 of 1500"));
  ASSERT_EQ(second.explanation.caps.size(), 1u);
  EXPECT_EQ(second.explanation.caps[0].minor_left, 800);
  EXPECT_TRUE(second.explanation.caps[0].bound);
  EXPECT_EQ(second.waits_for, "holding_period");
  EXPECT_THAT(History(second), ElementsAre("held 0", "available 30"));
}

TEST_P(RewardReaderTest, TellsWhatARewardWentThrough) {
  domain::RewardRule gated = On(domain::Trigger::kSignedUp, "gated", 100);
  gated.release_event = "checked_out";
  Apply({Rule("share", 100), gated});
  Bring("carl");
  EXPECT_EQ(Explain("gated:signup:carl").waits_for, "release:checked_out");
  EXPECT_THAT(History(Explain("gated:signup:carl")), ElementsAre("approved 0"));
  Pay("o1", "carl");
  EXPECT_EQ(Explain("o1:share").waits_for, "fulfilment");
  Advance(2 * kDay);
  Fulfil("o1:share");
  EXPECT_EQ(Explain("o1:share").waits_for, "");
  Advance(kDay);
  ASSERT_TRUE(world_.Reverse("o1", "refund").ok());
  EXPECT_THAT(History(Explain("o1:share")),
              ElementsAre("held 0", "available 0", "fulfilled 2", "reversed 3 refund"));
  const auto unknown = reader_.Explain("acme", "nothing", kNow, test::Soon());
  EXPECT_EQ(GetErrorReason(unknown.status()), "REWARD_NOT_FOUND");
  const auto nowhere = reader_.GetReward("nowhere", "o1:share", test::Soon());
  EXPECT_EQ(GetErrorReason(nowhere.status()), "PROGRAM_NOT_FOUND");
}

TEST_P(RewardReaderTest, WhatNeverGotPastItsGatesWasNeverHeld) {
  domain::RewardRule gated = Rule("share", 100);
  gated.release_event = "checked_out";
  Apply({gated});
  Bring("carl");
  Pay("o1", "carl");
  Advance(kDay);
  ASSERT_TRUE(world_.Reverse("o1", "refund").ok());
  EXPECT_THAT(History(Explain("o1:share")), ElementsAre("approved 0", "cancelled 1 refund"));
}

TEST_P(RewardReaderTest, WhatWasNotReleasedInTimeWasNeverAvailable) {
  domain::RewardRule gated = Rule("share", 100);
  gated.release_event = "checked_out";
  gated.expires_after = 2 * kDay;
  Apply({gated});
  Bring("carl");
  Pay("o1", "carl");
  EXPECT_THAT(History(Explain("o1:share")), ElementsAre("approved 0", "expired 2"));
  Advance(2 * kDay);
  DoDueWork();
  EXPECT_THAT(History(Explain("o1:share")),
              ElementsAre("approved 0", "expired 2 NOT_RELEASED"));
}

TEST_P(RewardReaderTest, TellsOfTheGatesAndWhoOpenedOrShutThem) {
  domain::Program program = SampleProgram();
  program.fraud.enabled = true;
  program.fraud.velocity = {{domain::VelocityDimension::kAdvocate, 0}};
  domain::RewardRule gated = On(domain::Trigger::kSubmitted, "gated", 100);
  gated.release_event = "checked_out";
  program.rewards = {gated, On(domain::Trigger::kSubmitted, "lead", 100)};
  Apply(program);
  Submit("carl");
  Submit("dora");
  const auto resolve = [&](const std::string& id, bool approve) {
    ASSERT_TRUE(world_
                    .Run<ResolveCase>("ResolveCase",
                                      ResolveCase::Request{"acme", id, approve, "eve", ""})
                    .ok());
  };
  EXPECT_THAT(History(Explain("lead:r-carl")), ElementsAre("pending 0"));
  Advance(kDay);
  resolve("r-carl", true);
  resolve("r-dora", false);
  EXPECT_THAT(History(Explain("lead:r-carl")),
              ElementsAre("pending 0", "held 1 by eve", "available 1"));
  EXPECT_THAT(History(Explain("gated:r-carl")), ElementsAre("pending 0", "approved 1 by eve"));
  EXPECT_THAT(History(Explain("lead:r-dora")),
              ElementsAre("pending 0", "cancelled 1 FRAUD_REJECTED by eve"));
  Advance(kDay);
  auto done = PaymentOf("o1", "", kNow + 2 * kDay);
  done.referral_id = "r-carl";
  done.event = "checked_out";
  ASSERT_TRUE(world_.Convert(done).ok());
  EXPECT_THAT(History(Explain("gated:r-carl")),
              ElementsAre("pending 0", "approved 1 by eve", "held 2", "available 2"));
}

TEST_P(RewardReaderTest, ASuspendedAdvocateIsWhatItWaitsFor) {
  Apply({Rule("share", 100)});
  Bring("carl");
  Pay("o1", "carl");
  const RewardStory before = Explain("o1:share");
  EXPECT_EQ(before.waits_for, "fulfilment");
  const auto suspended = world_.Run<SuspendAdvocate>(
      "SuspendAdvocate", std::string("acme"), before.reward.recipient_id,
      ConductDecision{.decided_by = "mary", .cause = "abuse"});
  ASSERT_TRUE(suspended.ok()) << suspended.status();
  EXPECT_EQ(Explain("o1:share").waits_for, "advocate_suspended");
}

TEST_P(RewardReaderTest, WhatFailedForGoodWaitsForAPerson) {
  Apply({Rule("share", 100)});
  Bring("carl");
  Pay("o1", "carl");
  const auto fail = [&](std::optional<absl::Time> retry_time) {
    Happen("signup:carl",
           [retry_time](exec::Unit& unit, const Rules&, const domain::Referral&, absl::Time) {
             domain::Reward reward = *unit.Find<store::RewardTable>({"acme", "o1:share"});
             reward.retry_time = retry_time;
             reward.failed = !retry_time.has_value();
             unit.Put<store::RewardTable>(reward);
           });
  };
  fail(kNow + kDay);
  EXPECT_EQ(Explain("o1:share").waits_for, "provider");
  fail(std::nullopt);
  EXPECT_EQ(Explain("o1:share").waits_for, "retry");
}

TEST_P(RewardReaderTest, TellsOfTheReversalThatCameTooLate) {
  domain::RewardRule early = Rule("early", 100);
  early.clawback_window = 10 * kDay;
  Apply({early});
  Bring("carl");
  Pay("o1", "carl");
  Advance(11 * kDay);
  ASSERT_TRUE(world_.Reverse("o1", "refund").ok());
  Advance(kDay);
  Fulfil("o1:early");
  EXPECT_THAT(History(Explain("o1:early")),
              ElementsAre("held 0", "available 0", "available 11 CLAWBACK_WINDOW_OVER",
                          "fulfilled 12"));
}

TEST_P(RewardReaderTest, WhoRejectedTheCaseTookTheNthSuccessBack) {
  domain::Program program = SampleProgram();
  program.fraud.enabled = true;
  program.fraud.paid_sources = {"google_ads"};
  domain::RewardRule first = On(domain::Trigger::kNthSuccess, "first", 100);
  first.count = 1;
  program.rewards = {first};
  Apply(program);
  Submit("carl");
  auto paid = PaymentOf("o1", "", kNow);
  paid.referral_id = "r-carl";
  ASSERT_TRUE(world_.Convert(paid).ok());
  Advance(kDay);
  auto signup = SignupOf("carl", world_.clock.Now());
  signup.signup.source = "google_ads";
  ASSERT_TRUE(world_.SignUp(signup).ok());
  ASSERT_TRUE(world_
                  .Run<ResolveCase>("ResolveCase",
                                    ResolveCase::Request{"acme", "r-carl", false, "eve", ""})
                  .ok());
  EXPECT_THAT(History(Explain("first:ada#1")),
              ElementsAre("held 0", "available 0", "reversed 1 FRAUD_REJECTED by eve"));
}

TEST_P(RewardReaderTest, ListsTheLedgerInPages) {
  Apply({Rule("share", 100), Rule("more", 50)});
  Bring("carl");
  Pay("o1", "carl");
  Fulfil("o1:more");
  ASSERT_TRUE(world_.Reverse("o1").ok());
  const auto list = [&](const std::string& reward_id, PageRequest page) {
    const auto found = reader_.ListLedger("acme", reward_id, page, test::Soon());
    EXPECT_TRUE(found.ok()) << found.status();
    return *found;
  };
  const auto brief = [](const Page<domain::LedgerEntry>& page) {
    std::vector<std::string> all;
    for (const domain::LedgerEntry& entry : page.rows) {
      all.push_back(absl::StrCat(entry.reward_id, " ", domain::Name(entry.kind), " ",
                                 entry.account, " ", entry.amount_minor));
    }
    return all;
  };
  EXPECT_THAT(brief(list("o1:share", {})),
              ElementsAre("o1:share accrual expense:rewards 100",
                          "o1:share accrual liability:rewards -100",
                          "o1:share reversal expense:rewards -100",
                          "o1:share reversal liability:rewards 100"));
  std::vector<std::string> all;
  PageRequest page{3, ""};
  do {
    const auto found = list("", page);
    for (const std::string& line : brief(found)) all.push_back(line);
    page.token = found.next_token;
  } while (!page.token.empty());
  EXPECT_EQ(all.size(), 10u);
  EXPECT_EQ(all[0], "o1:more accrual expense:rewards 50");
  EXPECT_EQ(all[2], "o1:more clawback expense:rewards -50");
  EXPECT_EQ(all[9], "o1:share reversal liability:rewards 100");
}

TEST_P(RewardReaderTest, ListsTheRewardsOfAReferral) {
  Apply({Rule("share", 100)});
  Bring("c1");
  Bring("c2");
  Pay("o1", "c1");
  Pay("o2", "c2");
  RewardFilter filter;
  filter.program_id = "acme";
  filter.referral_id = "signup:c2";
  filter.now = kNow;
  const auto listed = world_.reader().ListRewards(filter, {}, test::Soon());
  ASSERT_TRUE(listed.ok());
  ASSERT_EQ(listed->page.rows.size(), 1u);
  EXPECT_EQ(listed->page.rows[0].reward_id, "o2:share");
  EXPECT_EQ(listed->totals[0].amount_minor, 100);
}

}  // namespace
}  // namespace kith::referral::app
