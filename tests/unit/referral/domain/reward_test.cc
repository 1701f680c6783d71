#include "services/referral/domain/reward.h"

#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kPaid = absl::FromUnixSeconds(1700000000);
constexpr absl::Duration kDay = absl::Hours(24);

class ProposeTest : public ::testing::Test {
 protected:
  ProposeTest() {
    version_.version = 2;
    version_.program.program_id = "acme";
    version_.program.currency = "EUR";
    referral_.referral_id = "r1";
    referral_.advocate_id = "ada";
    conversion_.program_id = "acme";
    conversion_.conversion_id = "order-1";
    conversion_.conversion_time = kPaid;
    conversion_.amount_minor = 10000;
    occasion_.time = kPaid;
    occasion_.referral = &referral_;
    occasion_.conversion = &conversion_;
    rule_.rule_id = "share";
    rule_.amount.percent_basis_points = 2000;
  }
  std::optional<Proposal> ProposeIt(int64_t granted = 0) {
    return Propose(version_, {&rule_, nullptr}, occasion_, granted, kPaid + absl::Hours(5));
  }
  bool IsDue() { return ProposeIt().has_value(); }

  ProgramVersion version_;
  Referral referral_;
  Conversion conversion_;
  RewardRule rule_;
  Occasion occasion_;
};

TEST_F(ProposeTest, GoesToTheAdvocateAfterTheHoldingPeriod) {
  rule_.holding_period = 30 * kDay;
  rule_.expires_after = 10 * kDay;
  const Reward reward = ProposeIt()->reward;
  EXPECT_EQ(reward.reward_id, "order-1:share");
  EXPECT_EQ(reward.recipient_id, "ada");
  EXPECT_EQ(reward.amount_minor, 2000);
  EXPECT_EQ(reward.wanted_minor, 2000);
  EXPECT_EQ(reward.currency, "EUR");
  EXPECT_EQ(reward.program_version, 2);
  EXPECT_EQ(reward.created_time, kPaid + absl::Hours(5));
  const absl::Time free = kPaid + 30 * kDay;
  EXPECT_EQ(reward.available_time, free);
  EXPECT_EQ(reward.state(free - absl::Microseconds(1)), RewardState::kHeld);
  EXPECT_EQ(reward.state(free), RewardState::kAvailable);
  EXPECT_EQ(reward.state(free + 10 * kDay - absl::Microseconds(1)), RewardState::kAvailable);
  EXPECT_EQ(reward.state(free + 10 * kDay), RewardState::kExpired);
}

TEST_F(ProposeTest, WaitsUntilTheRefereeIsKnown) {
  rule_.side = RewardSide::kReferee;
  EXPECT_FALSE(IsDue());
  referral_.referee_id = "carl";
  EXPECT_EQ(ProposeIt()->reward.recipient_id, "carl");
  referral_.customer_id = "carla";
  EXPECT_EQ(ProposeIt()->reward.recipient_id, "carla");
}

TEST_F(ProposeTest, TheMinimumIsMetExactly) {
  rule_.amount = {};
  rule_.amount.fixed_minor = 500;
  rule_.min_conversion_minor = 2000;
  conversion_.amount_minor = 1999;
  EXPECT_FALSE(IsDue());
  conversion_.amount_minor = 2000;
  EXPECT_TRUE(IsDue());
  conversion_.amount_minor.reset();
  EXPECT_FALSE(IsDue());
  rule_.min_conversion_minor = 0;
  EXPECT_TRUE(IsDue());
}

TEST_F(ProposeTest, TheConditionMustHoldAndIsExplained) {
  rule_.condition =
      *ParseCondition("customer.plan equals pro or order.amount_minor at_least 9000");
  const Proposal proposal = *ProposeIt();
  ASSERT_EQ(proposal.explanation.tests.size(), 2u);
  EXPECT_FALSE(proposal.explanation.tests[0].holds);
  EXPECT_EQ(proposal.explanation.tests[1].value, "10000");
  conversion_.amount_minor = 8999;
  EXPECT_FALSE(IsDue());
  Customer customer;
  customer.attributes["plan"] = "pro";
  occasion_.customer = &customer;
  EXPECT_TRUE(IsDue());
}

