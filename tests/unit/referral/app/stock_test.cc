#include "services/referral/app/pause_campaign.h"
#include "services/referral/app/resume_campaign.h"
#include "tests/unit/referral/app/fulfilment_world.h"

namespace kith::referral::app {
namespace {

using domain::FulfilmentState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A mug for whoever brought a customer who pays.
class StockTest : public FulfilmentTest {
 protected:
  StockTest() {
    Apply({Rule("mug", domain::RewardKind::kPhysicalGift, 1, "mug")});
    Advance(absl::Seconds(1));
  }
};

TEST_P(StockTest, AnItemThatIsNotStockedIsAlwaysThere) {
  Earn("o1");
  EXPECT_THAT(ClaimIds(), ElementsAre("o1:mug"));
  EXPECT_THAT(Listed(FulfilmentState::kOutOfStock), IsEmpty());
}

TEST_P(StockTest, TheFeedTellsWhatIsOwed) {
  world_.NewFacts();
  Earn("o1");
  EXPECT_THAT(
      world_.NewFacts(),
      ::testing::Contains("reward_created o1:mug ada referrer 1gift physical_gift mug"));
}

TEST_P(StockTest, PiecesAreReservedAtTheClaim) {
  Stock(3);
  Earn("o1");
  Earn("o2");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(2));
  EXPECT_EQ(Stock().on_hand, 1);
  EXPECT_EQ(Stock().reserved, 2);
  ASSERT_TRUE(Succeed(claimed[0]).ok());
  ASSERT_TRUE(Fail(claimed[1]).ok());
  EXPECT_EQ(Stock().on_hand, 2);
  EXPECT_EQ(Stock().reserved, 0);
  EXPECT_EQ(Stock().handed_out, 1);
  EXPECT_EQ(world_.misses(), 0);
}

TEST_P(StockTest, WithoutPiecesTheRewardWaitsAndIsShown) {
  Stock(1);
  for (const std::string order : {"o1", "o2", "o3"}) {
    Earn(order);
    Advance(absl::Seconds(1));
  }
  EXPECT_THAT(Listed(FulfilmentState::kOutOfStock), IsEmpty());
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].reward.reward_id, "o1:mug");
  EXPECT_THAT(Listed(FulfilmentState::kOutOfStock), ElementsAre("o2:mug", "o3:mug"));
  EXPECT_THAT(Listed(FulfilmentState::kOutOfStock, 1), ElementsAre("o2:mug", "o3:mug"));
  EXPECT_THAT(Claim(), IsEmpty());
  Stock(1, false);
  EXPECT_THAT(ClaimIds(), ElementsAre("o2:mug"));
  EXPECT_THAT(Listed(FulfilmentState::kOutOfStock), ElementsAre("o3:mug"));
}

TEST_P(StockTest, ALeaseThatEndsGivesThePiecesBack) {
  Stock(1);
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  Advance(absl::Minutes(5));
  DoDueWork();
  EXPECT_EQ(Stock().on_hand, 1);
  EXPECT_EQ(Stock().reserved, 0);
  // It was sent all the same, and somebody may have counted on it.
  Stock(0);
  ASSERT_TRUE(Succeed(claimed[0]).ok());
  EXPECT_EQ(Stock().on_hand, -1);
  EXPECT_EQ(Stock().handed_out, 1);
}

TEST_P(StockTest, WhatAProviderIsAtAlreadyIsNotOnHand) {
  Earn("o1");
  const auto claimed = Claim();
  ASSERT_THAT(claimed, SizeIs(1));
  Stock(5);
  ASSERT_TRUE(Succeed(claimed[0]).ok());
  EXPECT_EQ(Stock().on_hand, 5);
  EXPECT_EQ(Stock().reserved, 0);
  EXPECT_EQ(Stock().handed_out, 1);
}

TEST_P(StockTest, SettingSaysWhatMayBeClaimedFromNowOn) {
  Stock(5);
  Earn("o1");
  ASSERT_THAT(Claim(), SizeIs(1));
  const domain::Stock stock = Stock(10);
  EXPECT_EQ(stock.on_hand, 10);
  EXPECT_EQ(stock.reserved, 1);
  EXPECT_EQ(Stock(-3, false).on_hand, 7);
}

TEST_P(StockTest, OtherRewardsDoNotWaitForAnEmptyShelf) {
  Apply({Rule("mug", domain::RewardKind::kPhysicalGift, 1, "mug"),
         Rule("cash", domain::RewardKind::kCash, 1000, "")});
  Advance(absl::Seconds(1));
  Stock(0);
  for (int i = 0; i < 12; ++i) Earn(absl::StrCat("o", i));
  ClaimRewards::Request request;
  request.max_rewards = 100;
  EXPECT_THAT(ClaimIds(request), SizeIs(12));
  EXPECT_THAT(Listed(FulfilmentState::kOutOfStock), SizeIs(12));
}

TEST_P(StockTest, PausedCampaignsWait) {
  domain::Program program = SampleProgram();
  program.rewards = {Rule("cash", domain::RewardKind::kCash, 1000, "")};
  domain::Campaign campaign;
  campaign.campaign_id = "summer";
  campaign.rewards = {Rule("mug", domain::RewardKind::kPhysicalGift, 1, "mug")};
  program.campaigns = {campaign};
  ApplyProgram::Request request;
  request.program = std::move(program);
  ASSERT_TRUE(world_.Apply(std::move(request)).ok());
  Advance(absl::Seconds(1));
  auto lead = LeadOf("l1", "ada", "cleo", world_.clock.Now());
  lead.lead.campaign = "summer";
  ASSERT_TRUE(world_.SubmitOne(lead).ok());
  Advance(absl::Seconds(1));
  ASSERT_TRUE(world_.SignUp(SignupOf("cleo", world_.clock.Now())).ok());
  ASSERT_TRUE(world_.Convert(PaymentOf("o1", "cleo", world_.clock.Now())).ok());
  ASSERT_TRUE(world_
                  .Run<PauseCampaignCommand>(
                      "PauseCampaign",
                      PauseCampaignCommand::Request{"acme", "summer", "quality", "eve"})
                  .ok());
  EXPECT_THAT(ClaimIds(), ElementsAre("o1:cash"));
  ASSERT_TRUE(world_
                  .Run<ResumeCampaignCommand>("ResumeCampaign", std::string("acme"),
                                              std::string("summer"), std::string("eve"))
                  .ok());
  EXPECT_THAT(Claim(), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Backends, StockTest, ::testing::Values("sqlite", "postgres"),
                         BackendName);

}  // namespace
}  // namespace kith::referral::app
