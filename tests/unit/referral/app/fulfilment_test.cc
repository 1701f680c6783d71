#include "services/referral/app/fulfilment.h"

#include "services/referral/app/pause_campaign.h"
#include "services/referral/app/reinstate_advocate.h"
#include "services/referral/app/suspend_advocate.h"
#include "tests/unit/referral/app/fulfilment_world.h"

namespace kith::referral::app {
namespace {

using domain::FulfilmentState;
using domain::RewardState;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

ClaimRewards::Request AtMost(int64_t rewards) {
  ClaimRewards::Request request;
  request.max_rewards = rewards;
  return request;
}

TEST_P(FulfilmentTest, AClaimedRewardIsHandedOutOnce) {
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].reward.reward_id, "o1:cash");
  EXPECT_EQ(claimed[0].fulfilment.attempts, 1);
  EXPECT_EQ(claimed[0].fulfilment.lease_end_time, kNow + absl::Minutes(5));
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kFulfilling);
  EXPECT_THAT(Claim(), IsEmpty());
  world_.NewFacts();
  const auto done = Succeed(claimed[0]);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->fulfilment.state, FulfilmentState::kSucceeded);
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kFulfilled);
  EXPECT_EQ(Balance("liability:rewards"), 0);
  EXPECT_EQ(Balance("paid:rewards"), -1000);
  EXPECT_EQ(Balance("expense:rewards"), 1000);
  EXPECT_THAT(world_.NewFacts(), SizeIs(1));
  // The same report again.
  EXPECT_TRUE(Succeed(claimed[0]).ok());
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  EXPECT_EQ(Balance("paid:rewards"), -1000);
  EXPECT_THAT(Claim(), IsEmpty());
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FulfilmentTest, TheOldestComeFirst) {
  for (const std::string order : {"o3", "o1", "o2"}) {
    Earn(order);
    Advance(absl::Minutes(1));
  }
  EXPECT_THAT(ClaimIds(AtMost(2)), UnorderedElementsAre("o3:cash", "o1:cash"));
  EXPECT_THAT(ClaimIds(AtMost(2)), ElementsAre("o2:cash"));
}

TEST_P(FulfilmentTest, WhatIsHeldIsNotClaimed) {
  domain::RewardRule rule = Rule("cash", domain::RewardKind::kCash, 1000, "");
  rule.holding_period = absl::Hours(1);
  Apply({rule});
  Advance(absl::Seconds(1));
  Earn("o1");
  EXPECT_THAT(Claim(), IsEmpty());
  Advance(absl::Hours(1));
  EXPECT_THAT(ClaimIds(), ElementsAre("o1:cash"));
}

TEST_P(FulfilmentTest, ClaimsByKindAndItem) {
  Apply({Rule("cash", domain::RewardKind::kCash, 1000, ""),
         Rule("mug", domain::RewardKind::kPhysicalGift, 1, "mug")});
  Advance(absl::Seconds(1));
  Earn("o1");
  ClaimRewards::Request request;
  request.kinds = {domain::RewardKind::kCredit};
  EXPECT_THAT(ClaimIds(request), IsEmpty());
  request.kinds = {domain::RewardKind::kCredit, domain::RewardKind::kCash};
  EXPECT_THAT(ClaimIds(request), ElementsAre("o1:cash"));
  ClaimRewards::Request of_item;
  of_item.item = "shirt";
  EXPECT_THAT(ClaimIds(of_item), IsEmpty());
  of_item.item = "mug";
  EXPECT_THAT(ClaimIds(of_item), ElementsAre("o1:mug"));
}

TEST_P(FulfilmentTest, ALeaseThatEndsMakesTheRewardAvailableAgain) {
  Earn("o1");
  const auto first = Claim();
  ASSERT_THAT(first, SizeIs(1));
  Advance(absl::Minutes(5) - absl::Seconds(1));
  DoDueWork();
  EXPECT_THAT(Claim(), IsEmpty());
  Advance(absl::Seconds(1));
  DoDueWork();
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kAvailable);
  EXPECT_THAT(Listed(FulfilmentState::kLapsed), ElementsAre("o1:cash"));
  const auto second = Claim();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].fulfilment.attempts, 2);
  EXPECT_NE(second[0].fulfilment.lease_token, first[0].fulfilment.lease_token);
  EXPECT_EQ(GetErrorReason(Succeed(first[0]).status()), "LEASE_OVER");
  EXPECT_TRUE(Succeed(second[0]).ok());
  EXPECT_EQ(Balance("paid:rewards"), -1000);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FulfilmentTest, ALateSuccessCountsUnlessClaimedAgain) {
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  Advance(absl::Hours(1));
  DoDueWork();
  ASSERT_TRUE(Succeed(claimed[0]).ok());
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kFulfilled);
  EXPECT_THAT(Claim(), IsEmpty());
}

