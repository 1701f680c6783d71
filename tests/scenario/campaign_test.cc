// Variants of a programme for a time: contest, fundraiser, season, exclusive event, social
// gifting.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/program.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::referral::v1;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class CampaignTest : public ScenarioTest {
 protected:
  std::string Submit(const std::string& advocate, const std::string& friend_id,
                     const std::string& campaign) {
    return world_->Submit(absl::StrCat("referral_id: 'r-", friend_id, "' advocate_id: '",
                                       advocate, "' referee_id: '", friend_id, "' campaign: '",
                                       campaign, "'"));
  }
  std::string Order(const std::string& friend_id) {
    return world_->Convert(absl::StrCat("conversion_id: 'o-", friend_id, "' referral_id: 'r-",
                                        friend_id, "' event: 'order_placed'"));
  }
};

TEST_P(CampaignTest, AContestCountsFriendsWhoBuyAndNotAddresses) {
  Begin("contest.yaml", "2026-05-31T12:00:00Z").EnrolAll({"ann"});
  EXPECT_EQ(Submit("ann", "early", "summer-draw"), "CAMPAIGN_CLOSED");
  world_->AdvanceDays(1);
  for (const char* friend_id : {"f1", "f2", "f3", "f4"}) {
    EXPECT_EQ(Submit("ann", friend_id, "summer-draw"), "submitted");
  }
  EXPECT_EQ(Submit("ann", "f5", ""), "submitted");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  EXPECT_EQ(Order("f1"), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("credit: 500 USD available",
                                                    "summer-draw/entry: 1 entry available"));
  // Outside the campaign there is no entry, and a day has three at most.
  for (const char* friend_id : {"f2", "f3", "f4", "f5"}) Order(friend_id);
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("credit: 500 USD available", "credit: 500 USD available",
                          "credit: 500 USD available", "credit: 500 USD available",
                          "credit: 500 USD available",
                          "summer-draw/entry: 0 entry cancelled (CAP_REACHED)",
                          "summer-draw/entry: 1 entry available",
                          "summer-draw/entry: 1 entry available",
                          "summer-draw/entry: 1 entry available"));
  // Who gives the order back gives the entry back, and makes room for another one.
  world_->Reverse("o-f1", "refund");
  EXPECT_EQ(Submit("ann", "f6", "summer-draw"), "submitted");
  Order("f6");
  const Lines rewards = world_->RewardsOf("ann");
  EXPECT_THAT(rewards, Contains("summer-draw/entry: 1 entry reversed (refund)").Times(1));
  EXPECT_THAT(rewards, Contains("summer-draw/entry: 1 entry available").Times(3));
}

TEST_P(CampaignTest, AFundraiserGivesToItsCauseUntilTheBudgetIsUsedUp) {
  Begin("fundraiser.yaml", "2026-04-10T12:00:00Z").EnrolAll({"ann", "ben"});
  Submit("ann", "f1", "trees");
  Submit("ben", "f2", "trees");
  Submit("ann", "f3", "trees");
  Submit("ann", "f4", "trees");
  Submit("ann", "f5", "");
  for (const char* friend_id : {"f1", "f2", "f3", "f4", "f5"}) Order(friend_id);
  // The third is clamped to what is left; the fourth gets nothing, and says why.
  EXPECT_THAT(
      world_->RewardsOf("ann"),
      ElementsAre("credit: 1000 USD available",
                  "trees/donation: 0 USD cancelled (CAP_REACHED)",
                  "trees/donation: 1000 USD available", "trees/donation: 500 USD available"));
  EXPECT_THAT(world_->RewardsOf("ben"), ElementsAre("trees/donation: 1000 USD available"));
  const auto campaign =
      world_->Ask<GetCampaignResponse>(GetCampaignRequest(), "campaign_id: 'trees'")
          .campaign();
  EXPECT_TRUE(campaign.open());
  EXPECT_EQ(campaign.campaign().cause(), "Ten trees for a friend who comes by this campaign");
  ASSERT_EQ(campaign.budget_size(), 1);
  EXPECT_EQ(campaign.budget(0).minor(), 2500);
  // Whoever passes donations on gets those of the cause, and no credit.
  Lines donations;
  for (const auto& claimed : world_->Claim("provider: 'forest' item: 'trees'")) {
    donations.push_back(absl::StrCat(claimed.reward().recipient_id(), " ",
                                     claimed.reward().amount().amount_minor()));
    EXPECT_EQ(world_->Report(claimed, ""), "succeeded");
  }
  EXPECT_THAT(donations, UnorderedElementsAre("ann 1000", "ann 500", "ben 1000"));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 3500 USD", "liability:rewards -1000 USD",
                          "paid:rewards -2500 USD"));
  world_->AdvanceDays(21);
  EXPECT_EQ(Submit("ann", "f6", "trees"), "CAMPAIGN_CLOSED");
}

