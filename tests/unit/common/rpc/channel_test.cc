#include "common/rpc/channel.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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

// A port that takes connections and says nothing, like a process that is stopped.
class SilentPort {
 public:
  SilentPort() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(fd_, 16), 0);
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  }
  ~SilentPort() { close(fd_); }
  const std::string& address() const { return address_; }

 private:
  const int fd_;
  std::string address_;
};

TEST(ChannelTest, AServerThatAnswersLateIsGivenTheWholeDeadline) {
  const SilentPort port;
  const auto stub = EchoService::NewStub(MakeChannel(port.address()));
  grpc::ClientContext context;
  SetTimeout(context, absl::Seconds(3));
  GetResponse response;
  EXPECT_EQ(stub->Get(&context, GetRequest(), &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
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
