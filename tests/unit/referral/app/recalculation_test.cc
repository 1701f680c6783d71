// Newer rules applied to older conversions: explicit, once, with a preview.
#include "services/referral/app/claim_rewards.h"
#include "tests/unit/referral/app/recalculation_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(Stores, RecalculationTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(RecalculationTest, WhatIsUnpaidGetsTheNewAmountOnce) {
  Begin();
  const std::vector<std::string> changes = {"o1:space 250 500 mb adjusted",
                                            "o2:space 250 500 mb adjusted"};
  world_.NewFacts();
  // The preview changes nothing.
  EXPECT_EQ(Brief(Recalculate(true)), changes);
  EXPECT_EQ(Reward("o1:space").amount_minor, 250);
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  EXPECT_EQ(Brief(Recalculate()), changes);
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:space ada 500 mb available", "o2:space ada 500 mb available"));
  EXPECT_THAT(Balances(),
              ElementsAre("expense:rewards mb 1000", "liability:rewards mb -1000"));
  EXPECT_THAT(world_.NewFacts(), ElementsAre("reward_adjusted o1:space 250 500 v2",
                                             "reward_adjusted o2:space 250 500 v2"));
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  // An adjusted reward is taken back as a whole.
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_THAT(Balances(), IsEmpty());
  EXPECT_THAT(world_.Query("SELECT holder FROM cap_use"), IsEmpty());
}

TEST_P(RecalculationTest, WithoutAVersionTheOneInForceCounts) {
  Begin();
  domain::Program planned = SampleProgram();
  planned.rewards = {Rule("space", 9000)};
  ASSERT_TRUE(
      world_.Apply({.program = planned, .effective_time = world_.clock.Now() + kDay}).ok());
  EXPECT_EQ(Recalculate(true).version, 2);
  EXPECT_EQ(Recalculate(true, 3).version, 3);
  Advance(kDay);
  EXPECT_EQ(Recalculate(true).version, 3);
}

TEST_P(RecalculationTest, AnAmountIsNotReadInAnotherMoney) {
  domain::RewardRule share = Rule("share", 0);
  share.amount.fixed_minor.reset();
  share.amount.percent_basis_points = 2000;
  Apply({share});
  Bring("c1");
  Pay("o1", "c1", 5000);
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 1000 EUR available"));
  Advance(kDay);
  share.amount.percent_basis_points = 3000;
  Apply({share});
  // As versions of older stores may be.
  ASSERT_TRUE(world_.database()
                  .RunScript("UPDATE program_version SET content = "
                             "REPLACE(content, 'EUR', 'USD') WHERE version = 2")
                  .ok());
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  EXPECT_THAT(Rewards(), ElementsAre("o1:share ada 1000 EUR available"));
}

TEST_P(RecalculationTest, NothingChangesWithoutIt) {
  Begin();
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:space ada 250 mb available", "o2:space ada 250 mb available"));
}

TEST_P(RecalculationTest, WhatIsPaidIsMadeUpByAnotherReward) {
  Begin();
  Fulfil("o1:space");
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:space 250 500 mb supplemented o1:space@v2",
                                                "o2:space 250 500 mb adjusted"));
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:space ada 250 mb fulfilled", "o1:space@v2 ada 250 mb available",
                          "o2:space ada 500 mb available"));
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  // A third version counts what was made up.
  Advance(kDay);
  ApplyMegabytes(600);
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:space 500 600 mb supplemented o1:space@v3",
                                                "o2:space 500 600 mb adjusted"));
  // All of it goes with the conversion, and nothing of it counts as a reward of its own.
  EXPECT_THAT(world_.Query("SELECT rewards, minor FROM cap_use"), ElementsAre("2 1200"));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(world_.Query("SELECT rewards, minor FROM cap_use"), ElementsAre("1 600"));
}

TEST_P(RecalculationTest, WhatIsPaidAndWasMoreStays) {
  Begin();
  Fulfil("o1:space");
  Advance(kDay);
  ApplyMegabytes(100);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 250 100 mb paid", "o2:space 250 100 mb adjusted"));
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:space ada 250 mb fulfilled", "o2:space ada 100 mb available"));
}

