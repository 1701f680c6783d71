// Programmes that need more than one service: tiers and segments that raise a commission, a
// reward for what the friend achieves, points, reminders.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "tests/scenario/referral_world.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using cli::EnumText;
using kith::referral::v1::EnrollAdvocatesRequest;
using kith::referral::v1::EnrollAdvocatesResponse;
using kith::referral::v1::GetAdvocateRequest;
using kith::referral::v1::GetAdvocateResponse;
using kith::referral::v1::OverrideAttributionRequest;
using kith::referral::v1::OverrideAttributionResponse;
using kith::referral::v1::UpdateAdvocatesRequest;
using kith::referral::v1::UpdateAdvocatesResponse;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SuiteTest : public ScenarioTest {
 protected:
  ReferralWorld& BeginSuite(const std::string& file) {
    return Begin(file, "2026-01-01T00:00:00Z", Cast::kWholeSuite);
  }
  std::string SignUpByCode(const std::string& friend_id) {
    const std::string judged = world_->SignUp(
        absl::StrCat("customer_id: '", friend_id, "' code: '", world_->CodeOf("ann"), "'"));
    world_->AwaitFeeds();
    return judged;
  }
  static std::string Payment(const std::string& customer, int dollars) {
    return absl::StrCat("conversion_id: 'p-", customer, "' customer_id: '", customer,
                        "' amount {amount_minor: ", dollars * 100, " currency: 'USD'}");
  }
  // The points of what ann did, or the reason of the refusal.
  std::string Act(const std::string& id, const std::string& behaviour) {
    const auto response = world_->Ask<kith::advocacy::v1::RecordActivitiesResponse>(
        kith::advocacy::v1::RecordActivitiesRequest(),
        absl::StrCat("activities {activity_id: '", id, "' advocate_id: 'ann' behaviour: '",
                     behaviour, "'}"));
    world_->AwaitFeeds();
    const auto& result = response.results(0);
    return result.has_error() ? result.error().reason()
                              : absl::StrCat(result.activity().points());
  }
  // What a contact gets: `remind scheduled 2026-01-04`.
  Lines MessagesOf(const std::string& contact) {
    const auto response = world_->Try<kith::outreach::v1::ExplainContactResponse>(
        kith::outreach::v1::ExplainContactRequest(), "contact_id: '" + contact + "'");
    if (!response.ok()) return {"is no contact"};
    Lines lines;
    for (const auto& message : response->messages()) {
      const absl::Time planned = cli::FromTimestamp(message.planned_time());
      lines.push_back(
          absl::StrCat(message.step_id(), " ", EnumText(message.state()), " ",
                       absl::FormatTime("%Y-%m-%d", planned, absl::UTCTimeZone())));
    }
    return lines;
  }
  // Sends what is due: `remind to ann`.
  Lines SendDue() {
    const auto claimed = world_->Ask<kith::outreach::v1::ClaimDueResponse>(
        kith::outreach::v1::ClaimDueRequest(), "max_messages: 100");
    Lines lines;
    for (const auto& message : claimed.messages()) {
      lines.push_back(absl::StrCat(message.step_id(), " to ", message.contact_id()));
      world_->Ask<kith::outreach::v1::AckMessageResponse>(
          kith::outreach::v1::AckMessageRequest(),
          absl::StrCat("message_id: '", message.message_id(), "' lease_token: '",
                       message.lease_token(), "'"));
    }
    return lines;
  }
  // `225 points, supporter, 25 to defender`.
  std::string StandingOf(const std::string& advocate) {
    const auto known =
        world_
            ->Ask<kith::advocacy::v1::GetAdvocateResponse>(
                kith::advocacy::v1::GetAdvocateRequest(), "advocate_id: '" + advocate + "'")
            .advocate();
    return absl::StrCat(known.points(), " points, ", known.tier(), ", ",
                        known.points_to_next_tier(), " to ", known.next_tier());
  }
};

TEST_P(SuiteTest, ChampionsEarnAQuarterAndOthersAFifth) {
  BeginSuite("segmented.yaml").EnrolAll({"ann"});
  world_->AwaitFeeds();
  SignUpByCode("bob");
  EXPECT_EQ(world_->Convert(Payment("bob", 100)), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("commission: 2000 USD held"));
  // A successful referral and talks make ann a champion: 75 + 3 * 200.
  for (const char* id : {"t1", "t2", "t3"}) Act(id, "speaking");
  SignUpByCode("cat");
  EXPECT_EQ(world_->Convert(Payment("cat", 100)), "converted");
  EXPECT_THAT(world_->RewardsOf("ann"),
              ElementsAre("commission: 2000 USD held", "commission: 2500 USD held"));
}

