// Addresses of companies: administrators with their commission, ambassadors with their gifts,
// and the football that ruined the quality.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "kith/referral/v1/fraud.pb.h"
#include "kith/referral/v1/fulfilment.pb.h"
#include "kith/referral/v1/lead.pb.h"
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
using testing::SizeIs;
using testing::UnorderedElementsAre;

class SellsyTest : public ScenarioTest {
 protected:
  static std::string Lead(const std::string& id, const std::string& advocate,
                          const std::string& more = "") {
    return absl::StrCat("referral_id: '", id, "' advocate_id: '", advocate,
                        "' referee_email: '", id, "@company-", id, ".example' ", more);
  }
  static std::string Company(int employees, const std::string& country) {
    return absl::StrCat("attributes {name: 'employees' value: '", employees,
                        "'} attributes {name: 'country' value: '", country, "'}");
  }
  Referral Get(const std::string& id) {
    return world_->Ask<GetReferralResponse>(GetReferralRequest(), "referral_id: '" + id + "'")
        .referral();
  }
};

TEST_P(SellsyTest, OnlyAdministratorsMayRecommend) {
  Begin("sellsy-admins.yaml");
  EXPECT_EQ(world_->Enrol("advocate_id: 'user' kind: 'user'"), "NOT_ELIGIBLE");
  EXPECT_EQ(world_->Enrol("advocate_id: 'ann' kind: 'admin'"), "enrolled");
}

TEST_P(SellsyTest, AFifthOfTheYearForTheReferrerAndAModuleForTheCompany) {
  Begin("sellsy-admins.yaml").Enrol("advocate_id: 'ann' kind: 'admin'");
  EXPECT_EQ(world_->Submit(Lead("r1", "ann", Company(40, "FR"))), "submitted");
  EXPECT_EQ(world_->SignUp("customer_id: 'acme' email: 'r1@company-r1.example'"),
            "ann by lead");
  EXPECT_EQ(world_->Convert("conversion_id: 's1' customer_id: 'acme' "
                            "event: 'subscription_bought' annual_minor: 119988 "
                            "amount {amount_minor: 9999 currency: 'EUR'}"),
            "converted");
  // 20 % of 1,199.88, half to even.
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("commission: 23998 EUR held"));
  EXPECT_THAT(world_->RewardsOf("acme"), ElementsAre("module: 1 unlock available"));
  EXPECT_EQ(Get("r1").lead_state(), LEAD_STATE_WON);
  world_->AdvanceDays(30);
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("commission: 23998 EUR available"));
}

TEST_P(SellsyTest, TheRulesKnowTheIdealCustomer) {
  Begin("sellsy-admins.yaml").Enrol("advocate_id: 'ann' kind: 'admin'");
  world_->SubmitAll({Lead("small", "ann", Company(40, "FR")),
                     Lead("tiny", "ann", Company(2, "FR")),
                     Lead("far", "ann", Company(40, "US")),
                     Lead("asked", "ann", "attributes {name: 'asked_for_us' value: 'true'}")});
  EXPECT_EQ(Get("small").fit(), FIT_GOOD);
  EXPECT_EQ(Get("small").fit_by(), "rules");
  EXPECT_EQ(Get("tiny").lead_state(), LEAD_STATE_UNQUALIFIED);
  EXPECT_EQ(Get("tiny").unqualified_reason(), "NOT_A_FIT");
  EXPECT_EQ(Get("far").fit(), FIT_BAD);
  EXPECT_EQ(Get("asked").fit(), FIT_GOOD);
}

class AmbassadorsTest : public SellsyTest {
 protected:
  void SetUp() override {
    Begin("sellsy-ambassadors.yaml", "2026-06-02T08:00:00Z");
    for (const char* advocate : {"ann", "ben"}) {
      EXPECT_EQ(world_->Enrol(absl::StrCat("advocate_id: '", advocate,
                                           "' attributes {name: 'score' value: '9'}")),
                "enrolled");
    }
  }
};