TEST_P(FulfilmentTest, ExtendingALeaseNeverShortensIt) {
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  const auto extend = [&](absl::Duration by, const std::string& token) {
    return world_.Run<ExtendLease>("ExtendLease",
                                   ExtendLease::Request{"acme", "o1:cash", token, by});
  };
  const std::string& token = claimed[0].fulfilment.lease_token;
  EXPECT_EQ(extend(absl::Minutes(1), token)->lease_end_time, kNow + absl::Minutes(5));
  EXPECT_EQ(extend(absl::Hours(1), token)->lease_end_time, kNow + absl::Hours(1));
  EXPECT_EQ(GetErrorReason(extend(absl::Hours(1), "other").status()), "LEASE_OVER");
  EXPECT_EQ(GetErrorReason(extend(absl::Hours(1000), token).status()), "INVALID_FIELD");
  Advance(absl::Minutes(30));
  DoDueWork();
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kFulfilling);
  Advance(absl::Minutes(30));
  EXPECT_EQ(GetErrorReason(extend(absl::Hours(1), token).status()), "LEASE_OVER");
}

TEST_P(FulfilmentTest, AFailureIsTriedAgainLater) {
  Earn("o1");
  auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  const auto failed = Fail(claimed[0]);
  ASSERT_TRUE(failed.ok());
  EXPECT_EQ(failed->fulfilment.next_attempt_time, kNow + absl::Minutes(1));
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kFulfilling);
  EXPECT_THAT(Listed(FulfilmentState::kToRetry), ElementsAre("o1:cash"));
  EXPECT_THAT(Claim(), IsEmpty());
  Advance(absl::Minutes(1));
  claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].fulfilment.attempts, 2);
  EXPECT_EQ(Balance("liability:rewards"), -1000);
}

TEST_P(FulfilmentTest, WhatFailedForGoodWaitsForAPerson) {
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(GetErrorReason(Retry("o1:cash").status()), "NOT_FAILED");
  ASSERT_TRUE(Fail(claimed[0], false).ok());
  Advance(1000 * kDay);
  EXPECT_THAT(Claim(), IsEmpty());
  EXPECT_NE(StateOf("o1:cash"), RewardState::kAvailable);
  EXPECT_THAT(Listed(FulfilmentState::kFailed), ElementsAre("o1:cash"));
  ASSERT_TRUE(Retry("o1:cash").ok());
  EXPECT_EQ(GetErrorReason(Retry("none").status()), "REWARD_NOT_FOUND");
  EXPECT_THAT(ClaimIds(), ElementsAre("o1:cash"));
}

TEST_P(FulfilmentTest, WhoWantedItTriedAgainIsKept) {
  Earn("o1");
  ASSERT_TRUE(Fail(Claim().at(0), false).ok());
  const auto retry_of = [&](FulfilmentState state) {
    const auto page =
        FulfilmentReader(world_.database())
            .ListFulfilments("acme", state, {}, world_.clock.Now(), test::Soon());
    return page.value().rows.at(0).retry;
  };
  EXPECT_EQ(retry_of(FulfilmentState::kFailed), std::nullopt);
  Advance(kDay);
  const Decision kept{"acme", "retry_fulfilment", "o1:cash", kNow + kDay, "otto"};
  EXPECT_EQ(Retry("o1:cash", "otto")->retry, kept);
  EXPECT_EQ(retry_of(FulfilmentState::kToRetry), kept);
  // It stays with the reward when that has come through.
  ASSERT_TRUE(Succeed(Claim().at(0)).ok());
  EXPECT_EQ(retry_of(FulfilmentState::kSucceeded), kept);
  EXPECT_EQ(GetErrorReason(Retry("o1:cash", "eve").status()), "NOT_FAILED");
  EXPECT_EQ(retry_of(FulfilmentState::kSucceeded), kept);
}

TEST_P(FulfilmentTest, ARefundWhileAProviderIsAtItClawsBackWhatWasPaid) {
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(Succeed(claimed[0]).ok());
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kReversed);
  EXPECT_EQ(Balance("liability:rewards"), 0);
  EXPECT_EQ(Balance("paid:rewards"), -1000);
  EXPECT_EQ(Balance("receivable:clawback"), 1000);
  EXPECT_EQ(Balance("expense:rewards"), 0);
}