TEST_F(ProposeTest, TheOrdinalCountsFromOne) {
  Amount first;
  first.fixed_minor = 10;
  rule_.cases = {{*ParseCondition("occasion.ordinal at_most 3"), first}};
  rule_.amount = {};
  rule_.amount.fixed_minor = 5;
  EXPECT_EQ(ProposeIt(0)->reward.amount_minor, 10);
  EXPECT_EQ(ProposeIt(2)->reward.amount_minor, 10);
  EXPECT_EQ(ProposeIt(3)->reward.amount_minor, 5);
}

TEST_F(ProposeTest, IdsAreMadeOfRuleAndOccasion) {
  Campaign campaign;
  campaign.campaign_id = "spring";
  const auto id = [&](Trigger trigger, const Campaign* of) {
    occasion_.trigger = trigger;
    occasion_.count = 5;
    return RewardId(RuleInForce{&rule_, of}, occasion_);
  };
  EXPECT_EQ(id(Trigger::kConverted, nullptr), "order-1:share");
  EXPECT_EQ(id(Trigger::kConverted, &campaign), "spring/share:order-1");
  EXPECT_EQ(id(Trigger::kSubmitted, nullptr), "share:r1");
  EXPECT_EQ(id(Trigger::kRetained, &campaign), "spring/share:r1");
  EXPECT_EQ(id(Trigger::kMilestone, nullptr), "share:ada#5");
  EXPECT_EQ(id(Trigger::kNthSuccess, nullptr), "share:ada#5");
  EXPECT_EQ(SuccessorId("share:r1", 1), "share:r1");
  EXPECT_EQ(SuccessorId("share:r1", 2), "share:r1~2");
}

TEST(IsSupplementTest, IsReadFromWhatARewardIsOf) {
  Reward reward;
  reward.rule_id = "gift@v2";
  reward.conversion_id = "o1@v2";
  reward.recalculated_version = 2;
  const auto is = [&](const char* id) {
    reward.reward_id = id;
    return IsSupplement(reward);
  };
  EXPECT_FALSE(is("o1@v2:gift@v2"));
  EXPECT_FALSE(is("o1@v2:gift@v2~12"));
  EXPECT_TRUE(is("o1@v2:gift@v2@v2"));
  EXPECT_TRUE(is("o1@v2:gift@v2~3@v2"));
  EXPECT_TRUE(is("o1@v2:gift@v2@v2@v2"));
  reward.campaign = "spring";
  EXPECT_FALSE(is("spring/gift@v2:o1@v2"));
  EXPECT_FALSE(is("spring/gift@v2:o1@v2~2"));
  EXPECT_TRUE(is("spring/gift@v2:o1@v2@v2"));
  reward.recalculated_version = 0;
  EXPECT_FALSE(is("spring/gift@v2:o1@v2@v2")) << "nothing was recalculated";
  // Only what conversions earn is made up for.
  reward.recalculated_version = 2;
  reward.trigger = Trigger::kSubmitted;
  EXPECT_FALSE(is("spring/gift@v2:o1@v2@v2"));
}

TEST(IsForTest, AReferrersRewardIsOfItsAdvocate) {
  Referral referral;
  referral.advocate_id = "bob";
  Reward reward;
  reward.recipient_id = "ada";
  EXPECT_FALSE(IsFor(reward, referral));
  reward.side = RewardSide::kReferee;
  EXPECT_TRUE(IsFor(reward, referral));
  reward.side = RewardSide::kReferrer;
  reward.recipient_id = "bob";
  EXPECT_TRUE(IsFor(reward, referral));
}

TEST(FillsCountTest, OnceOrAgainAndAgain) {
  RewardRule rule;
  rule.count = 5;
  EXPECT_FALSE(FillsCount(rule, 4));
  EXPECT_TRUE(FillsCount(rule, 5));
  EXPECT_FALSE(FillsCount(rule, 10));
  rule.repeat = true;
  EXPECT_FALSE(FillsCount(rule, 4));
  EXPECT_TRUE(FillsCount(rule, 5));
  EXPECT_FALSE(FillsCount(rule, 6));
  EXPECT_TRUE(FillsCount(rule, 10));
  rule.count = 0;
  EXPECT_FALSE(FillsCount(rule, 10));
}