TEST_P(RecalculationTest, RulesThatCameOrWentAreApplied) {
  Begin();
  Advance(kDay);
  Apply({Rule("cash", 700)});
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:cash 0 700 EUR created", "o1:space 250 0 mb withdrawn",
                          "o2:cash 0 700 EUR created", "o2:space 250 0 mb withdrawn"));
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 700 EUR available",
                                     "o1:space ada 250 mb reversed recalculation",
                                     "o2:cash ada 700 EUR available",
                                     "o2:space ada 250 mb reversed recalculation"));
  EXPECT_EQ(Reward("o1:cash").program_version, 3);
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  // Back again: under further ids, since what was taken back is over.
  Advance(kDay);
  ApplyMegabytes(250);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space~2 0 250 mb created", "o1:cash 700 0 EUR withdrawn",
                          "o2:space~2 0 250 mb created", "o2:cash 700 0 EUR withdrawn"));
}

TEST_P(RecalculationTest, CapsHoldForWhatIsAdded) {
  Begin();
  Advance(kDay);
  ApplyMegabytes(500, 900);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 250 500 mb adjusted", "o2:space 250 400 mb adjusted"));
  EXPECT_EQ(Reward("o2:space").wanted_minor, 500);
}

TEST_P(RecalculationTest, WhatACapKeepsFromGrowingIsToldOnce) {
  ApplyMegabytes(20, 10);
  Bring("c1");
  Pay("o1", "c1", 0);
  Bring("c2");
  Pay("o2", "c2", 0);
  EXPECT_THAT(Rewards(), ElementsAre("o1:space ada 10 mb available",
                                     "o2:space ada 0 mb cancelled CAP_REACHED"));
  Advance(kDay);
  ApplyMegabytes(30, 10);
  const std::vector<std::string> capped = {"o1:space 10 10 mb capped",
                                           "o2:space 0 0 mb capped"};
  EXPECT_EQ(Brief(Recalculate(true)), capped);
  EXPECT_EQ(Brief(Recalculate()), capped);
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  EXPECT_THAT(Brief(Recalculate(true)), IsEmpty());
  EXPECT_EQ(Reward("o1:space").recalculated_version, 0);
}

TEST_P(RecalculationTest, WhatACapHadRefusedMayComeToBe) {
  ApplyMegabytes(250, 300);
  for (const char* n : {"1", "2", "3"}) {
    Bring(absl::StrCat("c", n));
    Pay(absl::StrCat("o", n), absl::StrCat("c", n), 0);
  }
  EXPECT_EQ(Reward("o3:space").cause, "CAP_REACHED");
  Advance(kDay);
  ApplyMegabytes(250, 600);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o2:space 50 250 mb adjusted", "o3:space 0 100 mb created"));
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:space ada 250 mb available", "o2:space ada 250 mb available",
                          "o3:space ada 100 mb available"));
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards mb 600", "liability:rewards mb -600"));
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
}

TEST_P(RecalculationTest, GoesPageByPageInOrderOfTime) {
  Begin();
  PageRequest page{1, ""};
  const auto first = Recalculate(false, 2, page);
  EXPECT_THAT(Brief(first), ElementsAre("o1:space 250 500 mb adjusted"));
  EXPECT_EQ(first.conversions, 1);
  page.token = first.next_token;
  const auto second = Recalculate(false, 2, page);
  EXPECT_THAT(Brief(second), ElementsAre("o2:space 250 500 mb adjusted"));
  EXPECT_EQ(second.next_token, "");
}

TEST_P(RecalculationTest, OnlyWhatCountsIsLookedAt) {
  Begin();
  ASSERT_TRUE(world_.Reverse("o1").ok());
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o2:space 250 500 mb adjusted"));
}

TEST_P(RecalculationTest, NeedsAVersionThatThereIs) {
  Begin();
  RecalculateProgram::Request request;
  request.program_id = "acme";
  request.version = 9;
  const auto refused = world_.Run<RecalculateProgram>("RecalculateProgram", request);
  EXPECT_EQ(GetErrorReason(refused.status()), "PROGRAM_VERSION_NOT_FOUND");
}

