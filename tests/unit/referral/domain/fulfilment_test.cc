#include "services/referral/domain/fulfilment.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);

Reward Gift(RewardKind kind = RewardKind::kPhysicalGift) {
  Reward reward;
  reward.program_id = "acme";
  reward.reward_id = "r";
  reward.kind = kind;
  reward.amount_minor = 3;
  reward.item = "mug";
  return reward;
}

Fulfilment ClaimedOne() {
  return Claimed(nullptr, Gift(), {"post", "t1", kNow, kNow + absl::Minutes(5), 3});
}

FulfilmentReport Success(const std::string& token, const std::string& reference = "p1") {
  return {"r", token, true, reference, "", false};
}
FulfilmentReport Failure(const std::string& token, bool retryable = true) {
  return {"r", token, false, "", "timeout", retryable};
}

TEST(FulfilmentTest, WaitsTwiceAsLongAfterEachFailure) {
  EXPECT_EQ(RetryDelay(1), absl::Minutes(1));
  EXPECT_EQ(RetryDelay(2), absl::Minutes(2));
  EXPECT_EQ(RetryDelay(7), absl::Minutes(64));
  EXPECT_EQ(RetryDelay(10), absl::Hours(6));
  EXPECT_EQ(RetryDelay(1000000), absl::Hours(6));
}

TEST(FulfilmentTest, FailsForGoodAfterEightFailures) {
  Fulfilment fulfilment = ClaimedOne();
  for (int64_t i = 1; i < kMaxFailures; ++i) {
    fulfilment = Reported(fulfilment, Failure("t1"), kNow);
    EXPECT_EQ(fulfilment.state, FulfilmentState::kToRetry);
    EXPECT_EQ(fulfilment.next_attempt_time, kNow + RetryDelay(i));
  }
  fulfilment = Reported(fulfilment, Failure("t1"), kNow);
  EXPECT_EQ(fulfilment.state, FulfilmentState::kFailed);
  EXPECT_EQ(fulfilment.failure_reason, "timeout");
  EXPECT_FALSE(fulfilment.next_attempt_time.has_value());
}

TEST(FulfilmentTest, FailsForGoodAtOnceWhenTryingAgainDoesNotHelp) {
  EXPECT_EQ(Reported(ClaimedOne(), Failure("t1", false), kNow).state,
            FulfilmentState::kFailed);
}

TEST(FulfilmentTest, APersonMayHaveItTriedAgain) {
  const Fulfilment failed = Reported(ClaimedOne(), Failure("t1", false), kNow);
  const auto retried = Retried(&failed, kNow + absl::Hours(1));
  ASSERT_TRUE(retried.ok());
  EXPECT_EQ(retried->state, FulfilmentState::kToRetry);
  EXPECT_EQ(retried->failures, 0);
  EXPECT_EQ(retried->next_attempt_time, kNow + absl::Hours(1));
  const Fulfilment claimed = ClaimedOne();
  EXPECT_EQ(GetErrorReason(Retried(&claimed, kNow).status()), "NOT_FAILED");
  EXPECT_EQ(GetErrorReason(Retried(nullptr, kNow).status()), "NOT_FAILED");
}

// A provider that paid late has paid, unless somebody else may be paying.
TEST(FulfilmentTest, ReportsCountUntilTheRewardIsClaimedAgain) {
  const Fulfilment claimed = ClaimedOne();
  const Fulfilment lapsed = Lapsed(claimed, kNow + absl::Minutes(6));
  EXPECT_TRUE(CheckReport(&claimed, Success("t1")).ok());
  EXPECT_TRUE(CheckReport(&lapsed, Success("t1")).ok());
  const Fulfilment again =
      Claimed(&lapsed, Gift(), {"post", "t2", kNow, kNow + absl::Minutes(5), 3});
  EXPECT_EQ(again.attempts, 2);
  EXPECT_EQ(GetErrorReason(CheckReport(&again, Success("t1"))), "LEASE_OVER");
  EXPECT_TRUE(CheckReport(&again, Success("t2")).ok());
  EXPECT_EQ(GetErrorReason(CheckReport(nullptr, Success("t1"))), "NOT_CLAIMED");
}

TEST(FulfilmentTest, ASuccessStands) {
  const Fulfilment done = Reported(ClaimedOne(), Success("t1"), kNow);
  EXPECT_EQ(done.state, FulfilmentState::kSucceeded);
  EXPECT_EQ(done.reference, "p1");
  EXPECT_TRUE(CheckReport(&done, Success("t1")).ok());
  EXPECT_TRUE(IsReported(done, Success("t1")));
  EXPECT_EQ(GetErrorReason(CheckReport(&done, Success("t1", "p2"))), "REPORT_CONFLICT");
  EXPECT_EQ(GetErrorReason(CheckReport(&done, Failure("t1"))), "REPORT_CONFLICT");
}

TEST(FulfilmentTest, OnlyThingsAreStocked) {
  EXPECT_TRUE(MayBeStocked(RewardKind::kPhysicalGift, "mug"));
  EXPECT_TRUE(MayBeStocked(RewardKind::kEventTicket, "gala"));
  EXPECT_TRUE(MayBeStocked(RewardKind::kGiftCard, "card"));
  EXPECT_FALSE(MayBeStocked(RewardKind::kPhysicalGift, ""));
  EXPECT_FALSE(MayBeStocked(RewardKind::kFeatureUnlock, "export"));
  EXPECT_EQ(PiecesOf(Gift()), 3);
  EXPECT_EQ(PiecesOf(Gift(RewardKind::kGiftCard)), 1);
}

}  // namespace
}  // namespace kith::referral::domain
