// `kith import events`, `payments` and `activities`.
#include <string>

#include "common/base/not_found.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/import_world.h"

namespace kith::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST_F(ImportTest, EventsAreActivitiesUnlessTheirNameIsKnown) {
  Import("events",
         "customer_id,name,time\nc1,churn,2024-01-01\nc1,leave,2024-01-01\n"
         "c1,onboarding_completed,2024-01-01\n");
  const auto events = caller_.Requests<RecordEventsRequest>();
  ASSERT_EQ(events[0].events_size(), 3);
  EXPECT_EQ(events[0].events(0).kind(), retention::v1::EVENT_KIND_CHURN);
  EXPECT_EQ(events[0].events(0).name(), "");
  EXPECT_EQ(events[0].events(1).kind(), retention::v1::EVENT_KIND_ACTIVITY);
  EXPECT_EQ(events[0].events(1).name(), "leave");
  EXPECT_EQ(events[0].events(2).kind(), retention::v1::EVENT_KIND_ONBOARDING_COMPLETED);
}

TEST_F(ImportTest, WhatTakesMoreThanANameIsNoActivity) {
  const auto outcome = Import("events",
                              "customer_id,name,time\nc1,payment,2024-01-01\n"
                              "c1,refund,2024-01-01\nc1,plan_change,2024-01-01\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_THAT(caller_.Requests<RecordEventsRequest>(), SizeIs(0));
  EXPECT_THAT(RejectsText(), HasSubstr("2,FORMAT: name: a payment has an amount: it is "
                                       "imported by `kith import payments`,"));
  EXPECT_THAT(RejectsText(), HasSubstr("\n3,FORMAT: name: a refund takes more than "));
  EXPECT_THAT(RejectsText(), HasSubstr("\n4,FORMAT: name: a plan_change takes more than "));
}

TEST_F(ImportTest, EqualEventsAreToldApartByNumber) {
  const std::string text =
      "customer_id,name,time\nc1,x,2024-01-01\nc1,x,2024-01-01T00:00:00Z\nc2,x,2024-01-01\n"
      "c1,x,2024-01-01\n";
  Import("events", text);
  Import("events", text);
  const auto requests = caller_.Requests<RecordEventsRequest>();
  ASSERT_THAT(requests, SizeIs(2));
  const auto& events = requests[0].events();
  EXPECT_EQ(events[1].event_id(), events[0].event_id() + ":2");
  EXPECT_EQ(events[3].event_id(), events[0].event_id() + ":3");
  EXPECT_NE(events[2].event_id(), events[0].event_id());
  for (int i = 0; i < events.size(); ++i) {
    EXPECT_EQ(requests[1].events(i).SerializeAsString(), events[i].SerializeAsString());
  }
}

TEST_F(ImportTest, PaymentsAndActivities) {
  EXPECT_EQ(Import("payments",
                   "payment_id,customer_id,time,amount,currency\np1,c1,2024-01-01,3,USD\n")
                .code,
            kExitOk);
  const auto events = caller_.Requests<RecordEventsRequest>();
  EXPECT_EQ(events[0].events(0).event_id(), "payment:p1");
  EXPECT_EQ(events[0].events(0).amount().amount_minor(), 300);
  EXPECT_EQ(Import("activities",
                   "activity_id,advocate_id,behaviour,time,url\nx1,a1,review,2024-01-01,u\n")
                .code,
            kExitOk);
  const auto acts = caller_.Requests<advocacy::v1::RecordActivitiesRequest>();
  EXPECT_EQ(acts[0].activities(0).behaviour(), "review");
  EXPECT_EQ(acts[0].activities(0).url(), "u");
}

TEST_F(ImportTest, PaymentsInOtherCurrenciesAreTakenAndNoted) {
  const std::string lines =
      "payment_id,customer_id,time,amount,currency\np1,c1,2024-01-01,3,USD\n"
      "p2,c1,2024-01-01,3,EUR\np3,c1,2024-01-01,300,JPY\np4,c1,2024-01-01,3,EUR\n"
      "p5,c1,2024-01-01,3,eur\n";
  // Who does not know the program's currency has nothing to say.
  EXPECT_THAT(Import("payments", lines).err, Not(HasSubstr("currency:")));
  referral::v1::GetProgramResponse program;
  program.mutable_program()->set_currency("USD");
  caller_.Return<referral::v1::GetProgramRequest>(program);
  const auto outcome = Import("payments", lines);
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_EQ(outcome.out, "payments: 5 rows, 4 imported or already there, 1 rejected\n");
  EXPECT_THAT(
      outcome.err,
      HasSubstr("kith: note: of the lines 2 in EUR, 1 in JPY, not in USD, the program's "
                "currency: revenue is kept by currency, and nothing is converted\n"));
  EXPECT_THAT(
      RejectsText(),
      HasSubstr("6,\"INVALID_FIELD: amount.currency: must be the ISO 4217 code of a "
                "currency, three upper-case letters such as EUR; 'EUR' would do\",p5"));
  EXPECT_THAT(Import("payments",
                     "payment_id,customer_id,time,amount,currency\n"
                     "p1,c1,2024-01-01,3,USD\n")
                  .err,
              Not(HasSubstr("of the lines")));
}

TEST_F(ImportTest, APaymentThatWasImportedDifferentlyIsToldByItsColumns) {
  RecordEventsResponse response;
  auto* error = response.add_results()->mutable_error();
  error->set_reason("EVENT_ID_REUSED");
  error->set_field("event_id");
  error->set_message("payment:p1 was recorded before with another time and amount");
  *response.add_results() = response.results(0);
  response.mutable_results(1)->mutable_error()->set_message("use an id of its own");
  caller_.Return<RecordEventsRequest>(response);
  const auto outcome = Import("payments",
                              "payment_id,customer_id,time,amount,currency\n"
                              "p1,c1,2024-01-01,3,USD\np2,c1,2024-01-01,3,USD\n");
  EXPECT_EQ(outcome.code, kExitRejects);
  EXPECT_EQ(RejectsText(),
            "reject_line,reject_reason,payment_id,customer_id,time,amount,currency\n"
            "2,\"EVENT_ID_REUSED: payment_id: a payment of this id was imported before with "
            "another time and amount, which stays; another payment needs an id of its "
            "own\",p1,c1,2024-01-01,3,USD\n"
            "3,\"EVENT_ID_REUSED: payment_id: a payment of this id was imported before with "
            "another customer, time or amount, which stays; another payment needs an id of "
            "its own\",p2,c1,2024-01-01,3,USD\n");
}

TEST_F(ImportTest, AServiceThatHasSeenNothingOfTheProgramIsGivenAMomentByTheFeed) {
  const std::string lines =
      "payment_id,customer_id,time,amount,currency\np1,c1,2024-01-01,3,USD\n";
  int refusals = 0;
  caller_.On<RecordEventsRequest, RecordEventsResponse>(
      [&](const RecordEventsRequest&) -> absl::StatusOr<RecordEventsResponse> {
        if (refusals-- > 0) return ProgramNotFound("p");
        return RecordEventsResponse();
      });
  caller_.Return<referral::v1::GetProgramRequest>(referral::v1::GetProgramResponse());
  // Nothing tells it of the program.
  refusals = 1000;
  const auto unseen = Import("payments", lines);
  EXPECT_EQ(unseen.code, kExitFailed);
  EXPECT_EQ(unseen.status.message(),
            "the retention service has seen nothing of the program p yet: apply a "
            "RetentionPolicy of it, or import what makes it known first");
  refusals = 1;
  EXPECT_EQ(RunLine(absl::StrCat("import payments ", (folder_ / "in.csv").string(),
                                 " --program p --retry-for 1s"))
                .code,
            kExitOk);
}

TEST_F(ImportTest, LinesAboutPeopleWhoAreNotKnownAreCounted) {
  RecordEventsResponse events;
  events.add_results()->set_unknown_customer(true);
  events.add_results();
  events.add_results()->set_unknown_customer(true);
  caller_.Return<RecordEventsRequest>(events);
  const std::string lines =
      "customer_id,name,time\nc1,a,2024-01-01\nc2,a,2024-01-01\n"
      "c3,a,2024-01-01\n";
  const auto outcome = Import("events", lines);
  EXPECT_EQ(outcome.code, kExitOk);
  EXPECT_EQ(outcome.out, "events: 3 rows, 3 imported or already there, 0 rejected\n");
  EXPECT_EQ(outcome.err,
            "kith: note: 2 lines name customers that are not known (yet): no signup of theirs "
            "was told\n");
  EXPECT_EQ(nlohmann::json::parse(Import("events", lines, "--json").out)["unknown"], 2);
  advocacy::v1::RecordActivitiesResponse activities;
  activities.add_results()->set_unknown_advocate(true);
  caller_.Return<advocacy::v1::RecordActivitiesRequest>(activities);
  EXPECT_EQ(
      Import("activities", "activity_id,advocate_id,behaviour,time\nx1,a1,review,2024-01-01\n")
          .err,
      "kith: note: 1 line names advocates that are not known (yet): they are not enrolled, or "
      "the feed has not told of it\n");
}

}  // namespace
}  // namespace kith::cli
