#include "common/metrics/executor_metrics.h"
#include "common/metrics/metrics_server.h"
#include "common/metrics/registry.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/common/rpc/echo_server.h"

namespace kith::rpc::test {
namespace {

constexpr char kPut[] =
    "{grpc_method=\"Put\",grpc_service=\"kith.echo.v1.EchoService\","
    "grpc_type=\"unary\"}";

TEST(MetricsTest, EverythingIsThereBeforeTheFirstCall) {
  const EchoServer server;
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_started_total", kPut)), 0);
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_msg_received_total", kPut)), 0);
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_msg_sent_total", kPut)), 0);
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_handling_seconds_count", kPut)), 0);
  for (const char* code :
       {"OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound",
        "AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
        "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss",
        "Unauthenticated"}) {
    EXPECT_EQ(server.Handled("Put", code), 0) << code;
    EXPECT_EQ(server.Handled("Get", code), 0) << code;
  }
  EXPECT_EQ(server.Metric("grpc_server_started_total{grpc_method=\"PutAll\","
                          "grpc_service=\"kith.echo.v1.EchoService\","
                          "grpc_type=\"client_stream\"}"),
            0);
}

TEST(MetricsTest, CallsAreCountedByCode) {
  EchoServer server;
  PutRequest request;
  PutResponse response;
  ASSERT_FALSE(server.stub().Put(NewContext().get(), request, &response).ok());
  request.set_program_id("p");
  ASSERT_TRUE(server.stub().Put(NewContext().get(), request, &response).ok());
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_started_total", kPut)), 2);
  EXPECT_EQ(server.Handled("Put", "OK"), 1);
  EXPECT_EQ(server.Handled("Put", "InvalidArgument"), 1);
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_msg_received_total", kPut)), 2);
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_msg_sent_total", kPut)), 1);
  EXPECT_EQ(server.Metric(absl::StrCat("grpc_server_handling_seconds_count", kPut)), 2);
}

TEST(MetricsTest, SameNameAndLabelsAreTheSameMetric) {
  metrics::Registry registry;
  auto& one = registry.GetCounter("kith_x_total", "X.", {{"a", "1"}});
  EXPECT_EQ(&one, &registry.GetCounter("kith_x_total", "X.", {{"a", "1"}}));
  EXPECT_NE(&one, &registry.GetCounter("kith_x_total", "X.", {{"a", "2"}}));
}

TEST(MetricsTest, ExecutorMetricsStartAtZero) {
  metrics::Registry registry;
  metrics::ExecutorMetrics observer(registry);
  observer.OnBatch(3, absl::Milliseconds(2));
  observer.OnReplay();
  const std::string text =
      prometheus::TextSerializer().Serialize(registry.underlying()->Collect());
  EXPECT_THAT(text, ::testing::HasSubstr("kith_executor_batch_commands_sum 3\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("kith_executor_batch_seconds_count 1\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("kith_store_commit_seconds_count 0\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("kith_executor_replays_total 1\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("kith_executor_retries_total 0\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("kith_executor_prefetch_misses_total 0\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("kith_executor_queue_depth 0\n"));
}

TEST(MetricsTest, BusyPortIsToldClearly) {
  metrics::Registry registry;
  const auto first = metrics::MetricsServer::Start("127.0.0.1:0", registry);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_GT((*first)->port(), 0);
  const auto second =
      metrics::MetricsServer::Start(absl::StrCat("127.0.0.1:", (*first)->port()), registry);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()),
              ::testing::HasSubstr("cannot listen on"));
}

}  // namespace
}  // namespace kith::rpc::test