TEST_P(AmbassadorsTest, OnlyWhoGaveEightOrMoreIsAsked) {
  EXPECT_EQ(world_->Enrol("advocate_id: 'low' attributes {name: 'score' value: '7'}"),
            "NOT_ELIGIBLE");
  EXPECT_EQ(world_->Enrol("advocate_id: 'eight' attributes {name: 'score' value: '8'}"),
            "enrolled");
  EXPECT_EQ(world_->Enrol("advocate_id: 'silent'"), "NOT_ELIGIBLE");
  // Who has become less content is asked no more.
  EXPECT_EQ(world_->Submit(Lead("a1", "ann")), "submitted");
  world_->Ask<UpdateAdvocatesResponse>(
      UpdateAdvocatesRequest(),
      "updates {advocate_id: 'ann' attributes {name: 'score' value: '7'}}");
  EXPECT_EQ(world_->Submit(Lead("a2", "ann")), "NOT_ELIGIBLE");
}

TEST_P(AmbassadorsTest, GiftsAreHandedOutWhileThereAreAny) {
  world_->SubmitAll(
      {Lead("a1", "ann"), Lead("a2", "ann"), Lead("b1", "ben"), Lead("b2", "ben")});
  world_->Ask<SetStockResponse>(SetStockRequest(), "item: 'notebook' on_hand: 1");
  const auto claimed = world_->Claim("provider: 'shop' item: 'notebook'");
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].reward().recipient_id(), "ann");
  EXPECT_EQ(world_->Report(claimed[0], ""), "succeeded");
  EXPECT_THAT(world_->Claim("provider: 'shop' item: 'notebook'"), IsEmpty());
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("notebook: 1 gift fulfilled"));
  EXPECT_THAT(world_->RewardsOf("ben"), ElementsAre("notebook: 1 gift available"));
}

TEST_P(AmbassadorsTest, TwoAddressesANotebookFiveAJacketNobodyTwice) {
  EXPECT_EQ(world_->Submit(Lead("a1", "ann")), "submitted");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  // The same address in another spelling, and by somebody else.
  EXPECT_EQ(world_->Submit("referral_id: 'x1' advocate_id: 'ann' "
                           "referee_email: 'A1@Company-A1.example'"),
            "ALREADY_REFERRED");
  EXPECT_EQ(world_->Submit("referral_id: 'x2' advocate_id: 'ben' "
                           "referee_email: 'a1@company-a1.example'"),
            "ALREADY_REFERRED");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  EXPECT_THAT(world_->SubmitAll({Lead("a2", "ann"), Lead("a3", "ann"), Lead("a4", "ann")}),
              Each("submitted"));
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("notebook: 1 gift available"));
  world_->Submit(Lead("a5", "ann"));
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("jacket: 1 gift available", "notebook: 1 gift available"));
}

TEST_P(AmbassadorsTest, ThreeContactsAreAFootballWhileTheCampaignRuns) {
  const std::string football = "campaign: 'football'";
  EXPECT_THAT(world_->SubmitAll({Lead("a1", "ann", football), Lead("a2", "ann", football),
                                 Lead("a3", "ann", football)}),
              Each("submitted"));
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("football/ball: 1 gift available", "notebook: 1 gift available"));
  EXPECT_THAT(world_->SubmitAll({Lead("a4", "ann", football), Lead("a5", "ann", football),
                                 Lead("a6", "ann", football)}),
              Each("submitted"));
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("football/ball: 1 gift available", "football/ball: 1 gift available",
                          "jacket: 1 gift available", "notebook: 1 gift available"));
}

