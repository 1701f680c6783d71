#include "services/retention/rpc/convert.h"

#include "gtest/gtest.h"

namespace kith::retention {
namespace {

TEST(Convert, APolicyHasDefaults) {
  v1::RetentionPolicy message;
  EXPECT_EQ(ToPolicy(message), Policy());
  message.set_baseline_channel("paid");
  message.mutable_aha()->set_event_name("login");
  message.mutable_aha()->set_min_count(3);
  message.mutable_aha()->mutable_within()->set_seconds(60);
  message.mutable_aha()->mutable_within()->set_nanos(1999);
  const Policy policy = ToPolicy(message);
  EXPECT_EQ(policy.referred_channel, "referral");
  EXPECT_EQ(policy.baseline_channel, "paid");
  EXPECT_EQ(policy.aha, (AhaRule{"login", 3, absl::Minutes(1) + absl::Microseconds(1)}));
}

TEST(Convert, APolicyComesBackAsItWent) {
  v1::RetentionPolicy message;
  message.set_program_id("p");
  message.set_referred_channel("r");
  message.set_baseline_channel("b");
  message.mutable_aha()->set_event_name("login");
  message.mutable_aha()->set_min_count(3);
  message.mutable_aha()->mutable_within()->set_seconds(60);
  message.mutable_aha()->mutable_within()->set_nanos(5000);
  v1::GetRetentionPolicyResponse response;
  Fill(store::StoredPolicy{"p", 4, absl::Time(), ToPolicy(message)}, response);
  EXPECT_EQ(response.version(), 4);
  EXPECT_EQ(response.policy().SerializeAsString(), message.SerializeAsString());
}

TEST(Convert, TimesAreWholeMicroseconds) {
  v1::RecordEventsRequest request;
  request.set_program_id("p");
  v1::LifecycleEvent& event = *request.add_events();
  event.set_kind(v1::EVENT_KIND_SIGNUP);
  event.mutable_event_time()->set_seconds(-10);
  event.mutable_event_time()->set_nanos(123456789);
  request.add_events()->set_kind(v1::EVENT_KIND_CHURN);
  const auto events = ToEvents(request);
  EXPECT_EQ(absl::ToUnixMicros(events[0].event.time), -10'000'000 + 123456);
  EXPECT_TRUE(events[0].has_time);
  EXPECT_EQ(events[0].event.kind, EventKind::kSignup);
  EXPECT_EQ(events[0].event.program_id, "p");
  EXPECT_FALSE(events[1].has_time);
  EXPECT_EQ(events[1].event.kind, EventKind::kChurn);
}

TEST(Convert, TheWindowIsMonthsTwoToFourByDefault) {
  v1::GetChurnByMonthRequest request;
  EXPECT_EQ(ToWindow(request).from, 2);
  EXPECT_EQ(ToWindow(request).to, 4);
  request.set_from_month(1);
  request.set_to_month(12);
  EXPECT_EQ(ToWindow(request).from, 1);
  EXPECT_EQ(ToWindow(request).to, 12);
}

TEST(Convert, UndefinedNumbersAreAbsent) {
  app::SurvivalReport report;
  SurvivalCurve curve;
  curve.points.push_back({5, 2, 2, 0, 0, {}, {}});
  report.groups["g"] = curve;
  v1::GetSurvivalResponse response;
  Fill(report, response);
  EXPECT_FALSE(response.groups(0).has_median_days());
  EXPECT_FALSE(response.groups(0).points(0).has_lower());
  EXPECT_FALSE(response.has_log_rank());
  app::ChurnReport churn;
  churn.rate_ratio = CompareRates({3, 100}, {0, 40});
  churn.referred_channel = "referral";
  churn.baseline_channel = "organic";
  churn.has_referred = true;
  v1::GetChurnByMonthResponse by_month;
  Fill(churn, by_month);
  EXPECT_EQ(by_month.missing_referred_channel(), "");
  EXPECT_EQ(by_month.missing_baseline_channel(), "organic");
  EXPECT_TRUE(by_month.has_rate_ratio());
  EXPECT_FALSE(by_month.rate_ratio().has_ratio());
  EXPECT_EQ(by_month.rate_ratio().numerator_events(), 3);
  EXPECT_EQ(by_month.rate_ratio().numerator_days(), 100);
  EXPECT_EQ(by_month.rate_ratio().denominator_events(), 0);
  EXPECT_EQ(by_month.rate_ratio().denominator_days(), 40);
}

TEST(Convert, AStreamCountsAndListsTheFirstRefusals) {
  v1::RecordEventsRequest batch;
  v1::RecordEventsResponse results;
  for (int i = 0; i < 60; ++i) {
    batch.add_events()->set_event_id("bad" + std::to_string(i));
    results.add_results()->mutable_error()->set_reason("NAME_MISSING");
  }
  batch.add_events()->set_event_id("twice");
  results.add_results()->set_duplicate(true);
  batch.add_events()->set_event_id("good");
  results.add_results();
  v1::StreamEventsResponse response;
  Fold(batch, results, response);
  Fold(batch, results, response);
  EXPECT_EQ(response.batches(), 2);
  EXPECT_EQ(response.recorded(), 2);
  EXPECT_EQ(response.duplicates(), 2);
  EXPECT_EQ(response.refused(), 120);
  ASSERT_EQ(response.refusals_size(), 100);
  EXPECT_EQ(response.refusals(0).event_id(), "bad0");
  EXPECT_EQ(response.refusals(99).event_id(), "bad39");
}

}  // namespace
}  // namespace kith::retention
