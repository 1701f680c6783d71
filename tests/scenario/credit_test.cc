// Cash, credit, waived fees and points: Acorns, Stitch Fix, Evernote, Glossier.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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

TEST_P(CreditTest, StitchFixWaivesTheFeeThatTheOrderNames) {
  Begin("stitch-fix.yaml").EnrolAll({"ann"});
  SignUpByCode("bob");
  SignUpByCode("cat");
  Order("c1", "bob", "order_placed",
        "amount {amount_minor: 12000 currency: 'USD'} "
        "lines {name: 'shirt' amount_minor: 10000} "
        "lines {name: 'styling_fee' amount_minor: 2000}");
  // An order without the line has nothing to waive.
  Order("c2", "cat", "order_placed", "amount {amount_minor: 12000 currency: 'USD'}");
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("styling-fee: 2000 USD available"));
  EXPECT_THAT(world_->RewardsOf("cat"), IsEmpty());
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("next-order-credit: 2500 USD available",
                                                    "next-order-credit: 2500 USD available"));
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
  EXPECT_THAT(
      world_->RewardsOf("ann"),
      ElementsAre("friend-points: 0 points cancelled (CAP_REACHED)",
                  "friend-points: 10 points available", "friend-points: 10 points available",
                  "friend-points: 10 points available",
                  "purchase-points: 5 points available"));
  // Points that were handed out stay a part of the lifetime balance.
  for (const auto& claimed : world_->Claim("provider: 'premium' kinds: REWARD_KIND_POINTS")) {
    EXPECT_EQ(world_->Report(claimed, ""), "succeeded");
  }
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 120 days", "expense:rewards 35 points",
                          "liability:rewards -120 days", "paid:rewards -35 points"));
}

TEST_P(CreditTest, EvernoteTakesFiveFriendsADayFromOneAddress) {
  Begin("evernote.yaml").EnrolAll({"ann"});
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(SignUpByCode(absl::StrCat("f", i), "ip_address: '203.0.113.7'"), "ann by code");
  }
  EXPECT_EQ(SignUpByCode("f6", "ip_address: '203.0.113.7'"), "nobody; code FRAUD_REJECTED");
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
