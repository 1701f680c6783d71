// Rewards that somebody else hands out: Healthy Paws, and gifts that are not in stock.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/fulfilment.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::referral::v1;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class GiftTest : public ScenarioTest {
 protected:
  void SetUp() override {
    Begin("healthy-paws.yaml").EnrolAll({"ann"});
    EXPECT_EQ(
        world_->SignUp(absl::StrCat("customer_id: 'bob' code: '", world_->CodeOf("ann"), "'")),
        "ann by code");
  }
  void StartPolicy() {
    EXPECT_EQ(world_->Convert("conversion_id: 'p1' customer_id: 'bob' event: 'policy_started' "
                              "amount {amount_minor: 4000 currency: 'USD'}"),
              "converted");
  }
  std::vector<ClaimedReward> ClaimCards() {
    return world_->Claim("provider: 'cards' kinds: REWARD_KIND_GIFT_CARD");
  }
  // The rewards of a fulfilment state.
  Lines InState(const std::string& state) {
    const auto response =
        world_->Ask<ListFulfilmentsResponse>(ListFulfilmentsRequest(), "state: " + state);
    Lines ids;
    for (const auto& one : response.fulfilments()) ids.push_back(one.reward_id());
    return ids;
  }
};

TEST_P(GiftTest, TheFriendPaysLessAtOnceAndTheCardComesAfterAMonth) {
  EXPECT_THAT(world_->RewardsOf("bob"),
              ElementsAre("first-month: 1000 basis_points available"));
  StartPolicy();
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD held"));
  EXPECT_THAT(ClaimCards(), IsEmpty());
  world_->AdvanceDays(30);
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD available"));
  const auto claimed = ClaimCards();
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].reward().item(), "gift-card-25");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD fulfilling"));
  EXPECT_THAT(ClaimCards(), IsEmpty());  // nobody else gets it meanwhile
  EXPECT_EQ(world_->Report(claimed[0], ""), "succeeded");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD fulfilled"));
}

TEST_P(GiftTest, AFailureIsTriedAgainLater) {
  StartPolicy();
  world_->AdvanceDays(30);
  EXPECT_EQ(world_->Report(ClaimCards().at(0), "timeout"), "to_retry");
  EXPECT_THAT(ClaimCards(), IsEmpty());
  world_->AdvanceDays(1);
  const auto again = ClaimCards();
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].attempt(), 2);
  EXPECT_EQ(world_->Report(again[0], ""), "succeeded");
}

TEST_P(GiftTest, WhatFailsForGoodWaitsForAPerson) {
  StartPolicy();
  world_->AdvanceDays(30);
  EXPECT_EQ(world_->Report(ClaimCards().at(0), "no_such_account", /*retryable=*/false),
            "failed");
  world_->AdvanceDays(30);
  EXPECT_THAT(ClaimCards(), IsEmpty());
  EXPECT_THAT(InState("FULFILMENT_STATE_FAILED"), ElementsAre("p1:gift-card"));
  world_->Ask<RetryFulfilmentResponse>(RetryFulfilmentRequest(), "reward_id: 'p1:gift-card'");
  EXPECT_EQ(world_->Report(ClaimCards().at(0), ""), "succeeded");
}

TEST_P(GiftTest, AProviderThatSaysNothingLosesItsClaim) {
  StartPolicy();
  world_->AdvanceDays(30);
  const auto first = ClaimCards();
  ASSERT_THAT(first, SizeIs(1));
  world_->Advance(absl::Minutes(6));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD available"));
  const auto second = ClaimCards();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(world_->Report(first[0], ""), "LEASE_OVER");
  EXPECT_EQ(world_->Report(second[0], ""), "succeeded");
}

TEST_P(GiftTest, AGiftThatIsOutOfStockWaitsForIt) {
  StartPolicy();
  world_->AdvanceDays(30);
  world_->Ask<SetStockResponse>(SetStockRequest(), "item: 'gift-card-25' on_hand: 0");
  EXPECT_THAT(ClaimCards(), IsEmpty());
  EXPECT_THAT(InState("FULFILMENT_STATE_OUT_OF_STOCK"), ElementsAre("p1:gift-card"));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD available"));
  world_->Ask<AdjustStockResponse>(AdjustStockRequest(), "item: 'gift-card-25' pieces: 1");
  const auto claimed = ClaimCards();
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(world_->Report(claimed[0], ""), "succeeded");
  const auto stock = world_->Ask<ListStockResponse>(ListStockRequest()).stock(0);
  EXPECT_EQ(stock.on_hand(), 0);
  EXPECT_EQ(stock.reserved(), 0);
  EXPECT_EQ(stock.handed_out(), 1);
}

TEST_P(GiftTest, APolicyGivenBackWithinAMonthEarnsNothing) {
  StartPolicy();
  world_->AdvanceDays(29);
  world_->Reverse("p1", "refund");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD reversed (refund)"));
  world_->AdvanceDays(10);
  EXPECT_THAT(ClaimCards(), IsEmpty());
  EXPECT_THAT(world_->Balances(), ElementsAre("expense:rewards 1000 basis_points",
                                              "liability:rewards -1000 basis_points"));
}

TEST_P(GiftTest, APolicyGivenBackLaterTakesNothingBack) {
  StartPolicy();
  world_->AdvanceDays(31);
  world_->Reverse("p1", "refund");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("gift-card: 2500 USD available"));
}

KITH_ON_EVERY_STORE(GiftTest);

}  // namespace
}  // namespace kith::test