TEST_P(FulfilmentTest, ARefundWhileAProviderIsAtItCancelsWhatWasNotPaid) {
  Earn("o1");
  Earn("o2");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(2));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_EQ(Balance("liability:rewards"), -2000);
  const auto failed = Fail(claimed[0]);  // one provider says so
  ASSERT_TRUE(failed.ok());
  EXPECT_EQ(failed->fulfilment.state, FulfilmentState::kStopped);
  Advance(absl::Hours(1));
  DoDueWork();  // the other does not say anything
  EXPECT_THAT(Listed(FulfilmentState::kStopped), UnorderedElementsAre("o1:cash", "o2:cash"));
  for (const std::string id : {"o1:cash", "o2:cash"}) {
    EXPECT_EQ(StateOf(id), RewardState::kReversed) << id;
  }
  EXPECT_EQ(Balance("liability:rewards"), 0);
  EXPECT_EQ(Balance("expense:rewards"), 0);
  EXPECT_THAT(Claim(), IsEmpty());
  // It was paid after all: the recipient owes it.
  ASSERT_TRUE(Succeed(claimed[1]).ok());
  EXPECT_EQ(Balance("receivable:clawback"), 1000);
  EXPECT_EQ(Balance("paid:rewards"), -1000);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FulfilmentTest, ARefundAfterAFailureLeavesNothingToTryAgain) {
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  ASSERT_TRUE(Fail(claimed[0], false).ok());
  EXPECT_THAT(Listed(FulfilmentState::kFailed), ElementsAre("o1:cash"));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Listed(FulfilmentState::kFailed), IsEmpty());
  EXPECT_THAT(Listed(FulfilmentState::kStopped), ElementsAre("o1:cash"));
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kReversed);
  EXPECT_EQ(Balance("liability:rewards"), 0);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(FulfilmentTest, SuspendedAdvocatesWait) {
  world_.EnrollOne("bob");
  Earn("o1");
  Earn("o2", "bob");
  const auto suspended = world_.Run<SuspendAdvocate>(
      "SuspendAdvocate", std::string("acme"), std::string("ada"), ConductDecision{"eve", "x"});
  ASSERT_TRUE(suspended.ok()) << suspended.status();
  EXPECT_THAT(ClaimIds(), ElementsAre("o2:cash"));
  EXPECT_THAT(Claim(), IsEmpty());
  EXPECT_EQ(StateOf("o1:cash"), RewardState::kAvailable);
  ASSERT_TRUE(world_
                  .Run<ReinstateAdvocate>("ReinstateAdvocate", std::string("acme"),
                                          std::string("ada"), ConductDecision{"eve", "y"})
                  .ok());
  EXPECT_THAT(ClaimIds(), ElementsAre("o1:cash"));
}

TEST_P(FulfilmentTest, WhatASuspendedAdvocateIsOwedAsARefereeDoesNotWait) {
  domain::RewardRule welcome = Rule("welcome", domain::RewardKind::kCash, 500, "");
  welcome.side = domain::RewardSide::kReferee;
  Apply({Rule("cash", domain::RewardKind::kCash, 1000, ""), welcome});
  Earn("o1");
  world_.EnrollOne("of-o1");
  Earn("o2", "of-o1");
  const auto suspended =
      world_.Run<SuspendAdvocate>("SuspendAdvocate", std::string("acme"), std::string("of-o1"),
                                  ConductDecision{"eve", "x"});
  ASSERT_TRUE(suspended.ok()) << suspended.status();
  EXPECT_THAT(ClaimIds(), ElementsAre("o1:cash", "o1:welcome", "o2:welcome"));
  EXPECT_EQ(StateOf("o2:cash"), RewardState::kAvailable);
}

TEST_P(FulfilmentTest, NothingIsClaimedTwiceInOneBatch) {
  for (int i = 0; i < 7; ++i) Earn(absl::StrCat("o", i));
  std::vector<std::string> all;
  for (int i = 0; i < 4; ++i) {
    for (const std::string& id : ClaimIds(AtMost(2))) {
      EXPECT_THAT(all, ::testing::Not(Contains(id)));
      all.push_back(id);
    }
  }
  EXPECT_THAT(all, SizeIs(7));
}

TEST_P(FulfilmentTest, RefusesWhatIsUnknown) {
  const auto unknown = world_.Run<ClaimRewards>(
      "ClaimRewards",
      ClaimRewards::Request{"nobody", "r", "bank", {}, "", 0, absl::ZeroDuration(), kNow});
  EXPECT_EQ(GetErrorReason(unknown.status()), "PROGRAM_NOT_FOUND");
  Earn("o1");
  ClaimRewards::Claimed claimed;
  claimed.reward.reward_id = "o1:cash";
  claimed.fulfilment.lease_token = "t";
  EXPECT_EQ(GetErrorReason(Succeed(claimed).status()), "NOT_CLAIMED");
  claimed.reward.reward_id = "none";
  EXPECT_EQ(GetErrorReason(Succeed(claimed).status()), "REWARD_NOT_FOUND");
}

INSTANTIATE_TEST_SUITE_P(Backends, FulfilmentTest, ::testing::Values("sqlite", "postgres"),
                         BackendName);

}  // namespace
}  // namespace kith::referral::app
