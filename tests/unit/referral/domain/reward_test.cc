#include "services/referral/domain/reward.h"

#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kPaid = absl::FromUnixSeconds(1700000000);

RewardRule Fixed(int64_t minor) {
  RewardRule rule;
  rule.rule_id = "thanks";
  rule.fixed_minor = minor;
  return rule;
}

RewardRule Percent(int64_t basis_points) {
  RewardRule rule;
  rule.rule_id = "share";
  rule.percent_basis_points = basis_points;
  return rule;
}

TEST(AmountDueTest, FixedNeedsNoAmount) {
  EXPECT_EQ(AmountDue(Fixed(500), std::nullopt, 0), 500);
  EXPECT_EQ(AmountDue(Fixed(500), 1, 0), 500);
}

TEST(AmountDueTest, PercentRoundsHalfToEven) {
  EXPECT_EQ(AmountDue(Percent(2000), 1999, 0), 400);  // 399.8
  EXPECT_EQ(AmountDue(Percent(5000), 5, 0), 2);       // 2.5
  EXPECT_EQ(AmountDue(Percent(5000), 7, 0), 4);       // 3.5
  EXPECT_EQ(AmountDue(Percent(10000), 1000000000000000, 0), 1000000000000000);
}

TEST(AmountDueTest, NothingIsOwedForNothing) {
  EXPECT_EQ(AmountDue(Percent(2000), std::nullopt, 0), std::nullopt);
  EXPECT_EQ(AmountDue(Percent(2000), 0, 0), std::nullopt);
  EXPECT_EQ(AmountDue(Percent(1), 1, 0), std::nullopt);
  EXPECT_EQ(AmountDue(Percent(2000), -1000, 0), std::nullopt);
}

TEST(AmountDueTest, TheMinimumIsMetExactly) {
  RewardRule rule = Fixed(500);
  rule.min_conversion_minor = 2000;
  EXPECT_EQ(AmountDue(rule, 1999, 0), std::nullopt);
  EXPECT_EQ(AmountDue(rule, 2000, 0), 500);
  EXPECT_EQ(AmountDue(rule, std::nullopt, 0), std::nullopt);
  rule.min_conversion_minor = 0;
  EXPECT_EQ(AmountDue(rule, std::nullopt, 0), 500);
}

TEST(AmountDueTest, AnAbsentCapIsNoneAndZeroGrantsNothing) {
  RewardRule rule = Fixed(500);
  EXPECT_EQ(AmountDue(rule, 1, 1000000), 500);
  rule.max_rewards_per_recipient = 2;
  EXPECT_EQ(AmountDue(rule, 1, 1), 500);
  EXPECT_EQ(AmountDue(rule, 1, 2), std::nullopt);
  rule.max_rewards_per_recipient = 0;
  EXPECT_EQ(AmountDue(rule, 1, 0), std::nullopt);
}

class DueRewardTest : public ::testing::Test {
 protected:
  DueRewardTest() {
    version_.version = 2;
    version_.program.currency = "EUR";
    referral_.referral_id = "r1";
    referral_.advocate_id = "ada";
    conversion_.program_id = "acme";
    conversion_.conversion_id = "order-1";
    conversion_.conversion_time = kPaid;
    conversion_.amount_minor = 10000;
  }
  ProgramVersion version_;
  Referral referral_;
  Conversion conversion_;
};

TEST_F(DueRewardTest, GoesToTheAdvocateAfterTheHoldingPeriod) {
  RewardRule rule = Percent(2000);
  rule.holding_period = absl::Hours(24 * 30);
  const absl::Time now = kPaid + absl::Hours(5);
  const Reward reward = *DueReward(version_, rule, referral_, conversion_, 0, now);
  EXPECT_EQ(reward.reward_id, "order-1:share");
  EXPECT_EQ(reward.recipient_id, "ada");
  EXPECT_EQ(reward.amount_minor, 2000);
  EXPECT_EQ(reward.currency, "EUR");
  EXPECT_EQ(reward.program_version, 2);
  EXPECT_EQ(reward.created_time, now);
  const absl::Time free = kPaid + absl::Hours(24 * 30);
  EXPECT_EQ(reward.available_time, free);
  EXPECT_EQ(reward.state(free - absl::Microseconds(1)), RewardState::kHeld);
  EXPECT_EQ(reward.state(free), RewardState::kAvailable);
}

TEST_F(DueRewardTest, WaitsUntilTheRefereeIsKnown) {
  RewardRule rule = Fixed(100);
  rule.side = RewardSide::kReferee;
  EXPECT_EQ(DueReward(version_, rule, referral_, conversion_, 0, kPaid), std::nullopt);
  referral_.referee_id = "carl";
  EXPECT_EQ(DueReward(version_, rule, referral_, conversion_, 0, kPaid)->recipient_id, "carl");
  referral_.customer_id = "carla";
  EXPECT_EQ(DueReward(version_, rule, referral_, conversion_, 0, kPaid)->recipient_id,
            "carla");
}

TEST(LedgerTest, EveryBookingBalances) {
  Reward reward;
  reward.reward_id = "order-1:thanks";
  reward.amount_minor = 500;
  reward.currency = "EUR";
  const auto [expense, liability] = LedgerEntries(reward, EntryKind::kAccrual, kPaid);
  EXPECT_EQ(expense.account, "expense:rewards");
  EXPECT_EQ(expense.amount_minor, 500);
  EXPECT_EQ(liability.account, "liability:rewards");
  EXPECT_EQ(liability.amount_minor, -500);
  const auto [back, off] = LedgerEntries(reward, EntryKind::kReversal, kPaid);
  EXPECT_EQ(back.amount_minor, -500);
  EXPECT_EQ(off.amount_minor, 500);
}

}  // namespace
}  // namespace kith::referral::domain
