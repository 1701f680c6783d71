#include "services/referral/rpc/fulfilment_messages.h"

#include "common/base/error.h"
#include "gtest/gtest.h"

namespace kith::referral::rpc {
namespace {

TEST(FulfilmentMessagesTest, EveryStateHasItsTwin) {
  for (const auto& [state, name] : domain::Names<domain::FulfilmentState>::kAll) {
    EXPECT_NE(ToProto(state), v1::FULFILMENT_STATE_UNSPECIFIED) << name;
    EXPECT_EQ(ToDomain(ToProto(state)), state) << name;
  }
  EXPECT_FALSE(ToDomain(v1::FULFILMENT_STATE_UNSPECIFIED).has_value());
}

TEST(FulfilmentMessagesTest, AReportSaysHowItWent) {
  v1::ReportFulfilmentsRequest request;
  request.set_program_id("acme");
  request.add_reports()->mutable_succeeded();
  request.add_reports()->mutable_failed();
  ASSERT_TRUE(ToCall(request).ok());
  EXPECT_EQ(ToCall(request)->weight, 2);
  request.add_reports();
  const absl::Status status = ToCall(request).status();
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  EXPECT_NE(std::string(status.message()).find("reports[2]"), std::string::npos) << status;
}

// "No kind" must not come to mean "all kinds".
TEST(FulfilmentMessagesTest, AClaimNamesKindsThatThereAre) {
  v1::ClaimRewardsRequest request;
  request.add_kinds(v1::REWARD_KIND_CASH);
  EXPECT_TRUE(ToCall(request, absl::UnixEpoch()).ok());
  request.add_kinds(v1::REWARD_KIND_UNSPECIFIED);
  EXPECT_EQ(GetErrorReason(ToCall(request, absl::UnixEpoch()).status()), "INVALID_FIELD");
}

TEST(FulfilmentMessagesTest, TimesShowWhileTheyMatter) {
  app::FulfilmentView view;
  view.fulfilment.state = domain::FulfilmentState::kClaimed;
  view.fulfilment.attempts = 1;
  view.fulfilment.lease_end_time = absl::FromUnixSeconds(60);
  v1::Fulfilment claimed;
  Set(claimed, view);
  EXPECT_EQ(claimed.lease_end_time().seconds(), 60);
  EXPECT_FALSE(claimed.has_next_attempt_time());
  view.fulfilment.state = domain::FulfilmentState::kToRetry;
  view.fulfilment.next_attempt_time = absl::FromUnixSeconds(90);
  view.retry =
      app::Decision{"acme", "retry_fulfilment", "o1", absl::FromUnixSeconds(80), "otto"};
  v1::Fulfilment waiting;
  Set(waiting, view);
  EXPECT_FALSE(claimed.has_retried_time());
  EXPECT_EQ(waiting.retried_time().seconds(), 80);
  EXPECT_EQ(waiting.retried_by(), "otto");
  EXPECT_FALSE(waiting.has_lease_end_time());
  EXPECT_EQ(waiting.next_attempt_time().seconds(), 90);
}

}  // namespace
}  // namespace kith::referral::rpc