TEST_P(CampaignTest, ASeasonComesAgainByTheCalendarOfItsZone) {
  // Half past midnight of 1 December in Berlin.
  Begin("seasonal.yaml", "2026-11-30T23:30:00Z").EnrolAll({"ann"});
  EXPECT_EQ(Submit("ann", "f1", "advent"), "submitted");
  // Who comes without the campaign brings what it brings all year.
  EXPECT_EQ(Submit("ann", "f0", ""), "submitted");
  Order("f0");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("referrer-credit: 1000 EUR available"));
  EXPECT_THAT(world_->RewardsOf("f0"), ElementsAre("friend-credit: 1000 EUR available"));
  world_->AdvanceDays(40);
  // Who was recommended in the season is rewarded by it, also in January.
  EXPECT_EQ(Order("f1"), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("advent/referrer-credit: 2000 EUR available",
                          "referrer-credit: 1000 EUR available"));
  EXPECT_THAT(world_->RewardsOf("f1"),
              ElementsAre("advent/friend-credit: 2000 EUR available"));
  EXPECT_EQ(Submit("ann", "f2", "advent"), "CAMPAIGN_CLOSED");
  world_->AdvanceDays(324);
  EXPECT_EQ(Submit("ann", "f3", "advent"), "CAMPAIGN_CLOSED");  // 30 November
  world_->AdvanceDays(16);  // mid-December of the next year
  EXPECT_EQ(Submit("ann", "f3", "advent"), "submitted");
  Order("f3");
  EXPECT_THAT(world_->RewardsOf("f3"),
              ElementsAre("advent/friend-credit: 2000 EUR available"));
}

class GalaTest : public CampaignTest {
 protected:
  void SetUp() override { Begin("exclusive-event.yaml", "2026-03-15T12:00:00Z"); }
  void EnrolChampion(const std::string& host) {
    EXPECT_EQ(world_->Enrol(absl::StrCat("advocate_id: '", host,
                                         "' attributes {name: 'level' value: 'champion'}")),
              "enrolled");
  }
  // A guest whom the host invites and who becomes a customer.
  void Bring(const std::string& host, const std::string& guest) {
    EXPECT_EQ(Submit(host, guest, "gala"), "submitted");
    EXPECT_EQ(world_->SignUp(absl::StrCat("customer_id: '", guest, "'")), host + " by lead");
    EXPECT_EQ(Order(guest), "converted");
  }
  static constexpr char kHost[] = "gala/host-ticket: 1 ticket available";
  static constexpr char kGuest[] = "gala/guest-ticket: 1 ticket available";
  static constexpr char kNoHost[] = "gala/host-ticket: 0 ticket cancelled (CAP_REACHED)";
  static constexpr char kNoGuest[] = "gala/guest-ticket: 0 ticket cancelled (CAP_REACHED)";
};

