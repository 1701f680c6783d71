#include "common/rpc/channel.h"

#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/common/rpc/echo_server.h"

namespace kith::rpc::test {
namespace {

TEST(ChannelTest, SendsTheTokenAndCounts) {
  EchoServer::Options server_options;
  server_options.tokens = {"secret"};
  EchoServer server(server_options);
  metrics::Registry registry;
  ChannelOptions options;
  options.token = "secret";
  options.metrics = &registry;
  const auto stub = EchoService::NewStub(MakeChannel(server.address(), options));
  GetResponse response;
  EXPECT_TRUE(stub->Get(NewContext().get(), GetRequest(), &response).ok());
  const std::string text =
      prometheus::TextSerializer().Serialize(registry.underlying()->Collect());
  EXPECT_THAT(text, ::testing::HasSubstr("grpc_client_handled_total{grpc_code=\"OK\","
                                         "grpc_method=\"Get\","
                                         "grpc_service=\"kith.echo.v1.EchoService\"} 1\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("grpc_client_started_total"));
}

TEST(ChannelTest, UnavailableIsTriedAgain) {
  EchoServer server;
  std::atomic<int> attempts = 0;
  server.set_on_wait([&](EchoServer::WaitDone done) {
    WaitResponse response;
    response.set_text("third time");
    const bool fail = ++attempts < 3;
    done(fail ? MakeError(kith::errors::kUnavailable) : absl::OkStatus(), response);
  });
  WaitResponse response;
  EXPECT_TRUE(server.stub().Wait(NewContext().get(), WaitRequest(), &response).ok());
  EXPECT_EQ(response.text(), "third time");
  EXPECT_EQ(attempts, 3);
}

TEST(ChannelTest, OtherErrorsAreNotTriedAgain) {
  EchoServer server;
  std::atomic<int> attempts = 0;
  server.set_on_wait([&](EchoServer::WaitDone done) {
    ++attempts;
    done(MakeError(kith::errors::kOverloaded), WaitResponse());
  });
  WaitResponse response;
  const absl::Status status =
      FromGrpc(server.stub().Wait(NewContext().get(), WaitRequest(), &response));
  EXPECT_EQ(GetErrorReason(status), "OVERLOADED");
  EXPECT_EQ(attempts, 1);
}

}  // namespace
}  // namespace kith::rpc::test
