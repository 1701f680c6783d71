// Cash, credit, waived fees and points: Acorns, Stitch Fix, Evernote, Glossier.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/referral.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::referral::v1;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class CreditTest : public ScenarioTest {
 protected:
  // A friend who gives ann's code, with whatever else is known of the friend.
  std::string SignUpByCode(const std::string& friend_id, const std::string& more = "") {
    return world_->SignUp(absl::StrCat("customer_id: '", friend_id, "' code: '",
                                       world_->CodeOf("ann"), "' ", more));
  }
  std::string Order(const std::string& id, const std::string& customer,
                    const std::string& event, const std::string& more = "") {
    return world_->Convert(absl::StrCat("conversion_id: '", id, "' customer_id: '", customer,
                                        "' event: '", event, "' ", more));
  }
  // `15 to spend, 20 spent`: together the lifetime balance.
  std::string PointsOf(const std::string& advocate) {
    const auto response = world_->Ask<ListRewardsResponse>(ListRewardsRequest(),
                                                           "recipient_id: '" + advocate + "'");
    int64_t to_spend = 0, spent = 0;
    for (const auto& total : response.totals()) {
      if (total.currency() != "points") continue;
      // What is being redeemed is not spent yet.
      (total.state() == REWARD_STATE_FULFILLED ? spent : to_spend) += total.amount_minor();
    }
    return absl::StrCat(to_spend, " to spend, ", spent, " spent");
  }
};

TEST_P(CreditTest, AcornsPaysFiveDollarsWhenTheFriendStartsToInvest) {
  Begin("acorns.yaml").EnrolAll({"ann"});
  EXPECT_EQ(SignUpByCode("bob"), "ann by code");
  EXPECT_EQ(Order("c1", "bob", "account_funded"), "recorded");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  EXPECT_EQ(Order("c2", "bob", "investing_started"), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("five-dollars: 500 USD available"));
  EXPECT_THAT(world_->RewardsOf("bob"), IsEmpty());  // one-sided
  EXPECT_EQ(Order("c3", "bob", "investing_started"), "recorded");
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 500 USD", "liability:rewards -500 USD"));
}

TEST_P(CreditTest, StitchFixWaivesTwentyDollarsOfStylingFee) {
  Begin("stitch-fix.yaml").EnrolAll({"ann"});
  for (const char* friend_id : {"bob", "cat", "dan", "eve"}) SignUpByCode(friend_id);
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());  // a signup is no order
  const auto order = [&](const std::string& friend_id, const std::string& lines) {
    return Order("c-" + friend_id, friend_id, "order_placed",
                 "amount {amount_minor: 12000 currency: 'USD'} " + lines);
  };
  EXPECT_EQ(order("bob",
                  "lines {name: 'shirt' amount_minor: 10000} "
                  "lines {name: 'styling_fee' amount_minor: 2000}"),
            "converted");
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("styling-fee: 2000 USD available"));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("next-order-credit: 2500 USD available"));
  // Without the line there is nothing to waive, and never more than the fee is.
  order("cat", "");
  EXPECT_THAT(world_->RewardsOf("cat"), IsEmpty());
  order("dan", "lines {name: 'styling_fee' amount_minor: 3500}");
  EXPECT_THAT(world_->RewardsOf("dan"), ElementsAre("styling-fee: 2000 USD available"));
  order("eve", "lines {name: 'styling_fee' amount_minor: 1500}");
  EXPECT_THAT(world_->RewardsOf("eve"), ElementsAre("styling-fee: 1500 USD available"));
  // The friend's second order brings nothing to either.
  EXPECT_EQ(
      Order("c2", "bob", "order_placed", "lines {name: 'styling_fee' amount_minor: 2000}"),
      "recorded");
  EXPECT_THAT(world_->RewardsOf("bob"), SizeIs(1));
  // Four times 25 dollars, twice 20 and once 15.
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 15500 USD", "liability:rewards -15500 USD"));
}

TEST_P(CreditTest, ARefundAfterPaymentBooksWhatIsOwedBack) {
  Begin("stitch-fix.yaml").EnrolAll({"ann"});
  SignUpByCode("bob");
  Order("c1", "bob", "order_placed", "lines {name: 'styling_fee' amount_minor: 2000}");
  for (const auto& claimed : world_->Claim("provider: 'shop' kinds: REWARD_KIND_CREDIT")) {
    EXPECT_EQ(world_->Report(claimed, ""), "succeeded");
  }
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("next-order-credit: 2500 USD fulfilled"));
  world_->Reverse("c1", "refund");
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("next-order-credit: 2500 USD reversed (refund)"));
  EXPECT_THAT(world_->RewardsOf("bob"),
              ElementsAre("styling-fee: 2000 USD reversed (refund)"));
  // What was not paid is gone from the books; what was paid is to come back.
  EXPECT_THAT(world_->Balances(),
              ElementsAre("paid:rewards -2500 USD", "receivable:clawback 2500 USD"));
}