TEST_P(SuiteTest, WhoLeavesWhileACommissionIsHeldTakesItAlong) {
  BeginSuite("segmented.yaml").EnrolAll({"ann"});
  world_->AwaitFeeds();
  for (const char* id : {"bob", "cat"}) {
    SignUpByCode(id);
    EXPECT_EQ(world_->Convert(Payment(id, 100)), "converted");
  }
  world_->AdvanceDays(8);
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_CHURN");
  EXPECT_THAT(world_->RewardsOf("ann"),
              UnorderedElementsAre("commission: 2000 USD reversed (churn)",
                                   "commission: 2000 USD held"));
  // Past the holding period it is ann's.
  world_->AdvanceDays(22);
  world_->Happens("customer_id: 'cat' kind: EVENT_KIND_CHURN");
  EXPECT_THAT(world_->RewardsOf("ann"),
              UnorderedElementsAre("commission: 2000 USD reversed (churn)",
                                   "commission: 2000 USD available"));
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 2000 USD", "liability:rewards -2000 USD"));
}

// The company of the product's figures: 140 advocates brought nobody, 48 one or two, and 12
// between 8 and 25.
TEST_P(SuiteTest, SegmentsAreFoundInTheDataAndThoseOfTheCircleEarnMore) {
  BeginSuite("segmented.yaml");
  std::vector<int> brought(140, 0);
  brought.insert(brought.end(), 30, 1);
  brought.insert(brought.end(), 18, 2);
  brought.insert(brought.end(), {8, 9, 9, 10, 10, 11, 12, 12, 13, 14, 24, 25});
  EnrollAdvocatesRequest everybody;
  Lines leads, payments;
  for (size_t i = 0; i < brought.size(); ++i) {
    const std::string advocate = absl::StrCat("a", i);
    everybody.add_advocates()->set_advocate_id(advocate);
    for (int n = 0; n < brought[i]; ++n) {
      const std::string id = absl::StrCat(advocate, "-", n);
      leads.push_back(absl::StrCat("referral_id: 'r", id, "' advocate_id: '", advocate,
                                   "' referee_id: 'f", id, "'"));
      payments.push_back(absl::StrCat("conversion_id: 'p", id, "' referral_id: 'r", id,
                                      "' amount {amount_minor: 10000 currency: 'USD'}"));
    }
  }
  world_->Ask<EnrollAdvocatesResponse>(everybody);
  EXPECT_THAT(world_->SubmitAll(leads), Each("submitted"));
  EXPECT_THAT(world_->ConvertAll(payments), Each("converted"));
  world_->AwaitFeeds();
  const auto found = world_->Ask<kith::advocacy::v1::GetSegmentsResponse>(
      kith::advocacy::v1::GetSegmentsRequest());
  Lines segments;
  for (const auto& segment : found.segments()) {
    segments.push_back(absl::StrCat(EnumText(segment.segment()), ": ", segment.advocates(),
                                    " with ", segment.min_successes(), " to ",
                                    segment.max_successes()));
  }
  EXPECT_THAT(segments, ElementsAre("champion: 12 with 8 to 25", "contributor: 48 with 1 to 2",
                                    "dormant: 140 with 0 to 0"));
  EXPECT_NEAR(found.goodness_of_variance_fit(), 0.7860648475376054, 1e-12);
  // All had a fifth so far. From now on the champions have a quarter, and whoever is taken
  // into their circle.
  EXPECT_THAT(world_->Balances(),
              ElementsAre("expense:rewards 446000 USD", "liability:rewards -446000 USD"));
  world_->Ask<UpdateAdvocatesResponse>(
      UpdateAdvocatesRequest(),
      "updates {advocate_id: 'a1' attributes {name: 'circle' value: 'champion'}}");
  for (const char* advocate : {"a0", "a1", "a187", "a188"}) {
    world_->Submit(absl::StrCat("referral_id: 'new-", advocate, "' advocate_id: '", advocate,
                                "' referee_id: 'new-", advocate, "'"));
    EXPECT_EQ(world_->Convert(absl::StrCat("conversion_id: 'new-", advocate,
                                           "' referral_id: 'new-", advocate,
                                           "' amount {amount_minor: 10000 currency: 'USD'}")),
              "converted");
  }
  EXPECT_THAT(world_->RewardsOf("a0"), ElementsAre("commission: 2000 USD held"));
  EXPECT_THAT(world_->RewardsOf("a1"), ElementsAre("commission: 2500 USD held"));
  EXPECT_THAT(world_->RewardsOf("a187"), Each("commission: 2000 USD held"));
  EXPECT_THAT(world_->RewardsOf("a188"), Contains("commission: 2500 USD held").Times(1));
}

