// Recalculations by an older version change nothing that a newer one has granted or judged,
// and say so; on every backend.
#include "services/referral/app/granting.h"
#include "tests/unit/referral/app/recalculation_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RecalculationOrderTest : public RecalculationTest {};
INSTANTIATE_TEST_SUITE_P(Stores, RecalculationOrderTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(RecalculationOrderTest, GoingBackToAnOlderVersionSaysWhyNothingChanges) {
  Begin();
  Recalculate();
  Bring("c3");
  Pay("o3", "c3", 0);
  const std::vector<std::string> superseded = {"o1:space 500 250 mb superseded by v2",
                                               "o2:space 500 250 mb superseded by v2"};
  const std::vector<std::string> before = Rewards();
  world_.NewFacts();
  EXPECT_EQ(Brief(Recalculate(true, 1)), superseded);
  EXPECT_EQ(Brief(Recalculate(false, 1)), superseded);
  EXPECT_EQ(Brief(Recalculate(false, 1)), superseded);
  EXPECT_EQ(Rewards(), before);
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  // A newer version with the older rules does go back.
  Advance(kDay);
  ApplyMegabytes(250);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space 500 250 mb adjusted", "o2:space 500 250 mb adjusted"));
  // What would be the same is not told.
  EXPECT_THAT(Brief(Recalculate(false, 1)), IsEmpty());
}

TEST_P(RecalculationOrderTest, ARuleThatTheOlderVersionDidNotHaveIsSupersededToo) {
  Apply({Rule("cash", 300)});
  Bring("c1");
  Pay("o1", "c1");
  Advance(kDay);
  Apply({Rule("gift", 100)});
  Advance(kDay);
  Apply({Rule("cash", 400)});
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:cash 300 400 EUR adjusted"));
  EXPECT_THAT(Brief(Recalculate(true, 2)),
              ElementsAre("o1:gift 0 100 EUR created", "o1:cash 400 0 EUR superseded by v3"));
}

TEST_P(RecalculationOrderTest, AnOlderVersionAddsNothingToWhatANewerOneMadeUp) {
  Begin();
  Advance(kDay);
  ApplyMegabytes(300);
  Fulfil("o1:space");
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:space 250 300 mb supplemented o1:space@v3",
                                                "o2:space 250 300 mb adjusted"));
  EXPECT_THAT(Brief(Recalculate(false, 2)),
              ElementsAre("o1:space 300 500 mb superseded by v3",
                          "o2:space 300 500 mb superseded by v3"));
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:space ada 250 mb fulfilled", "o1:space@v3 ada 50 mb available",
                          "o2:space ada 300 mb available"));
}

TEST_P(RecalculationOrderTest, WhatANewerOneFoundRightStays) {
  Begin();
  Advance(kDay);
  ApplyMegabytes(250);
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  const std::vector<std::string> before = Rewards();
  world_.NewFacts();
  for (const bool dry_run : {true, false, false}) {
    EXPECT_THAT(Brief(Recalculate(dry_run, 2)),
                ElementsAre("o1:space 250 500 mb superseded by v3",
                            "o2:space 250 500 mb superseded by v3"));
  }
  EXPECT_EQ(Rewards(), before);
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  EXPECT_EQ(Reward("o1:space").recalculated_version, 0);
}

TEST_P(RecalculationOrderTest, APreviewFindsNothingRight) {
  Begin();
  Advance(kDay);
  ApplyMegabytes(250);
  EXPECT_THAT(Brief(Recalculate(true)), IsEmpty());
  EXPECT_THAT(Brief(Recalculate(false, 2)),
              ElementsAre("o1:space 250 500 mb adjusted", "o2:space 250 500 mb adjusted"));
}

TEST_P(RecalculationOrderTest, WhatANewerVersionGrantedStays) {
  ApplyMegabytes(250);
  Advance(absl::Hours(1));
  ApplyMegabytes(500);
  Bring("c1");
  Pay("o1", "c1", 0);
  for (const bool dry_run : {true, false, false}) {
    EXPECT_THAT(Brief(Recalculate(dry_run, 1)),
                ElementsAre("o1:space 500 250 mb superseded by v2"));
  }
  EXPECT_THAT(Rewards(), ElementsAre("o1:space ada 500 mb available"));
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
}

