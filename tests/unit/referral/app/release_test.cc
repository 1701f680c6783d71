// The second gate: which event opens it, and what its reversal closes; on every backend.
#include "services/referral/app/claim_rewards.h"
#include "services/referral/app/lifecycle.h"
#include "services/referral/app/override_attribution.h"
#include "services/referral/store/customer_tables.h"
#include "tests/unit/referral/app/reward_world.h"

namespace kith::referral::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReleaseTest : public RewardTest {
 protected:
  ~ReleaseTest() override { EXPECT_EQ(world_.misses(), 0); }

  // 20 for ada after the checkout of the first booking of 75 or more.
  void Begin(std::optional<absl::Duration> expires_after = std::nullopt) {
    domain::RewardRule rule = Rule("credit", 2000);
    rule.release_event = "checked_out";
    rule.expires_after = expires_after;
    domain::Program program = SampleProgram();
    program.success.events = {"booked"};
    program.success.min_amount_minor = 7500;
    program.rewards = {rule};
    Apply(program);
    Bring("carl");
  }
  void Tell(const std::string& id, const std::string& event, const std::string& order = "",
            int64_t cents = 7500, absl::Duration ago = absl::ZeroDuration()) {
    auto report = PaymentOf(id, "carl", world_.clock.Now() - ago, cents);
    report.event = event;
    report.order_id = order;
    const auto told = world_.Convert(report);
    ASSERT_TRUE(told.ok()) << told.status();
    EXPECT_EQ(told->conversion.order_id, order);
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, ReleaseTest, ::testing::ValuesIn(test::Backends()),
                         BackendName);

TEST_P(ReleaseTest, OnlyTheCheckoutOfTheSameOrderReleases) {
  Begin();
  Tell("b1", "booked", "trip1", 7499);
  Tell("b2", "booked", "trip2");
  Advance(kDay);
  Tell("c1", "checked_out", "trip1");
  Tell("c", "checked_out");
  EXPECT_THAT(Rewards(), ElementsAre("b2:credit ada 2000 EUR approved"));
  Tell("c2", "checked_out", "trip2");
  EXPECT_THAT(Rewards(), ElementsAre("b2:credit ada 2000 EUR available"));
}

TEST_P(ReleaseTest, WithoutAnOrderAnyLaterOneDoes) {
  Begin();
  Tell("b1", "booked");
  Tell("c1", "checked_out", "trip1");
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR available"));
}

TEST_P(ReleaseTest, WhatWasBeforeTheRewardedOneDoesNotRelease) {
  Begin();
  Advance(5 * kDay);
  Tell("c1", "checked_out", "", 100, absl::Microseconds(1));
  Tell("b1", "booked");
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR approved"));
  // Nor does it when it is told afterwards.
  Tell("c2", "checked_out", "", 100, kDay);
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR approved"));
  Tell("c3", "checked_out");
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR available"));
}

TEST_P(ReleaseTest, ACheckoutThatIsToldBeforeItsBookingReleasesAtOnce) {
  Begin();
  Advance(5 * kDay);
  Tell("c1", "checked_out", "trip1");
  Tell("b1", "booked", "trip1", 7500, kDay);
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR available"));
}

TEST_P(ReleaseTest, TheTimeToTakeItBeginsWithTheCheckoutInAnyOrder) {
  Begin(30 * kDay);
  Advance(40 * kDay);
  for (const bool checkout_first : {false, true}) {
    const std::string n = checkout_first ? "2" : "1";
    if (checkout_first) {
      ASSERT_TRUE(world_.Reverse("b1").ok());
      ASSERT_TRUE(world_.Reverse("c1").ok());
      Tell("d" + n, "checked_out", "trip", 100, 10 * kDay);
      Tell("c" + n, "checked_out", "trip", 100, 20 * kDay);
    }
    Tell("b" + n, "booked", "trip", 7500, 40 * kDay);
    if (!checkout_first) Tell("c" + n, "checked_out", "trip", 100, 20 * kDay);
    EXPECT_EQ(Reward("b" + n + ":credit").expiry_time, kNow + 50 * kDay);
  }
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR reversed refund",
                                     "b2:credit ada 2000 EUR available"));
}

TEST_P(ReleaseTest, TheTimeToTakeItBeginsWithASuccessEventThatWasKnown) {
  domain::RewardRule rule = Rule("credit", 2000);
  rule.release_event = "aha";
  rule.expires_after = 30 * kDay;
  Apply({rule});
  Bring("carl");
  Advance(40 * kDay);
  Happen("signup:carl",
         [](exec::Unit& unit, const Rules&, const domain::Referral&, absl::Time now) {
           auto customer = *unit.Find<store::CustomerTable>({"acme", "carl"});
           customer.aha_time = now - 20 * kDay;
           unit.Put<store::CustomerTable>(customer);
         });
  Tell("b1", "booked", "", 7500, 40 * kDay);
  EXPECT_EQ(Reward("b1:credit").expiry_time, kNow + 50 * kDay);
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR available"));
}