TEST_P(SuiteTest, PartnersAreHelpedBeforeTheyAreAskedAndThankedWhenItWorks) {
  BeginSuite("segmented.yaml").EnrolAll({"ann"});
  world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_id: 'bob'");
  world_->AwaitFeeds();
  EXPECT_THAT(MessagesOf("ann"),
              ElementsAre("how-to scheduled 2026-01-08", "material scheduled 2026-01-22",
                          "ask scheduled 2026-02-12"));
  world_->AdvanceDays(10);
  EXPECT_THAT(SendDue(), ElementsAre("how-to to ann"));
  EXPECT_EQ(world_->Convert("conversion_id: 'p1' referral_id: 'r1' "
                            "amount {amount_minor: 10000 currency: 'USD'}"),
            "converted");
  world_->AwaitFeeds();
  EXPECT_THAT(MessagesOf("ann"),
              UnorderedElementsAre("how-to sent 2026-01-08", "material skipped 2026-01-22",
                                   "ask skipped 2026-02-12", "thanks scheduled 2026-01-11",
                                   "tools scheduled 2026-01-14", "next scheduled 2026-01-25"));
}

TEST_P(SuiteTest, TrustIsRewardedWhenTheFriendHasAResult) {
  BeginSuite("trust-transfer.yaml").EnrolAll({"ann"});
  world_->Submit(
      "referral_id: 'r1' advocate_id: 'ann' referee_id: 'bob' "
      "expectations: 'set_up_in_a_day' expectations: 'free'");
  EXPECT_EQ(world_->SignUp("customer_id: 'bob'"), "ann by lead");
  EXPECT_EQ(world_->SignUp("customer_id: 'eve'"), "nobody");
  world_->AwaitFeeds();
  // Whoever writes to bob learns what ann has promised.
  Lines promised;
  for (const auto& fact : world_->Facts()) {
    for (const auto& one : fact.referral_submitted().expectations()) promised.push_back(one);
  }
  EXPECT_THAT(promised, ElementsAre("set_up_in_a_day", "free"));
  EXPECT_THAT(MessagesOf("bob"),
              ElementsAre("expectations scheduled 2026-01-01", "call scheduled 2026-01-03",
                          "plan scheduled 2026-01-06", "manager scheduled 2026-01-07"));
  EXPECT_THAT(SendDue(), IsEmpty());  // it is night
  world_->Advance(absl::Hours(8));
  EXPECT_THAT(SendDue(), ElementsAre("expectations to bob"));
  world_->AdvanceDays(7);
  EXPECT_THAT(SendDue(), ElementsAre("call to bob", "plan to bob", "manager to bob"));
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_ACTIVITY name: 'logged_in'");
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
  for (const char* customer : {"bob", "bob", "eve"}) {
    world_->Happens(absl::StrCat("customer_id: '", customer,
                                 "' kind: EVENT_KIND_ACTIVITY name: 'first_result'"));
    EXPECT_THAT(world_->RewardsOf("ann"), ElementsAre("thanks: 2500 USD available"));
  }
  EXPECT_THAT(world_->RewardsOf("bob"), IsEmpty());
  // Who came of her own accord gets nothing of this.
  EXPECT_THAT(MessagesOf("eve"), ElementsAre("is no contact"));
}

TEST_P(SuiteTest, TrustIsLostWithTheFriendWhoLeaves) {
  BeginSuite("trust-transfer.yaml").EnrolAll({"ann"});
  EXPECT_EQ(SignUpByCode("bob"), "ann by code");
  world_->Advance(absl::Hours(4 * 24 + 9));
  EXPECT_THAT(SendDue(), ElementsAre("expectations to bob", "call to bob"));
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_CHURN");
  EXPECT_THAT(MessagesOf("bob"),
              ElementsAre("expectations sent 2026-01-01", "call sent 2026-01-03",
                          "plan skipped 2026-01-06", "manager skipped 2026-01-07"));
  EXPECT_THAT(world_->RewardsOf("ann"), IsEmpty());
}