TEST_P(RecalculationTest, WhatWasMadeUpAndTakenBackIsNotMadeUpAgain) {
  Begin();
  Fulfil("o1:space");
  Recalculate();
  ASSERT_TRUE(world_
                  .Run<TakeBackReward>(
                      "TakeBackReward",
                      TakeBackReward::Request{"acme", "o1:space@v2", "mistake", "erin"})
                  .ok());
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  EXPECT_EQ(Reward("o1:space@v2").cause, "mistake");
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards mb 750", "liability:rewards mb -500",
                                      "paid:rewards mb -250"));
}

TEST_P(RecalculationTest, CapsOfTheNewRulesCountWhatTheyHaveAdjusted) {
  Begin();
  Advance(kDay);
  domain::Program program = SampleProgram();
  domain::Cap budget;
  budget.scope = domain::CapScope::kProgram;
  budget.max_minor = 900;
  domain::RewardRule rule = Rule("space", 500);
  rule.kind = domain::RewardKind::kInKind;
  rule.unit = "mb";
  rule.caps = {budget};
  Apply({rule});
  Bring("c3");
  Pay("o3", "c3", 0);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 250 400 mb adjusted", "o2:space 250 0 mb capped"));
  EXPECT_THAT(world_.Query("SELECT rewards, minor FROM cap_use WHERE recipient_id = ''"),
              ElementsAre("2 900"));
  ASSERT_TRUE(world_.Reverse("o1").ok());
  ASSERT_TRUE(world_.Reverse("o2").ok());
  ASSERT_TRUE(world_.Reverse("o3").ok());
  EXPECT_THAT(world_.Query("SELECT holder FROM cap_use"), IsEmpty());
}

TEST_P(RecalculationTest, ASupplementDoesNotStandInItsOwnWay) {
  ApplyMegabytes(250, 1000);
  Bring("c1");
  Pay("o1", "c1", 0);
  Fulfil("o1:space");
  Advance(kDay);
  ApplyMegabytes(900, 1000);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 250 900 mb supplemented o1:space@v2"));
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
}

TEST_P(RecalculationTest, AnotherSideOrKindIsAnotherReward) {
  Apply({Rule("thanks", 500)});
  Bring("c1");
  Pay("o1", "c1");
  Advance(kDay);
  domain::RewardRule rule = Rule("thanks", 500);
  rule.side = domain::RewardSide::kReferee;
  rule.kind = domain::RewardKind::kCredit;
  Apply({rule});
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:thanks 500 0 EUR withdrawn", "o1:thanks~2 0 500 EUR created"));
  EXPECT_THAT(Rewards(), ElementsAre("o1:thanks ada 500 EUR reversed recalculation",
                                     "o1:thanks~2 c1 500 EUR available"));
}

TEST_P(RecalculationTest, WhatACapHadRefusedIsReleasedByWhatHappenedBefore) {
  domain::RewardRule rule = Rule("cash", 500);
  rule.release_event = "started";
  rule.max_rewards_per_recipient = 0;
  Apply({rule});
  Bring("c1");
  Pay("o1", "c1");
  Pay("o2", "c1", 0, "started");
  EXPECT_EQ(Reward("o1:cash").cause, "CAP_REACHED");
  Advance(kDay);
  rule.max_rewards_per_recipient.reset();
  Apply({rule});
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:cash 0 500 EUR created"));
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 500 EUR available"));
}

TEST_P(RecalculationTest, WhatAProviderLetGoOfIsWholeAgain) {
  Begin();
  ClaimRewards::Request claim;
  claim.program_id = "acme";
  claim.provider = "bank";
  claim.received_time = world_.clock.Now();
  ASSERT_TRUE(world_.Run<ClaimRewards>("ClaimRewards", claim).ok());
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 250 500 mb supplemented o1:space@v2",
                          "o2:space 250 500 mb supplemented o2:space@v2"));
  Fulfil("o2:space@v2");
  Advance(kDay);
  DoDueWork();
  EXPECT_EQ(Reward("o1:space").state(world_.clock.Now()), domain::RewardState::kAvailable);
  ApplyMegabytes(600);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 500 600 mb adjusted", "o2:space 500 600 mb adjusted"));
  EXPECT_THAT(Rewards(), ElementsAre("o1:space ada 600 mb available",
                                     "o1:space@v2 ada 250 mb reversed recalculation",
                                     "o2:space ada 350 mb available",
                                     "o2:space@v2 ada 250 mb fulfilled"));
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards mb 1200", "liability:rewards mb -950",
                                      "paid:rewards mb -250"));
  EXPECT_THAT(world_.Query("SELECT rewards, minor FROM cap_use"), ElementsAre("2 1200"));
  // Rules that give nothing take back what is not paid, and tell of all that there was.
  Advance(kDay);
  Apply({Rule("cash", 700)});
  EXPECT_THAT(Brief(Recalculate(true)),
              ElementsAre("o1:cash 0 700 EUR created", "o1:space 600 0 mb withdrawn",
                          "o2:cash 0 700 EUR created", "o2:space 600 0 mb withdrawn"));
}