TEST_P(GalaTest, AnEveningForTenPairs) {
  world_->EnrolAll({"plain"});
  EXPECT_EQ(Submit("plain", "g0", "gala"), "NOT_IN_AUDIENCE");
  for (int i = 1; i <= 11; ++i) {
    const std::string host = absl::StrCat("h", i), guest = absl::StrCat("g", i);
    EnrolChampion(host);
    Bring(host, guest);
    EXPECT_THAT(world_->RewardsOf(host), ElementsAre(i <= 10 ? kHost : kNoHost));
    EXPECT_THAT(world_->RewardsOf(guest), ElementsAre(i <= 10 ? kGuest : kNoGuest));
  }
  // A refund takes both tickets, which are then for another pair.
  world_->Reverse("o-g3", "refund");
  EXPECT_THAT(world_->RewardsOf("h3"),
              ElementsAre("gala/host-ticket: 1 ticket reversed (refund)"));
  EXPECT_THAT(world_->RewardsOf("g3"),
              ElementsAre("gala/guest-ticket: 1 ticket reversed (refund)"));
  EnrolChampion("h12");
  Bring("h12", "g12");
  EXPECT_THAT(world_->RewardsOf("h12"), ElementsAre(kHost));
  EXPECT_THAT(world_->RewardsOf("g12"), ElementsAre(kGuest));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 20 ticket", "liability:rewards -20 ticket"));
  world_->AdvanceDays(47);
  EXPECT_EQ(Submit("h1", "late", "gala"), "CAMPAIGN_CLOSED");
}

TEST_P(GalaTest, WhoBringsTwoFriendsHasTwoPairs) {
  EnrolChampion("ann");
  Bring("ann", "bob");
  Bring("ann", "cat");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre(kHost, kHost));
  EXPECT_THAT(world_->RewardsOf("bob"), ElementsAre(kGuest));
  EXPECT_THAT(world_->RewardsOf("cat"), ElementsAre(kGuest));
}

TEST_P(GalaTest, AGuestWhoIsGivenToAnotherAdvocateIsNoPairAnyMore) {
  EnrolChampion("ann");
  world_->EnrolAll({"ben"});
  Bring("ann", "bob");
  world_->Ask<OverrideAttributionResponse>(
      OverrideAttributionRequest(),
      "customer_id: 'bob' advocate_id: 'ben' decided_by: 'sam' cause: 'call'");
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("gala/host-ticket: 1 ticket reversed (override)"));
  EXPECT_THAT(world_->RewardsOf("bob"),
              ElementsAre("gala/guest-ticket: 1 ticket reversed (override)"));
  EXPECT_THAT(world_->RewardsOf("ben"), IsEmpty());
}

TEST_P(GalaTest, WhoIsInvitedAndNeverSignsUpIsNoPair) {
  EnrolChampion("ann");
  EXPECT_EQ(world_->Submit("referral_id: 'r-bob' advocate_id: 'ann' campaign: 'gala' "
                           "referee_email: 'bob@mail.example'"),
            "submitted");
  EXPECT_EQ(Order("bob"), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  EXPECT_THAT(world_->RewardsOf("bob"), IsEmpty());
}

TEST_P(CampaignTest, ASharedCouponEarnsWhenItIsRedeemed) {
  Begin("social-gifting.yaml").EnrolAll({"ann"});
  const std::string code =
      world_
          ->Ask<IssueCodeResponse>(IssueCodeRequest(), "advocate_id: 'ann' campaign: 'coffee'")
          .code()
          .code();
  for (const char* friend_id : {"f1", "f2", "f3"}) {
    EXPECT_EQ(
        world_->SignUp(absl::StrCat("customer_id: '", friend_id, "' code: '", code, "'")),
        "ann by code");
  }
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  const auto redeem = [](const char* friend_id) {
    return absl::StrCat("conversion_id: 'c-", friend_id, "' customer_id: '", friend_id,
                        "' event: 'coupon_redeemed'");
  };
  world_->ConvertAll({redeem("f1"), redeem("f2"), redeem("f3")});
  // Two a week.
  EXPECT_THAT(
      world_->RewardsOf("ann"),
      ElementsAre("coffee/coffee: 0 USD cancelled (CAP_REACHED)",
                  "coffee/coffee: 300 USD available", "coffee/coffee: 300 USD available"));
}

KITH_ON_EVERY_STORE(CampaignTest);
KITH_ON_EVERY_STORE(GalaTest);

}  // namespace
}  // namespace kith::test
