// Two gates, expiry and caps over money: Airbnb and Uber.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/lead.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::referral::v1;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class TravelTest : public ScenarioTest {
 protected:
  std::string SignUpByCode(const std::string& friend_id) {
    return world_->SignUp(
        absl::StrCat("customer_id: '", friend_id, "' code: '", world_->CodeOf("ann"), "'"));
  }
  static std::string Trip(const std::string& customer, const std::string& event, int dollars,
                          const std::string& number = "1") {
    return absl::StrCat("conversion_id: '", event, "-", customer, "-", number,
                        "' customer_id: '", customer, "' event: '", event,
                        "' order_id: 'trip-", number,
                        "' amount {amount_minor: ", dollars * 100, " currency: 'USD'}");
  }
};

TEST_P(TravelTest, AirbnbGuestsAreCreditedForAFirstTripAndTheReferrerAfterCheckout) {
  Begin("airbnb-guest.yaml").EnrolAll({"ann"});
  EXPECT_EQ(SignUpByCode("bob"), "ann by code");
  EXPECT_EQ(world_->Convert(Trip("bob", "trip_booked", 74)), "recorded");  // too small
  EXPECT_THAT(world_->RewardsOf("bob"), IsEmpty());
  EXPECT_EQ(world_->Convert(Trip("bob", "trip_booked", 75, "2")), "converted");
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("friend-credit: 4000 USD available"));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("referrer-credit: 2000 USD approved"));
  world_->AdvanceDays(20);
  // The checkout of the trip that was too small is not that of the one that counts.
  EXPECT_EQ(world_->Convert(Trip("bob", "trip_completed", 74)), "recorded");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("referrer-credit: 2000 USD approved"));
  EXPECT_EQ(world_->Convert(Trip("bob", "trip_completed", 75, "2")), "recorded");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("referrer-credit: 2000 USD available"));
  // Single use: the next trip earns nothing.
  EXPECT_EQ(world_->Convert(Trip("bob", "trip_booked", 500, "3")), "recorded");
  EXPECT_THAT(world_->RewardsOf("bob"), SizeIs(1));
}

TEST_P(TravelTest, AirbnbCreditThatNobodyUsesExpiresAfterAYear) {
  Begin("airbnb-guest.yaml").EnrolAll({"ann"});
  SignUpByCode("bob");
  world_->ConvertAll({Trip("bob", "trip_booked", 100), Trip("bob", "trip_completed", 100)});
  world_->AdvanceDays(364);
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("friend-credit: 4000 USD available"));
  world_->AdvanceDays(1);
  EXPECT_THAT(world_->RewardsOf("bob"),
              ElementsAre("friend-credit: 4000 USD expired (EXPIRED)"));
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("referrer-credit: 2000 USD expired (EXPIRED)"));
  EXPECT_THAT(world_->Balances(), IsEmpty());
  EXPECT_THAT(world_->Claim(), IsEmpty());
}

TEST_P(TravelTest, AirbnbReferrersGetFiveThousandDollarsInALife) {
  Begin("airbnb-guest.yaml").EnrolAll({"ann"});
  Lines leads, trips;
  for (int i = 100; i < 352; ++i) {
    leads.push_back(
        absl::StrCat("referral_id: 'r", i, "' advocate_id: 'ann' referee_id: 'f", i, "'"));
    trips.push_back(absl::StrCat("conversion_id: 'c", i, "' referral_id: 'r", i,
                                 "' event: 'trip_booked' "
                                 "amount {amount_minor: 9000 currency: 'USD'}"));
  }
  EXPECT_THAT(world_->SubmitAll(leads), Each("submitted"));
  EXPECT_THAT(world_->ConvertAll(trips), Each("converted"));
  const Lines rewards = world_->RewardsOf("ann");
  EXPECT_EQ(std::count(rewards.begin(), rewards.end(), "referrer-credit: 2000 USD approved"),
            250);
  EXPECT_EQ(std::count(rewards.begin(), rewards.end(),
                       "referrer-credit: 0 USD cancelled (CAP_REACHED)"),
            2);
}