TEST_F(ProposeTest, CapsClampInOrderAndNeverInSilence) {
  CapInForce first, second;
  first.key.holder = "rule/share";
  first.cap.max_minor = 1500;
  second.key.holder = "program";
  second.cap.max_minor = 1000;
  Proposal proposal = *ProposeIt();
  const auto used = [](int64_t minor) {
    return [minor](const CapKey&) { return CapCount{1, minor}; };
  };
  ApplyCaps(proposal, {first, second}, used(200));
  EXPECT_EQ(proposal.reward.amount_minor, 800);
  EXPECT_EQ(proposal.reward.wanted_minor, 2000);
  EXPECT_EQ(proposal.explanation.arithmetic.back(), "cap of program leaves 800 of 1300");
  EXPECT_TRUE(proposal.reward.owed());
  proposal = *ProposeIt();
  ApplyCaps(proposal, {first, second}, used(1500));
  EXPECT_EQ(proposal.reward.amount_minor, 0);
  EXPECT_EQ(proposal.reward.stored_state, RewardState::kCancelled);
  EXPECT_EQ(proposal.reward.cause, "CAP_REACHED");
  EXPECT_EQ(proposal.reward.wanted_minor, 2000);
}

class TransitionTest : public ::testing::Test {
 protected:
  TransitionTest() {
    reward_.amount_minor = 100;
    reward_.available_time = kPaid;
    rule_.expires_after = 10 * kDay;
  }
  Taken Take(RewardState state) {
    reward_.stored_state = state;
    reward_.reversal_time.reset();
    return TakeBack(reward_, "refund", "", kPaid);
  }
  Reward reward_;
  RewardRule rule_;
};

TEST_F(TransitionTest, TheFraudGateComesFirst) {
  CloseGates(reward_, true, false);
  EXPECT_EQ(reward_.stored_state, RewardState::kPending);
  EXPECT_TRUE(Release(reward_, &rule_, kPaid));
  EXPECT_EQ(reward_.stored_state, RewardState::kPending);
  EXPECT_TRUE(OpenFraudGate(reward_, &rule_, kPaid + kDay));
  EXPECT_EQ(reward_.stored_state, RewardState::kHeld);
  EXPECT_EQ(reward_.expiry_time, kPaid + 11 * kDay);
  EXPECT_FALSE(OpenFraudGate(reward_, &rule_, kPaid));
}

TEST_F(TransitionTest, ThenTheReleaseEvent) {
  CloseGates(reward_, true, false);
  EXPECT_TRUE(OpenFraudGate(reward_, &rule_, kPaid));
  EXPECT_EQ(reward_.stored_state, RewardState::kApproved);
  EXPECT_TRUE(Release(reward_, &rule_, kPaid + 2 * kDay));
  EXPECT_EQ(reward_.stored_state, RewardState::kHeld);
  EXPECT_EQ(reward_.expiry_time, kPaid + 12 * kDay);
  EXPECT_FALSE(Release(reward_, &rule_, kPaid));
}

TEST_F(TransitionTest, WhatIsTakenBackDependsOnHowFarItIs) {
  EXPECT_EQ(Take(RewardState::kPending), Taken::kUnpaid);
  EXPECT_EQ(reward_.stored_state, RewardState::kCancelled);
  EXPECT_EQ(Take(RewardState::kHeld), Taken::kUnpaid);
  EXPECT_EQ(reward_.stored_state, RewardState::kReversed);
  EXPECT_EQ(Take(RewardState::kFulfilled), Taken::kPaid);
  EXPECT_EQ(reward_.stored_state, RewardState::kReversed);
  EXPECT_EQ(Take(RewardState::kFulfilling), Taken::kMarked);
  EXPECT_EQ(reward_.stored_state, RewardState::kFulfilling);
  EXPECT_EQ(TakeBack(reward_, "again", "", kPaid), Taken::kNothing);
  EXPECT_EQ(reward_.cause, "refund");
  for (RewardState over :
       {RewardState::kCancelled, RewardState::kReversed, RewardState::kExpired}) {
    EXPECT_EQ(Take(over), Taken::kNothing);
  }
}

TEST_F(TransitionTest, ClawbackHasItsWindow) {
  reward_.occasion_time = kPaid;
  EXPECT_TRUE(InClawbackWindow(reward_, &rule_, kPaid + 999 * kDay));
  rule_.clawback_window = 30 * kDay;
  EXPECT_TRUE(InClawbackWindow(reward_, &rule_, kPaid + 30 * kDay));
  EXPECT_FALSE(InClawbackWindow(reward_, &rule_, kPaid + 30 * kDay + absl::Microseconds(1)));
  EXPECT_FALSE(InChurnWindow(reward_, &rule_, kPaid, kPaid));
  rule_.churn_clawback_window = 90 * kDay;
  EXPECT_TRUE(InChurnWindow(reward_, &rule_, kPaid, kPaid + 90 * kDay));
  EXPECT_FALSE(InChurnWindow(reward_, &rule_, kPaid, kPaid + 91 * kDay));
}