TEST_P(RecalculationOrderTest, WhatAnOlderOneOnceChangedIsPutRightAgain) {
  ApplyMegabytes(250);
  Advance(absl::Hours(1));
  ApplyMegabytes(500);
  Bring("c1");
  Pay("o1", "c1", 0);
  // As older binaries did.
  Happen("signup:c1", [](exec::Unit& unit, const Rules&, const domain::Referral&, absl::Time) {
    domain::Reward reward = *unit.Find<store::RewardTable>({"acme", "o1:space"});
    CountInCaps(unit, reward, -1, -500);
    reward.amount_minor = reward.wanted_minor = 250;
    reward.recalculated_version = 1;
    CountInCaps(unit, reward, 1, 250);
    store::Book(unit, domain::AdjustmentEntries(reward, -250, 1, kNow));
    unit.Put<store::RewardTable>(std::move(reward));
  });
  EXPECT_THAT(Brief(Recalculate(false, 2)), ElementsAre("o1:space 250 500 mb adjusted"));
  EXPECT_THAT(Rewards(), ElementsAre("o1:space ada 500 mb available"));
  EXPECT_THAT(Brief(Recalculate(false, 2)), IsEmpty());
}

TEST_P(RecalculationOrderTest, WhatANewerOneCreatedOrWithdrewStays) {
  Begin();
  Advance(kDay);
  Apply({Rule("cash", 700)});
  EXPECT_EQ(Recalculate().rewards.size(), 4u);
  const std::vector<std::string> before = Rewards();
  world_.NewFacts();
  for (const int64_t version : {2, 1, 2}) {
    const int64_t mb = version == 1 ? 250 : 500;
    EXPECT_THAT(Brief(Recalculate(false, version)),
                ElementsAre(absl::StrCat("o1:space 0 ", mb, " mb superseded by v3"),
                            "o1:cash 700 0 EUR superseded by v3",
                            absl::StrCat("o2:space 0 ", mb, " mb superseded by v3"),
                            "o2:cash 700 0 EUR superseded by v3"));
  }
  EXPECT_EQ(Rewards(), before);
  EXPECT_THAT(world_.NewFacts(), IsEmpty());
  // A newer one changes all of it.
  Advance(kDay);
  ApplyMegabytes(250);
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:space~2 0 250 mb created", "o1:cash 700 0 EUR withdrawn",
                          "o2:space~2 0 250 mb created", "o2:cash 700 0 EUR withdrawn"));
  EXPECT_THAT(
      Brief(Recalculate(false, 3)),
      ElementsAre("o1:cash 0 700 EUR superseded by v4", "o1:space~2 250 0 mb superseded by v4",
                  "o2:cash 0 700 EUR superseded by v4",
                  "o2:space~2 250 0 mb superseded by v4"));
}

TEST_P(RecalculationOrderTest, WhatANewerOneCreatedIsNotAdjusted) {
  Apply({Rule("gift", 100)});
  Bring("c1");
  Pay("o1", "c1");
  Advance(kDay);
  Apply({Rule("gift", 100), Rule("cash", 300)});
  Advance(kDay);
  Apply({Rule("gift", 100), Rule("cash", 400)});
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:cash 0 400 EUR created"));
  EXPECT_THAT(Brief(Recalculate(false, 2)),
              ElementsAre("o1:cash 400 300 EUR superseded by v3"));
  EXPECT_THAT(Rewards(),
              ElementsAre("o1:cash ada 400 EUR available", "o1:gift ada 100 EUR available"));
}

TEST_P(RecalculationOrderTest, WhatANewerOneLeftAsItWasPaidStays) {
  Begin();
  Fulfil("o1:space");
  Advance(kDay);
  ApplyMegabytes(100);
  const std::vector<std::string> changes = {"o1:space 250 100 mb paid",
                                            "o2:space 250 100 mb adjusted"};
  EXPECT_EQ(Brief(Recalculate()), changes);
  EXPECT_THAT(Brief(Recalculate()), ElementsAre(changes[0])) << "told as long as it is so";
  EXPECT_THAT(Brief(Recalculate(false, 2)),
              ElementsAre("o1:space 250 500 mb superseded by v3",
                          "o2:space 100 500 mb superseded by v3"));
}

