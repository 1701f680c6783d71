#include "services/retention/app/record_events.h"

#include "services/retention/app/lookups.h"
#include "services/retention/domain/errors.h"
#include "tests/support/test_database.h"
#include "tests/unit/retention/app/fixture.h"

namespace kith::retention::app {
namespace {

class RecordTest : public AppTest {
 protected:
  void SetUp() override {
    Policy policy;
    policy.aha = AhaRule{"export", 2, std::nullopt};
    ASSERT_TRUE(Apply(policy).ok());
  }
  store::CustomerWithRevenue Get(const std::string& customer_id) {
    auto found = GetCustomer(database(), kProgram, customer_id, test::Soon());
    EXPECT_TRUE(found.ok()) << found.status();
    return *std::move(found);
  }
  ProgramSummary Summary() {
    auto summary = GetProgramSummary(database(), kProgram, test::Soon());
    EXPECT_TRUE(summary.ok()) << summary.status();
    return *std::move(summary);
  }
  // The reason of the only event's refusal; "" when accepted.
  std::string Refusal(const Event& event) {
    const auto results = Record({event});
    if (!results.ok()) return GetErrorReason(results.status());
    const auto& error = results->at(0).error;
    return error.has_value() ? error->reason : "";
  }
};

const absl::Duration kDay = absl::Hours(24);
absl::Time Ago(int days) { return TestNoon() - days * kDay; }

TEST_P(RecordTest, ALifeFromSignupToChurn) {
  Event signup = MakeSignup("s", "c1", Ago(100), "paid");
  signup.plan = "pro";
  MustRecord({signup, MakeEvent(EventKind::kOnboardingCompleted, "o", "c1", Ago(99)),
              MakeActivity("a1", "c1", Ago(98), "export"),
              MakeActivity("a2", "c1", Ago(97), "export"),
              MakePayment("p1", "c1", Ago(90), 5000), MakePayment("p2", "c1", Ago(60), 5000),
              MakePayment("p3", "c1", Ago(50), 900, "USD")});
  Event refund = MakeEvent(EventKind::kRefund, "r", "c1", Ago(40));
  refund.amount = {2000, "EUR"};
  MustRecord({refund, MakeEvent(EventKind::kChurn, "x", "c1", Ago(30))});

  const auto [customer, revenue] = Get("c1");
  EXPECT_EQ(customer.channel, "paid");
  EXPECT_EQ(customer.plan, "pro");
  EXPECT_EQ(customer.signup_time, Ago(100));
  EXPECT_EQ(customer.onboarded_time, Ago(99));
  EXPECT_EQ(customer.aha_time, Ago(97));
  EXPECT_EQ(customer.churn_time, Ago(30));
  EXPECT_EQ(customer.events, 9);
  EXPECT_EQ(revenue, (std::vector<Money>{{8000, "EUR"}, {900, "USD"}}));
  EXPECT_EQ(Facts(), (std::vector<std::string>{"onboarded c1 2023-12-02", "aha c1 2023-12-04",
                                               "churned c1 2024-02-09"}));

  const ProgramSummary summary = Summary();
  EXPECT_EQ(summary.counts.all, (ChannelCounts{1, 1, 1, 1}));
  EXPECT_EQ(summary.counts.events, 9);
  EXPECT_EQ(summary.revenue, revenue);
}

TEST_P(RecordTest, WhatPrecedesTheSignupIsNoSuccessInEitherOrder) {
  const std::vector<Event> uses = {MakeActivity("a1", "c1", Ago(98), "export"),
                                   MakeActivity("a2", "c1", Ago(97), "export")};
  MustRecord(uses);
  MustRecord({MakeSignup("s1", "c1", Ago(90), "paid")});
  EXPECT_EQ(Get("c1").customer.aha_time, std::nullopt);
  EXPECT_EQ(Facts(), std::vector<std::string>());
  // And what follows it is told whichever comes first.
  MustRecord({MakeActivity("b1", "c2", Ago(98), "export"),
              MakeActivity("b2", "c2", Ago(97), "export")});
  MustRecord({MakeSignup("s2", "c2", Ago(100), "paid")});
  EXPECT_EQ(Facts(), (std::vector<std::string>{"aha c2 2023-12-04"}));
}

TEST_P(RecordTest, AnEventIsRecordedOnce) {
  const Event payment = MakePayment("p1", "c1", Ago(3), 700);
  MustRecord({payment});
  const auto again = Record({payment, payment});
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->at(0).duplicate);
  EXPECT_TRUE(again->at(1).duplicate);
  EXPECT_EQ(Get("c1").revenue, (std::vector<Money>{{700, "EUR"}}));
  EXPECT_EQ(Get("c1").customer.events, 1);
  EXPECT_EQ(Summary().counts.events, 1);
}

TEST_P(RecordTest, AnIdStandsForOneEvent) {
  MustRecord({MakePayment("p1", "c1", Ago(3), 700)});
  EXPECT_EQ(Refusal(MakePayment("p1", "c1", Ago(3), 701)), "EVENT_ID_REUSED");
  EXPECT_EQ(Refusal(MakePayment("p1", "c1", Ago(4), 700)), "EVENT_ID_REUSED");
  EXPECT_EQ(Refusal(MakePayment("p1", "c2", Ago(3), 700)), "EVENT_ID_REUSED");
  EXPECT_EQ(Get("c1").revenue, (std::vector<Money>{{700, "EUR"}}));
  EXPECT_EQ(GetErrorReason(GetCustomer(database(), kProgram, "c2", test::Soon()).status()),
            "CUSTOMER_NOT_FOUND");
}

TEST_P(RecordTest, WithinOneBatchTheFirstHolds) {
  const auto results =
      Record({MakePayment("p1", "c1", Ago(3), 700), MakePayment("p1", "c1", Ago(3), 800),
              MakePayment("p1", "c1", Ago(3), 700)});
  ASSERT_TRUE(results.ok());
  EXPECT_FALSE(results->at(0).error.has_value());
  EXPECT_EQ(results->at(1).error->reason, "EVENT_ID_REUSED");
  EXPECT_EQ(results->at(1).error->message, "p1 was recorded before with another amount");
  EXPECT_TRUE(results->at(2).duplicate);
  EXPECT_EQ(Get("c1").revenue, (std::vector<Money>{{700, "EUR"}}));
}

TEST_P(RecordTest, RefusedEventsLeaveTheOthersStanding) {
  const auto results =
      Record({MakeSignup("s1", "c1", Ago(9)), MakeActivity("a1", "c1", Ago(8), ""),
              MakePayment("p1", "c1", Ago(7), 0),
              MakeEvent(EventKind::kChurn, "x1", "c1", TestNoon() + kDay + absl::Seconds(1)),
              MakeSignup("s2", "c2", Ago(6))});
  ASSERT_TRUE(results.ok());
  EXPECT_FALSE(results->at(0).error.has_value());
  EXPECT_EQ(results->at(1).error->reason, "NAME_MISSING");
  EXPECT_EQ(results->at(1).error->field, "name");
  EXPECT_EQ(results->at(2).error->reason, "AMOUNT_MISSING");
  EXPECT_EQ(results->at(3).error->reason, "TIME_IN_FUTURE");
  EXPECT_FALSE(results->at(4).error.has_value());
  EXPECT_EQ(Get("c1").customer.events, 1);
  EXPECT_EQ(Summary().counts.all.customers, 2);
  EXPECT_EQ(Refusal(MakeActivity("a1", "c1", Ago(8), "login")), "")
      << "a refused event has not taken its id";
}

TEST_P(RecordTest, TellsWhichCustomersAreNotKnown) {
  const auto results =
      Record({MakeActivity("a1", "c1", Ago(8), "login"), MakePayment("p2", "c2", Ago(7), 500),
              MakeSignup("s1", "c1", Ago(9)), MakeActivity("a3", "c3", Ago(8), "")});
  ASSERT_TRUE(results.ok());
  EXPECT_FALSE(results->at(0).unknown_customer) << "its signup comes behind it";
  EXPECT_TRUE(results->at(1).unknown_customer);
  EXPECT_FALSE(results->at(2).unknown_customer);
  EXPECT_FALSE(results->at(3).unknown_customer) << "it is refused";
  const auto again = Record({MakePayment("p2", "c2", Ago(7), 500)});
  EXPECT_TRUE(again->at(0).duplicate);
  EXPECT_TRUE(again->at(0).unknown_customer);
  MustRecord({MakeSignup("s2", "c2", Ago(9))});
  EXPECT_FALSE(Record({MakePayment("p2", "c2", Ago(7), 500)})->at(0).unknown_customer);
}

TEST_P(RecordTest, WithoutATimeItHappensNow) {
  NewEvent item{MakeSignup("s1", "c1", absl::Time()), /*has_time=*/false};
  ASSERT_TRUE(RecordItems({item}).ok());
  EXPECT_EQ(Get("c1").customer.signup_time, TestNoon());
  clock().Advance(absl::Hours(5));
  const auto again = RecordItems({item});
  EXPECT_TRUE(again->at(0).duplicate) << "the same event, sent again later";
  EXPECT_EQ(Get("c1").customer.signup_time, TestNoon());
}

TEST_P(RecordTest, AnUnknownProgramIsRefused) {
  const auto results = Record({MakeSignup("s1", "c1", Ago(1))}, "elsewhere");
  EXPECT_EQ(GetErrorReason(results.status()), "PROGRAM_NOT_FOUND");
}

TEST_P(RecordTest, ProgramsDoNotMix) {
  ASSERT_TRUE(Apply(Policy(), false, "p2").ok());
  MustRecord({MakeSignup("s1", "c1", Ago(9), "paid")});
  ASSERT_TRUE(Record({MakeSignup("s1", "c1", Ago(3), "partner")}, "p2").ok());
  EXPECT_EQ(Get("c1").customer.channel, "paid");
  EXPECT_EQ(GetCustomer(database(), "p2", "c1", test::Soon())->customer.channel, "partner");
}

TEST_P(RecordTest, AReactivationLooksBackAtAllChurns) {
  MustRecord({MakeEvent(EventKind::kChurn, "x3", "c1", Ago(10))});
  MustRecord(
      {MakeEvent(EventKind::kChurn, "x1", "c1", Ago(50)), MakeSignup("s", "c1", Ago(90))});
  EXPECT_EQ(Get("c1").customer.churn_time, Ago(50));
  MustRecord({MakeEvent(EventKind::kChurn, "x2", "c1", Ago(20)),
              MakeEvent(EventKind::kReactivation, "r1", "c1", Ago(30))});
  EXPECT_EQ(Get("c1").customer.churn_time, Ago(20));
  MustRecord({MakeEvent(EventKind::kReactivation, "r2", "c1", Ago(5))});
  EXPECT_EQ(Get("c1").customer.churn_time, std::nullopt);
  EXPECT_EQ(Facts(),
            (std::vector<std::string>{"churned c1 2024-02-29", "churned c1 2024-01-20",
                                      "reactivated c1 2024-02-09", "churned c1 2024-02-19",
                                      "reactivated c1 2024-03-05"}));
  EXPECT_EQ(Summary().counts.all, (ChannelCounts{1, 0, 0, 0}));
}

TEST_P(RecordTest, CustomersWithoutSignupAreCountedApart) {
  MustRecord({MakePayment("p1", "c1", Ago(3), 700), MakeSignup("s2", "c2", Ago(3))});
  EXPECT_EQ(Summary().counts.without_signup, 1);
  EXPECT_EQ(Summary().counts.all.customers, 1);
  MustRecord({MakeSignup("s1", "c1", Ago(5))});
  EXPECT_EQ(Summary().counts.without_signup, 0);
  EXPECT_EQ(Summary().counts.all.customers, 2);
}

TEST_P(RecordTest, TurnoverCannotOverflow) {
  std::vector<Event> events;
  for (int i = 0; i < 9; ++i) {
    events.push_back(
        MakePayment("p" + std::to_string(i), "c1", Ago(1), 1'000'000'000'000'000'000));
  }
  MustRecord(events);
  EXPECT_EQ(Refusal(MakePayment("q", "c2", Ago(1), 1)), "AMOUNT_TOO_LARGE");
  EXPECT_EQ(Refusal(MakePayment("q", "c2", Ago(1), 1, "USD")), "");
}

TEST_P(RecordTest, ARequestIsAnsweredOnceAndForAll) {
  const auto command = [&](const std::string& answer) {
    return std::make_unique<RecordEvents>(
        kProgram, std::vector<NewEvent>{{MakePayment("p1", "c1", Ago(3), 700), true}},
        [answer](const std::vector<EventResult>&) { return answer; });
  };
  EXPECT_EQ(*Run(command("first"), "req-1"), "first");
  EXPECT_EQ(*Run(command("second"), "req-1"), "first");
  EXPECT_EQ(Get("c1").customer.events, 1);
}

TEST_P(RecordTest, AThousandEventsOfAThousandCustomers) {
  std::vector<Event> events;
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    events.push_back(MakeSignup("s" + n, "c" + n, Ago(1 + i % 50), i % 2 ? "paid" : ""));
  }
  MustRecord(events);
  EXPECT_EQ(Summary().counts.channels.at("paid").customers, 500);
  EXPECT_EQ(Summary().counts.channels.at("organic").customers, 500);
}

INSTANTIATE_TEST_SUITE_P(Stores, RecordTest, testing::ValuesIn(test::Backends()), StoreName);

}  // namespace
}  // namespace kith::retention::app