TEST_P(SuiteTest, GlossierOffersOneReminderAfterThreeDaysByDay) {
  BeginSuite("glossier.yaml").EnrolAll({"ann", "ben"});
  const std::string bob = "referee_id: 'bob' referee_email: 'bob@mail.example'";
  EXPECT_EQ(world_->Submit("referral_id: 'r1' advocate_id: 'ann' " + bob), "submitted");
  // Inviting again, or somebody who is invited already, starts nothing.
  EXPECT_EQ(world_->Submit("referral_id: 'r2' advocate_id: 'ann' " + bob), "ALREADY_REFERRED");
  EXPECT_EQ(world_->Submit("referral_id: 'r3' advocate_id: 'ben' " + bob), "ALREADY_REFERRED");
  world_->AwaitFeeds();
  EXPECT_THAT(MessagesOf("ann"), ElementsAre("remind scheduled 2026-01-04"));
  EXPECT_THAT(MessagesOf("ben"), ElementsAre("is no contact"));
  world_->Advance(absl::Hours(3 * 24 - 1));
  EXPECT_THAT(SendDue(), IsEmpty());
  world_->Advance(absl::Hours(1));  // midnight
  EXPECT_THAT(SendDue(), IsEmpty());
  world_->Advance(absl::Hours(8));
  EXPECT_THAT(SendDue(), ElementsAre("remind to ann"));
  world_->AdvanceDays(30);
  EXPECT_THAT(SendDue(), IsEmpty());
}

TEST_P(SuiteTest, GlossierRemindsNobodyOfAFriendWhoHasBought) {
  BeginSuite("glossier.yaml").EnrolAll({"ann"});
  world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_id: 'bob'");
  world_->SignUp("customer_id: 'bob'");
  world_->Convert("conversion_id: 'o1' customer_id: 'bob' event: 'order_placed'");
  world_->AwaitFeeds();
  EXPECT_THAT(MessagesOf("ann"), ElementsAre("remind skipped 2026-01-04"));
  world_->AdvanceDays(4);
  EXPECT_THAT(SendDue(), IsEmpty());
}

TEST_P(SuiteTest, WhoIsCreditedIsThankedAlsoWhenAPersonDecidesIt) {
  BeginSuite("quickstart.yaml").EnrolAll({"ann", "ben"});
  SignUpByCode("bob");
  EXPECT_EQ(world_->Convert(Payment("bob", 50)), "converted");
  const auto give_to = [this](const std::string& advocate) {
    world_->Ask<OverrideAttributionResponse>(
        OverrideAttributionRequest(),
        absl::StrCat("customer_id: 'bob' advocate_id: '", advocate,
                     "' decided_by: 'sam' cause: 'call'"));
    world_->AwaitFeeds();
  };
  give_to("ben");
  EXPECT_THAT(MessagesOf("ann"), ElementsAre("thanks skipped 2026-01-01"));
  EXPECT_THAT(MessagesOf("ben"), ElementsAre("thanks scheduled 2026-01-01"));
  give_to("ann");
  EXPECT_THAT(MessagesOf("ann"), ElementsAre("thanks scheduled 2026-01-01"));
  EXPECT_THAT(MessagesOf("ben"), ElementsAre("thanks skipped 2026-01-01"));
}

TEST_P(SuiteTest, UberTellsTheCompanyOfALeadAndHasSalesCallWhenACodeWasUsed) {
  BeginSuite("uber.yaml").EnrolAll({"ann"});
  world_->Submit("referral_id: 'r1' advocate_id: 'ann' referee_email: 'cat@mail.example'");
  world_->AwaitFeeds();
  EXPECT_THAT(SendDue(), ElementsAre("alert to ann"));
  SignUpByCode("bob");
  SignUpByCode("dan");
  EXPECT_THAT(MessagesOf("bob"), ElementsAre("call scheduled 2026-01-01"));
  EXPECT_THAT(SendDue(), IsEmpty());
  // Who has ridden needs no call.
  EXPECT_EQ(world_->Convert("conversion_id: 't1' customer_id: 'dan' event: 'trip_completed'"),
            "converted");
  world_->AwaitFeeds();
  world_->Advance(absl::Hours(1));
  EXPECT_THAT(SendDue(), ElementsAre("call to bob"));
  EXPECT_THAT(MessagesOf("dan"), ElementsAre("call skipped 2026-01-01"));
}