TEST_F(TransitionTest, WhatIsNotAvailableYetHasNoWindow) {
  reward_.occasion_time = kPaid;
  reward_.available_time = kPaid + 40 * kDay;
  rule_.clawback_window = 30 * kDay;
  EXPECT_TRUE(InClawbackWindow(reward_, &rule_, kPaid + 40 * kDay - absl::Microseconds(1)));
  EXPECT_FALSE(InClawbackWindow(reward_, &rule_, kPaid + 40 * kDay));
  EXPECT_TRUE(InChurnWindow(reward_, &rule_, kPaid, kPaid + 39 * kDay));
  EXPECT_FALSE(InChurnWindow(reward_, &rule_, kPaid, kPaid + 40 * kDay));
  EXPECT_FALSE(InChurnWindow(reward_, &rule_, kPaid, kPaid - absl::Microseconds(1)));
  for (RewardState state : {RewardState::kPending, RewardState::kApproved}) {
    reward_.stored_state = state;
    EXPECT_TRUE(InClawbackWindow(reward_, &rule_, kPaid + 999 * kDay));
    EXPECT_TRUE(InChurnWindow(reward_, &rule_, kPaid, kPaid + 999 * kDay));
  }
}

TEST_F(TransitionTest, LeavingTakesWhatItIsTooEarlyFor) {
  reward_.occasion_time = kPaid;
  rule_.churn_clawback_window = 90 * kDay;
  const auto takes = [&](absl::Time left, absl::Time released = absl::InfinitePast()) {
    return InChurnWindow(reward_, &rule_, kPaid, left, released);
  };
  EXPECT_FALSE(takes(kPaid + 91 * kDay));
  EXPECT_TRUE(takes(kPaid + 91 * kDay, kPaid + 92 * kDay));
  EXPECT_FALSE(takes(kPaid + 91 * kDay, kPaid + 91 * kDay));
  EXPECT_FALSE(takes(kPaid - absl::Microseconds(1), kPaid + kDay));
  reward_.trigger = Trigger::kRetained;
  EXPECT_TRUE(takes(kPaid - absl::Microseconds(1)));
  for (const Trigger trigger : {Trigger::kMilestone, Trigger::kNthSuccess}) {
    reward_.trigger = trigger;
    EXPECT_FALSE(takes(kPaid + kDay));
    EXPECT_FALSE(takes(kPaid + kDay, kPaid + 2 * kDay));
  }
}

TEST_F(TransitionTest, TheReleaseEventIsNotEarlierAndOfTheSameOrder) {
  rule_.release_event = "checked_out";
  Conversion rewarded, event;
  rewarded.conversion_time = kPaid;
  event.conversion_time = kPaid;
  EXPECT_FALSE(Releases(event, rule_, &rewarded));
  event.event = "checked_out";
  event.order_id = "trip1";
  EXPECT_TRUE(Releases(event, rule_, &rewarded));
  rewarded.order_id = "trip2";
  EXPECT_FALSE(Releases(event, rule_, &rewarded));
  event.order_id = "trip2";
  EXPECT_TRUE(Releases(event, rule_, &rewarded));
  event.conversion_time = kPaid - absl::Microseconds(1);
  EXPECT_FALSE(Releases(event, rule_, &rewarded));
  EXPECT_TRUE(Releases(event, rule_, nullptr));
}

TEST_F(TransitionTest, TheSecondGateClosesBeforeWhatNobodyIsAt) {
  EXPECT_TRUE(CloseRelease(reward_));
  EXPECT_EQ(reward_.stored_state, RewardState::kApproved);
  EXPECT_FALSE(CloseRelease(reward_));
  EXPECT_TRUE(Release(reward_, &rule_, kPaid));
  reward_.stored_state = RewardState::kPending;
  EXPECT_TRUE(CloseRelease(reward_));
  EXPECT_EQ(reward_.stored_state, RewardState::kPending);
  for (RewardState state : {RewardState::kFulfilling, RewardState::kFulfilled,
                            RewardState::kReversed, RewardState::kExpired}) {
    reward_.released = true;
    reward_.stored_state = state;
    EXPECT_FALSE(CloseRelease(reward_));
    EXPECT_TRUE(reward_.released);
  }
}

}  // namespace
}  // namespace kith::referral::domain