TEST_P(RecalculationOrderTest, WhatACapOfANewerOneRefusedStaysRefused) {
  Apply({Rule("gift", 100)});
  Bring("c1");
  Pay("o1", "c1");
  Advance(kDay);
  Apply({Rule("gift", 100), Rule("cash", 300)});
  Advance(kDay);
  domain::RewardRule none = Rule("cash", 400);
  none.max_rewards_per_recipient = 0;
  Apply({Rule("gift", 100), none});
  EXPECT_THAT(Brief(Recalculate()), ElementsAre("o1:cash 0 0 EUR capped"));
  EXPECT_THAT(Brief(Recalculate(false, 2)), ElementsAre("o1:cash 0 300 EUR superseded by v3"));
  EXPECT_EQ(Reward("o1:cash").cause, "CAP_REACHED");
}

TEST_P(RecalculationOrderTest, WhatComesToBeOwedLateMayBeTakenFromThenOn) {
  const auto lasts = [](domain::RewardRule rule) {
    rule.expires_after = 10 * kDay;
    return rule;
  };
  domain::RewardRule refused = lasts(Rule("refused", 100));
  refused.max_rewards_per_recipient = 0;
  Apply({lasts(Rule("paid", 250)), refused});
  Bring("c1");
  Pay("o1", "c1");
  Fulfil("o1:paid");
  Advance(20 * kDay);
  DoDueWork();
  Apply({lasts(Rule("paid", 500)), lasts(Rule("refused", 100)), lasts(Rule("fresh", 70))});
  EXPECT_THAT(Brief(Recalculate()),
              ElementsAre("o1:paid 250 500 EUR supplemented o1:paid@v2",
                          "o1:refused 0 100 EUR created", "o1:fresh 0 70 EUR created"));
  EXPECT_THAT(
      Rewards(),
      ElementsAre("o1:fresh ada 70 EUR available", "o1:paid ada 250 EUR fulfilled",
                  "o1:paid@v2 ada 250 EUR available", "o1:refused ada 100 EUR available"));
  Advance(10 * kDay - absl::Microseconds(1));
  DoDueWork();
  EXPECT_EQ(Reward("o1:fresh").cause, "");
  Advance(absl::Microseconds(1));
  DoDueWork();
  EXPECT_THAT(Rewards(), ElementsAre("o1:fresh ada 70 EUR expired EXPIRED",
                                     "o1:paid ada 250 EUR fulfilled",
                                     "o1:paid@v2 ada 250 EUR expired EXPIRED",
                                     "o1:refused ada 100 EUR expired EXPIRED"));
}

TEST_P(RecalculationOrderTest, WhatAPersonTookBackIsNotToldOf) {
  Begin();
  Advance(kDay);
  ApplyMegabytes(250);
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  ASSERT_TRUE(
      world_
          .Run<TakeBackReward>("TakeBackReward",
                               TakeBackReward::Request{"acme", "o1:space", "mistake", "erin"})
          .ok());
  EXPECT_THAT(Brief(Recalculate(false, 2)),
              ElementsAre("o2:space 250 500 mb superseded by v3"));
}

TEST_P(RecalculationOrderTest, WhatAConversionHasIsNotUndoneByWhatAnotherOneLost) {
  domain::RewardRule trip = Rule("trip", 2000);
  trip.event = "trip_completed";
  trip.occurrence = domain::Occurrence::kEvery;
  Apply({trip});
  Bring("carl");
  Pay("o1", "carl", 5000, "trip_completed");
  Pay("o2", "carl", 5000, "trip_completed");
  ASSERT_TRUE(
      world_
          .Run<TakeBackReward>("TakeBackReward",
                               TakeBackReward::Request{"acme", "o1:trip", "abuse", "erin"})
          .ok());
  Advance(kDay);
  trip.occurrence = domain::Occurrence::kFirst;
  Apply({trip});
  EXPECT_THAT(Brief(Recalculate()), IsEmpty());
  EXPECT_THAT(Rewards(), ElementsAre("o1:trip ada 2000 EUR reversed abuse",
                                     "o2:trip ada 2000 EUR available"));
}

}  // namespace
}  // namespace kith::referral::app
