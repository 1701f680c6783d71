// The token that `kith` sends: from a file that may be one of a service's.
#include "clients/cli/grpc_caller.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/rpc/health.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/feed/v1/feed.pb.h"

namespace kith::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Refuses every call and keeps the token that came with the last one.
class Doorkeeper final : public grpc::CallbackGenericService {
 public:
  class Refusal final : public grpc::ServerGenericBidiReactor {
   public:
    Refusal() { Finish({grpc::StatusCode::PERMISSION_DENIED, "no"}); }
    void OnDone() override { delete this; }
  };
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    const auto& headers = context->client_metadata();
    const auto found = headers.find("authorization");
    token =
        found == headers.end() ? "" : std::string(found->second.data(), found->second.size());
    return new Refusal;
  }
  std::string token;
};

class GrpcCallerTest : public ::testing::Test {
 protected:
  ~GrpcCallerTest() override { std::filesystem::remove(path_); }
  absl::StatusOr<std::unique_ptr<GrpcCaller>> Create(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    options_.token_file = path_;
    return GrpcCaller::Create(options_);
  }
  Options options_ = OptionsFromEnvironment();
  const std::string path_ =
      std::filesystem::temp_directory_path() / absl::StrCat("kith-token-", ::getpid());
};

TEST_F(GrpcCallerTest, AnAddressOfTheEnvironmentThatIsNoneIsNamed) {
  ::setenv("KITH_OUTREACH", "outreach.local", 1);
  const auto caller = GrpcCaller::Create(OptionsFromEnvironment());
  ::unsetenv("KITH_OUTREACH");
  EXPECT_EQ(caller.status().message(),
            "KITH_OUTREACH: 'outreach.local' is not HOST:PORT, such as 127.0.0.1:7404");
}

TEST_F(GrpcCallerTest, SendsTheFirstTokenOfTheFile) {
  Doorkeeper doorkeeper;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(&doorkeeper);
  const auto server = builder.BuildAndStart();
  options_.addresses[static_cast<size_t>(Target::kReferral)] =
      absl::StrCat("127.0.0.1:", port);
  const auto caller = Create("# for the shop\n\n  first\r\nsecond\n");
  ASSERT_TRUE(caller.ok()) << caller.status();
  feed::v1::DescribeFeedResponse response;
  EXPECT_EQ(
      (*caller)->Call(Target::kReferral, feed::v1::DescribeFeedRequest(), &response).code(),
      absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(doorkeeper.token, "Bearer first");
}

TEST_F(GrpcCallerTest, AnotherServiceIsNotTakenForTheOneThatIsAsked) {
  rpc::HealthService health;
  health.AddService("kith.retention.v1.RetentionService");
  health.AddService("kith.feed.v1.EventFeedService");
  health.SetServing(true);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&health);
  const auto server = builder.BuildAndStart();
  const std::string address = absl::StrCat("127.0.0.1:", port);
  for (std::string& each : options_.addresses) each = address;
  const auto caller = GrpcCaller::Create(options_);
  ASSERT_TRUE(caller.ok()) << caller.status();
  const Health own = (*caller)->CheckHealth(Target::kRetention);
  EXPECT_EQ(own.state, Health::kServing);
  EXPECT_NE(own.version, "");
  for (const Target target : {Target::kReferral, Target::kAdvocacy, Target::kOutreach}) {
    const Health other = (*caller)->CheckHealth(target);
    EXPECT_EQ(other.state, Health::kUnreachable) << TargetName(target);
    EXPECT_EQ(other.detail,
              absl::StrCat("another service answers at ", address, "; is the address right?"));
  }
}

// A server that speaks HTTP/1.1, as that of the metrics does, and answers once.
class PlainServer {
 public:
  PlainServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, plain, size), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    EXPECT_EQ(::getsockname(socket_, plain, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~PlainServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  int port() const { return port_; }

 private:
  void Serve() const {
    for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(peer)) {
      constexpr absl::string_view kAnswer = "HTTP/1.1 400 Bad Request\r\n\r\n";
      EXPECT_EQ(::write(peer, kAnswer.data(), kAnswer.size()),
                static_cast<ssize_t>(kAnswer.size()));
      ::shutdown(peer, SHUT_WR);
      char rest[256];
      while (::read(peer, rest, sizeof(rest)) > 0) {
      }
    }
  }

  const int socket_;
  int port_ = 0;
  std::thread thread_;
};

TEST_F(GrpcCallerTest, WhatIsNoServiceOfKithIsToldAsSuch) {
  const PlainServer server;
  options_.addresses[static_cast<size_t>(Target::kReferral)] =
      absl::StrCat("127.0.0.1:", server.port());
  const auto caller = GrpcCaller::Create(options_);
  ASSERT_TRUE(caller.ok()) << caller.status();
  const Health health = (*caller)->CheckHealth(Target::kReferral);
  EXPECT_EQ(health.state, Health::kUnreachable);
  EXPECT_EQ(health.detail,
            "what answers there is no service of Kith; is it the port of its metrics?");
}

TEST_F(GrpcCallerTest, WhatIsNoTokenIsAnErrorThatDoesNotShowIt) {
  const absl::Status status = Create("schl\xc3\xbcssel\n").status();
  EXPECT_EQ(ExitCodeOf(status), kExitFailed);
  EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat(path_, ":1: a token is")));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("ssel")));
  EXPECT_EQ(Create("").status().message(), absl::StrCat("no token in ", path_));
  std::filesystem::remove(path_);
  EXPECT_EQ(GrpcCaller::Create(options_).status().message(),
            absl::StrCat(path_, ": it cannot be read"));
}

}  // namespace
}  // namespace kith::cli