TEST_P(CreditTest, EvernotePointsAreForTheFirstThreeFriendsAndForEachFirstPurchase) {
  Begin("evernote.yaml").EnrolAll({"ann"});
  for (const char* friend_id : {"f1", "f2", "f3", "f4"}) {
    EXPECT_EQ(SignUpByCode(friend_id), "ann by code");
    // A month for the friend in any case.
    EXPECT_THAT(world_->RewardsOf(friend_id), ElementsAre("premium-month: 30 days available"));
  }
  EXPECT_EQ(Order("p1", "f4", "purchase"), "converted");
  EXPECT_EQ(Order("p2", "f4", "purchase"), "recorded");  // not the first
  EXPECT_EQ(Order("p3", "f1", "purchase"), "converted");
  EXPECT_THAT(
      world_->RewardsOf("ann"),
      ElementsAre("friend-points: 0 points cancelled (CAP_REACHED)",
                  "friend-points: 10 points available", "friend-points: 10 points available",
                  "friend-points: 10 points available", "purchase-points: 5 points available",
                  "purchase-points: 5 points available"));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 120 days", "expense:rewards 40 points",
                          "liability:rewards -120 days", "liability:rewards -40 points"));
}

TEST_P(CreditTest, EvernotePointsBuyPremiumAndStayInTheLifetimeBalance) {
  Begin("evernote.yaml").EnrolAll({"ann"});
  for (const char* friend_id : {"f1", "f2", "f3"}) SignUpByCode(friend_id);
  Order("p1", "f1", "purchase");
  EXPECT_EQ(PointsOf("ann"), "35 to spend, 0 spent");
  const std::string premium =
      "provider: 'premium' kinds: REWARD_KIND_POINTS item: 'premium' max_rewards: ";
  for (const auto& claimed : world_->Claim(premium + "2")) {
    EXPECT_EQ(claimed.reward().amount().amount_minor(), 10);
    EXPECT_EQ(world_->Report(claimed, ""), "succeeded");
  }
  EXPECT_EQ(PointsOf("ann"), "15 to spend, 20 spent");
  // What Premium could not be extended by is not spent.
  const auto third = world_->Claim(premium + "1");
  ASSERT_THAT(third, SizeIs(1));
  EXPECT_EQ(world_->Report(third[0], "no_plan"), "to_retry");
  EXPECT_EQ(PointsOf("ann"), "15 to spend, 20 spent");
  world_->AdvanceDays(1);
  for (const auto& claimed : world_->Claim(premium + "10")) {
    EXPECT_EQ(world_->Report(claimed, ""), "succeeded");
  }
  EXPECT_EQ(PointsOf("ann"), "0 to spend, 35 spent");
  EXPECT_THAT(world_->Claim(premium + "10"), IsEmpty());  // nothing is spent twice
  // The friends' months are not points.
  EXPECT_THAT(world_->RewardsOf("f1"), ElementsAre("premium-month: 30 days available"));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 35 points", "expense:rewards 90 days",
                          "liability:rewards -90 days", "paid:rewards -35 points"));
}

TEST_P(CreditTest, EvernoteTakesFiveFriendsADayFromOneAddress) {
  Begin("evernote.yaml").EnrolAll({"ann"});
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(SignUpByCode(absl::StrCat("f", i), "ip_address: '203.0.113.7'"), "ann by code");
  }
  EXPECT_EQ(SignUpByCode("f6", "ip_address: '203.0.113.7'"), "nobody; code FRAUD_REJECTED");
  EXPECT_THAT(world_->RewardsOf("f6"), IsEmpty());
  EXPECT_EQ(SignUpByCode("f7", "ip_address: '203.0.113.8'"), "ann by code");
  world_->AdvanceDays(1);
  EXPECT_EQ(SignUpByCode("f8", "ip_address: '203.0.113.7'"), "ann by code");
}

TEST_P(CreditTest, GlossierGivesBothTheSameAlsoForOneOffBuyers) {
  Begin("glossier.yaml");
  EXPECT_EQ(world_->Enrol("advocate_id: 'ann' kind: 'one_off_buyer'"), "enrolled");
  EXPECT_EQ(world_->Submit("referral_id: 'r1' advocate_id: 'ann' "
                           "referee_email: 'bob@mail.example'"),
            "submitted");
  EXPECT_EQ(world_->SignUp("customer_id: 'bob' email: 'Bob@Mail.example'"), "ann by lead");
  EXPECT_EQ(Order("c1", "bob", "order_placed"), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("referrer-credit: 1000 USD available"));
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("friend-credit: 1000 USD available"));
}

KITH_ON_EVERY_STORE(CreditTest);

}  // namespace
}  // namespace kith::test
