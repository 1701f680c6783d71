#include "common/rpc/health.h"

#include "common/rpc/status.h"
#include "gtest/gtest.h"
#include "tests/unit/common/rpc/echo_server.h"

namespace kith::rpc::test {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() : server_(Options()), stub_(Health::NewStub(server_.channel())) {}

  // Health needs no token.
  static EchoServer::Options Options() {
    EchoServer::Options options;
    options.tokens = {"t"};
    return options;
  }

  static HealthCheckRequest Request(const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    return request;
  }

  HealthCheckResponse::ServingStatus Check(const std::string& service) {
    HealthCheckResponse response;
    const auto context = NewContext();
    EXPECT_TRUE(stub_->Check(context.get(), Request(service), &response).ok());
    return response.status();
  }

  EchoServer server_;
  std::unique_ptr<Health::Stub> stub_;
};

TEST_F(HealthTest, ServerAndServices) {
  EXPECT_EQ(Check(""), HealthCheckResponse::SERVING);
  EXPECT_EQ(Check("kith.echo.v1.EchoService"), HealthCheckResponse::SERVING);
  server_.health().SetServing(false);
  EXPECT_EQ(Check(""), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(Check("kith.echo.v1.EchoService"), HealthCheckResponse::NOT_SERVING);
}

TEST_F(HealthTest, UnknownServiceIsNotFound) {
  HealthCheckResponse response;
  const auto context = NewContext();
  const absl::Status status =
      FromGrpc(stub_->Check(context.get(), Request("nobody"), &response));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorReason(status), "SERVICE_NOT_FOUND");
}

TEST_F(HealthTest, WatchTellsEveryChangeAndEndsWithTheServer) {
  const auto context = NewContext();
  HealthCheckResponse response;
  const auto reader = stub_->Watch(context.get(), Request(""));
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  server_.health().SetServing(false);
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  server_.health().SetServing(true);
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  server_.health().Stop();
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(GetErrorReason(FromGrpc(reader->Finish())), "SHUTTING_DOWN");
  server_.health().SetServing(true);
  EXPECT_EQ(Check(""), HealthCheckResponse::NOT_SERVING);
}

TEST_F(HealthTest, WatchOfAnUnknownServiceSaysSo) {
  const auto context = NewContext();
  HealthCheckResponse response;
  const auto reader = stub_->Watch(context.get(), Request("nobody"));
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVICE_UNKNOWN);
  context->TryCancel();
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace kith::rpc::test