TEST_P(SellsyTest, TheFootballIsForJuneAndJulyInParis) {
  Begin("sellsy-ambassadors.yaml", "2026-05-31T21:59:59Z");
  world_->Enrol("advocate_id: 'ann' attributes {name: 'score' value: '8'}");
  const std::string football = "campaign: 'football'";
  EXPECT_EQ(world_->Submit(Lead("a1", "ann", football)), "CAMPAIGN_CLOSED");
  world_->Advance(absl::Seconds(1));  // midnight there
  EXPECT_EQ(world_->Submit(Lead("a1", "ann", football)), "submitted");
  world_->Advance(absl::Hours(24) * 61 - absl::Seconds(1));
  EXPECT_EQ(world_->Submit(Lead("a2", "ann", football)), "submitted");
  world_->Advance(absl::Seconds(1));  // midnight there of 1 August
  EXPECT_EQ(world_->Submit(Lead("a3", "ann", football)), "CAMPAIGN_CLOSED");
}

// A lead of ann's that a person finds to be of use, or not.
class FootballTest : public SellsyTest {
 protected:
  void Send(const std::string& id, bool good, const std::string& more = "") {
    EXPECT_EQ(world_->Submit(Lead(id, "ann", more)), "submitted");
    world_->Ask<DecideFitResponse>(
        DecideFitRequest(),
        absl::StrCat("referral_id: '", id, "' decided_by: 'sam' ",
                     good ? "fit: FIT_GOOD" : "fit: FIT_BAD reason: 'no_company'"));
  }
  bool Alarmed() {
    const auto quality = world_->Ask<GetQualityResponse>(GetQualityRequest());
    for (const auto& one : quality.campaigns()) {
      if (one.has_alarm_time()) return true;
    }
    return false;
  }
};

TEST_P(FootballTest, TripsTheAlarmAndIsPaused) {
  Begin("sellsy-ambassadors.yaml", "2026-05-12T08:00:00Z");
  world_->Enrol("advocate_id: 'ann' attributes {name: 'score' value: '9'}");
  // Before, an address every other day, half of them of use.
  for (int i = 0; i < 10; ++i) {
    Send(absl::StrCat("before-", i), i % 2 == 0);
    world_->AdvanceDays(2);
  }
  // With the football many more, of which every eighth is of use. The 17th is enough: 2 of 17
  // are 100 times as likely at a quarter as at the half that is usual.
  int sent = 0;
  while (sent < 80 && !Alarmed()) {
    Send(absl::StrCat("ball-", sent), sent % 8 == 4, "campaign: 'football'");
    ++sent;
  }
  EXPECT_EQ(sent, 17);
  const auto campaign =
      world_->Ask<GetCampaignResponse>(GetCampaignRequest(), "campaign_id: 'football'");
  EXPECT_EQ(campaign.campaign().pause().cause(), "quality");
  EXPECT_EQ(campaign.campaign().pause().paused_by(), "alarm");
  // Five balls are earned and kept back; the programme's own gifts go on.
  EXPECT_THAT(world_->RewardsOf("ann"), Contains("football/ball: 1 gift available").Times(5));
  Lines gifts;
  for (const auto& claimed : world_->Claim("provider: 'shop' max_rewards: 100")) {
    gifts.push_back(claimed.reward().item());
  }
  EXPECT_THAT(gifts, UnorderedElementsAre("notebook", "jacket"));
  Lines told;
  for (const auto& fact : world_->Facts()) {
    if (fact.has_campaign_paused()) told.push_back(fact.campaign_paused().cause());
    if (!fact.has_quality_collapsed()) continue;
    const auto& collapse = fact.quality_collapsed();
    told.push_back(absl::StrCat(collapse.campaign(), ": ", collapse.successes(), " of ",
                                collapse.outcomes(), " against ",
                                collapse.baseline_basis_points()));
  }
  EXPECT_THAT(told, UnorderedElementsAre("football: 2 of 17 against 5000", "quality"));
}

KITH_ON_EVERY_STORE(SellsyTest);
KITH_ON_EVERY_STORE(AmbassadorsTest);
KITH_ON_EVERY_STORE(FootballTest);

}  // namespace
}  // namespace kith::test