TEST_P(RecalculationTest, WhatIsPaidOfOneThatWasTakenBackIsNotGivenTwice) {
  Begin();
  ClaimRewards::Request claim;
  claim.program_id = "acme";
  claim.provider = "bank";
  claim.received_time = world_.clock.Now();
  ASSERT_TRUE(world_.Run<ClaimRewards>("ClaimRewards", claim).ok());
  EXPECT_EQ(Recalculate().rewards.size(), 2u);
  Fulfil("o1:space@v2");
  Advance(kDay);
  DoDueWork();
  ApplyMegabytes(100);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 500 100 mb adjusted", "o2:space 500 100 mb adjusted"));
  const std::vector<std::string> left = {
      "o1:space ada 250 mb reversed recalculation", "o1:space@v2 ada 250 mb fulfilled",
      "o2:space ada 100 mb available", "o2:space@v2 ada 250 mb reversed recalculation"};
  EXPECT_EQ(Rewards(), left);
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:space 250 100 mb paid"));
  EXPECT_EQ(Rewards(), left);
  Advance(kDay);
  ApplyMegabytes(400);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space~2 250 400 mb created", "o2:space 100 400 mb adjusted"));
  EXPECT_EQ(Reward("o1:space~2").amount_minor, 150);
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  Advance(kDay);
  ApplyMegabytes(600);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space~2 400 600 mb adjusted", "o2:space 400 600 mb adjusted"));
  EXPECT_EQ(Reward("o1:space~2").amount_minor, 350);
  EXPECT_THAT(Balances(), ElementsAre("expense:rewards mb 1200", "liability:rewards mb -950",
                                      "paid:rewards mb -250"));
  EXPECT_THAT(world_.Query("SELECT rewards, minor FROM cap_use"), ElementsAre("2 1200"));
}

TEST_P(RecalculationTest, WhatIsGivenOnceGoesToTheFirstWhenALaterOneLosesIt) {
  domain::RewardRule rule = Rule("cash", 300);
  rule.event = "installed";
  Apply({rule});
  Bring("c1");
  Pay("o1", "c1", 5000, "ordered");
  Advance(absl::Hours(1));
  Pay("o2", "c1", 5000, "installed");
  Advance(kDay / 2);
  rule.event = "ordered";
  Apply({rule});
  const std::vector<std::string> changes = {"o2:cash 300 0 EUR withdrawn",
                                            "o1:cash 0 300 EUR created"};
  EXPECT_EQ(Brief(Recalculate(true)), changes);
  EXPECT_EQ(Brief(Recalculate()), changes);
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 300 EUR available",
                                     "o2:cash ada 300 EUR reversed recalculation"));
}

TEST_P(RecalculationTest, WhatItWithdrewDoesNotComeBackWithAnothersRefund) {
  domain::RewardRule rule = Rule("cash", 300);
  Apply({rule});
  Bring("c1");
  Pay("o1", "c1");
  Advance(absl::Hours(1));
  Pay("o2", "c1");
  Advance(kDay / 2);
  rule.event = "never";
  Apply({rule});
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:cash 300 0 EUR withdrawn"));
  ASSERT_TRUE(world_.Reverse("o2").ok());
  EXPECT_THAT(Rewards(), ElementsAre("o1:cash ada 300 EUR reversed recalculation"));
}

}  // namespace
}  // namespace kith::referral::app