TEST_P(TravelTest, AirbnbHostsAreAProgrammeOfTheirOwn) {
  Begin("airbnb-host.yaml");
  EXPECT_EQ(world_->Enrol("advocate_id: 'guest' kind: 'guest'"), "NOT_ELIGIBLE");
  EXPECT_EQ(world_->Enrol("advocate_id: 'ann' kind: 'host'"), "enrolled");
  EXPECT_EQ(SignUpByCode("bob"), "ann by code");
  EXPECT_EQ(world_->Convert(Trip("bob", "trip_booked", 500)), "recorded");
  EXPECT_EQ(world_->Convert(Trip("bob", "stay_hosted", 500)), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("host-bonus: 10000 USD available"));
  EXPECT_THAT(world_->RewardsOf("bob"), IsEmpty());
}

TEST_P(TravelTest, UberCreditIsCarriedByTheCode) {
  Begin("uber.yaml").EnrolAll({"ann"});
  EXPECT_EQ(SignUpByCode("bob"), "ann by code");
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("first-ride: 1500 USD available"));
  // The link that carries the code is as good as the code.
  const auto ann =
      world_->Ask<GetAdvocateResponse>(GetAdvocateRequest(), "advocate_id: 'ann'").advocate();
  EXPECT_EQ(ann.link(), "https://rides.example/join/" + ann.code());
  EXPECT_EQ(world_->SignUp("customer_id: 'dan' code: '" + ann.link() + "'"), "ann by code");
  EXPECT_THAT(world_->RewardsOf("dan"), ElementsAre("first-ride: 1500 USD available"));
  // Named by a lead, and without the code: no ride for the friend, but one for the referrer.
  EXPECT_EQ(world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_id: 'cat'"),
            "submitted");
  EXPECT_EQ(world_->SignUp("customer_id: 'cat'"), "ann by lead");
  EXPECT_THAT(world_->RewardsOf("cat"), IsEmpty());
  EXPECT_EQ(world_->Convert(Trip("cat", "trip_completed", 12)), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("ride-credit: 1500 USD available"));
  // Who does not ride within 90 days has no credit any more; the referrer's stays.
  world_->AdvanceDays(90);
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre("first-ride: 1500 USD expired (EXPIRED)"));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("ride-credit: 1500 USD available"));
}

TEST_P(TravelTest, UberTellsCompanyAndFriendAndSeesWhoIsNotCalled) {
  Begin("uber.yaml").EnrolAll({"ann"});
  world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_email: 'bob@mail.example'");
  world_->Submit("referral_id: 'r2' advocate_id: 'ann' referee_email: 'cat@mail.example'");
  bool told = false;
  for (const auto& fact : world_->Facts()) {
    if (!fact.has_referral_submitted()) continue;
    told = fact.referral_submitted().alert_referee() &&
           fact.referral_submitted().has_follow_up_due_time();
  }
  EXPECT_TRUE(told);
  world_->AdvanceDays(1);
  const auto called = world_->Ask<UpdateLeadsResponse>(
      UpdateLeadsRequest(),
      "updates {referral_id: 'r1' state: LEAD_STATE_CONTACTED by: 'sam'}");
  EXPECT_TRUE(called.results(0).has_referral());
  world_->Advance(absl::Hours(24) + absl::Seconds(1));
  const auto overdue = world_->Ask<ListOverdueLeadsResponse>(ListOverdueLeadsRequest());
  ASSERT_EQ(overdue.leads_size(), 1);
  EXPECT_EQ(overdue.leads(0).referral_id(), "r2");
  int breaches = 0;
  for (const auto& fact : world_->Facts()) breaches += fact.has_follow_up_breached();
  EXPECT_EQ(breaches, 1);
}

KITH_ON_EVERY_STORE(TravelTest);

}  // namespace
}  // namespace kith::test