TEST_P(ReleaseTest, ReversingTheCheckoutClosesTheGateAgain) {
  Begin();
  Tell("b1", "booked", "trip1");
  Tell("c1", "checked_out", "trip1");
  Tell("c2", "checked_out", "trip1");
  ASSERT_TRUE(world_.Reverse("c1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR available"));
  ASSERT_TRUE(world_.Reverse("c2").ok());
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR approved"));
  EXPECT_FALSE(Reward("b1:credit").released);
  Advance(kDay);
  Tell("c3", "checked_out", "trip1");
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR available"));
  // It was announced once.
  int told = 0;
  for (const std::string& fact : world_.Facts()) told += fact == "reward_available b1:credit";
  EXPECT_EQ(told, 1);
}

TEST_P(ReleaseTest, WhatIsPaidOrBeingPaidStaysSo) {
  Begin();
  Tell("b1", "booked", "trip1");
  Tell("c1", "checked_out", "trip1");
  ClaimRewards::Request claim;
  claim.program_id = "acme";
  claim.provider = "bank";
  claim.received_time = world_.clock.Now();
  ASSERT_TRUE(world_.Run<ClaimRewards>("ClaimRewards", claim).ok());
  ASSERT_TRUE(world_.Reverse("c1").ok());
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR fulfilling"));
  Fulfil("b1:credit");
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR fulfilled"));
}

TEST_P(ReleaseTest, ALeadIsReleasedNoMoreByWhatACustomerHasTakenToAnother) {
  const auto waits = [](const char* id, const char* event, int days) {
    domain::RewardRule rule = On(domain::Trigger::kSubmitted, id, 2000);
    rule.release_event = event;
    rule.holding_period = days * kDay;
    return rule;
  };
  Apply({waits("contact", "first_payment", 30), waits("paid", "first_payment", 0),
         waits("reached", "aha", 30)});
  Submit("carl");
  SignUp("carl");
  Tell("o1", "first_payment");
  Happen("r-carl",
         [](exec::Unit& unit, const Rules&, const domain::Referral&, absl::Time now) {
           const CustomerFact aha = {"acme", "carl", CustomerFact::Kind::kAha, now};
           EXPECT_TRUE(ApplyLife(unit, aha, now).ok());
         });
  Fulfil("paid:r-carl");
  const std::vector<std::string> released = {"contact:r-carl ada 2000 EUR held",
                                             "paid:r-carl ada 2000 EUR fulfilled",
                                             "reached:r-carl ada 2000 EUR held"};
  EXPECT_EQ(Rewards(), released);
  Advance(5 * kDay);
  const auto give = [&](const char* advocate) {
    const auto given = world_.Run<OverrideAttribution>(
        "OverrideAttribution",
        OverrideAttribution::Request{"acme", "carl", advocate, "sue", "call"});
    ASSERT_TRUE(given.ok()) << given.status();
  };
  give("bob");
  EXPECT_THAT(Rewards(), ElementsAre("contact:r-carl ada 2000 EUR approved",
                                     "paid:r-carl ada 2000 EUR fulfilled",
                                     "reached:r-carl ada 2000 EUR approved"));
  give("ada");
  EXPECT_EQ(Rewards(), released);
}

TEST_P(ReleaseTest, WhatACountHasReachedDoesNotWaitForWhoFilledItAndHasGone) {
  domain::RewardRule prize = On(domain::Trigger::kNthSuccess, "prize", 2000);
  prize.count = 2;
  prize.release_event = "installed";
  prize.holding_period = 14 * kDay;
  Apply({prize});
  for (const char* id : {"dora", "carl", "emil"}) {
    Submit(id);
    SignUp(id);
    Pay(absl::StrCat("o-", id), id);
  }
  Tell("i1", "installed");
  const std::vector<std::string> held = {"prize:ada#2 ada 2000 EUR held"};
  EXPECT_EQ(Rewards(), held);
  Advance(5 * kDay);
  const auto given = world_.Run<OverrideAttribution>(
      "OverrideAttribution",
      OverrideAttribution::Request{"acme", "carl", "bob", "sue", "call"});
  ASSERT_TRUE(given.ok()) << given.status();
  EXPECT_EQ(Rewards(), held);
}

TEST_P(ReleaseTest, AConversionThatIsCalledLikeTheSuccessEventIsNotIt) {
  domain::RewardRule rule = Rule("credit", 2000);
  rule.release_event = "aha";
  Apply({rule});
  Bring("carl");
  Tell("b1", "booked");
  Tell("c1", "aha");
  EXPECT_THAT(Rewards(), ElementsAre("b1:credit ada 2000 EUR approved"));
}

TEST_P(ReleaseTest, TheOrderIsPartOfWhatWasTold) {
  Begin();
  Tell("b1", "booked", "trip1");
  auto again = PaymentOf("b1", "carl", world_.clock.Now(), 7500);
  again.event = "booked";
  EXPECT_EQ(GetErrorReason(world_.Convert(again).status()), "CONVERSION_ID_REUSED");
  again.order_id = "trip1";
  EXPECT_TRUE(world_.Convert(again).ok());
}

}  // namespace
}  // namespace kith::referral::app