TEST_P(SuiteTest, AmbassadorsAreThankedOnceAWeekAndAskedOnceAMonth) {
  BeginSuite("sellsy-ambassadors.yaml");
  world_->Enrol("advocate_id: 'ann' attributes {name: 'score' value: '8'}");
  world_->SubmitAll({"referral_id: 'r1' advocate_id: 'ann' referee_id: 'b1'",
                     "referral_id: 'r2' advocate_id: 'ann' referee_id: 'b2'",
                     "referral_id: 'r3' advocate_id: 'ann' referee_id: 'b3'"});
  world_->AwaitFeeds();
  world_->Advance(absl::Minutes(7 * 60 - 1));  // one minute to eight in Paris
  EXPECT_THAT(SendDue(), IsEmpty());
  world_->Advance(absl::Minutes(1));
  EXPECT_THAT(SendDue(), ElementsAre("thanks to ann"));
  world_->AdvanceDays(7);
  EXPECT_THAT(SendDue(), ElementsAre("more to ann"));
  const Lines messages = MessagesOf("ann");
  EXPECT_THAT(messages, Contains("thanks skipped 2026-01-01").Times(2));
  EXPECT_THAT(messages, Contains("more skipped 2026-01-08").Times(2));
  world_->AdvanceDays(60);
  EXPECT_THAT(SendDue(), IsEmpty());
}

TEST_P(SuiteTest, AdvocatesEarnPointsAndTiersByWhatTheyDo) {
  BeginSuite("advocacy-programme.yaml").EnrolAll({"ann"});
  world_->AwaitFeeds();
  EXPECT_EQ(Act("a1", "review"), "50");
  EXPECT_EQ(Act("a2", "webinar"), "UNKNOWN_BEHAVIOUR");
  EXPECT_EQ(StandingOf("ann"), "50 points, , 50 to supporter");
  EXPECT_EQ(Act("a3", "case_study"), "100");
  EXPECT_EQ(StandingOf("ann"), "150 points, supporter, 100 to defender");
  SignUpByCode("bob");
  EXPECT_EQ(world_->Convert(Payment("bob", 100)), "converted");
  world_->AwaitFeeds();
  EXPECT_EQ(StandingOf("ann"), "225 points, supporter, 25 to defender");
  EXPECT_EQ(Act("a4", "educational_content"), "150");
  EXPECT_EQ(StandingOf("ann"), "375 points, defender, 125 to champion");
  EXPECT_EQ(Act("a5", "speaking"), "200");
  EXPECT_EQ(StandingOf("ann"), "575 points, champion, 0 to ");
  // Answers count four times in 30 days.
  for (const char* id : {"b1", "b2", "b3", "b4"}) EXPECT_EQ(Act(id, "community_answer"), "25");
  EXPECT_EQ(Act("b5", "community_answer"), "0");
  EXPECT_EQ(StandingOf("ann"), "675 points, champion, 0 to ");
  world_->AdvanceDays(30);
  EXPECT_EQ(Act("b6", "community_answer"), "25");
  // A refund takes the points of the referral.
  world_->Reverse("p-bob", "refund");
  world_->AwaitFeeds();
  EXPECT_EQ(StandingOf("ann"), "625 points, champion, 0 to ");
  EXPECT_EQ(world_->Ask<GetAdvocateResponse>(GetAdvocateRequest(), "advocate_id: 'ann'")
                .advocate()
                .tier(),
            "champion");
}

TEST_P(SuiteTest, AdvocatesAreAskedWhenTheyHaveHadTimeToSucceed) {
  BeginSuite("advocacy-programme.yaml");
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_SIGNUP");
  EXPECT_THAT(MessagesOf("bob"), ElementsAre("is no contact"));
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_ONBOARDING_COMPLETED");
  EXPECT_THAT(
      MessagesOf("bob"),
      ElementsAre("review scheduled 2026-01-29", "case-study scheduled 2026-04-01",
                  "speaking scheduled 2026-06-30", "community-1 scheduled 2026-09-28",
                  "community-2 scheduled 2026-12-27", "community-3 scheduled 2027-03-27",
                  "community-4 scheduled 2027-06-25"));
  world_->AdvanceDays(28);
  EXPECT_THAT(SendDue(), IsEmpty());  // at midnight nobody is asked
  world_->Advance(absl::Hours(8));
  EXPECT_THAT(SendDue(), ElementsAre("review to bob"));
  // Who leaves is not asked any more.
  world_->Happens("customer_id: 'bob' kind: EVENT_KIND_CHURN");
  world_->AdvanceDays(600);
  EXPECT_THAT(SendDue(), IsEmpty());
  EXPECT_THAT(MessagesOf("bob"), Contains("speaking skipped 2026-06-30"));
}

KITH_ON_EVERY_STORE(SuiteTest);

}  // namespace
}  // namespace kith::test
