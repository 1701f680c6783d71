// A whole service as a process.
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/impl/rpc_method.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/sync_stream.h"
#include "gtest/gtest.h"
#include "kith/feed/v1/feed.grpc.pb.h"
#include "kith/testing/v1/clock.grpc.pb.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"
#include "tests/unit/common/rpc/echo.grpc.pb.h"

namespace kith::rpc {
namespace {

using namespace kith::echo::v1;
using ::testing::HasSubstr;
using ::testing::Not;

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : folder_(kith::test::TempDir()) {}

  std::unique_ptr<kith::test::ServerProcess> NewServer(std::vector<std::string> extra = {}) {
    std::vector<std::string> args = {"--listen=127.0.0.1:0", "--metrics=127.0.0.1:0",
                                     absl::StrCat("--store=sqlite:", folder_, "/echo.db")};
    args.insert(args.end(), extra.begin(), extra.end());
    return std::make_unique<kith::test::ServerProcess>(
        kith::test::BinaryPath("kith-echo"), args, absl::StrCat(folder_, "/log", servers_++));
  }

  // Waits for "serving" in the log and returns the address that it tells.
  static std::string AwaitAddress(const kith::test::ServerProcess& server) {
    constexpr absl::string_view kMark = "\"event\":\"serving\",\"address\":\"";
    std::string log;
    size_t at = std::string::npos;
    while ((at = log.find(std::string(kMark))) == std::string::npos ||
           log.find('\n', at) == std::string::npos) {
      if (absl::StrContains(log, "start_failed")) {
        ADD_FAILURE() << log;
        return "";
      }
      std::this_thread::yield();
      log = server.Log();
    }
    const size_t start = at + kMark.size();
    return log.substr(start, log.find('"', start) - start);
  }

  const std::string folder_;
  int servers_ = 0;
};

std::unique_ptr<grpc::ClientContext> NewContext() {
  auto context = std::make_unique<grpc::ClientContext>();
  SetTimeout(*context, absl::Seconds(20));
  return context;
}

absl::Status Put(const std::string& address, const std::string& text,
                 const std::string& token = {}) {
  PutRequest request;
  PutResponse response;
  request.set_program_id("p");
  request.set_request_id("r");
  request.set_text(text);
  ChannelOptions options;
  options.token = token;
  const auto stub = EchoService::NewStub(MakeChannel(address, options));
  return FromGrpc(stub->Put(NewContext().get(), request, &response));
}

// Asks gRPC reflection, whose messages no package installs: field 4 is a symbol, field 7
// asks for all services. The answer comes as bytes; names are in there as they are.
absl::StatusOr<std::string> Reflect(const std::string& address, const std::string& request) {
  using grpc::internal::RpcMethod;
  const auto channel = MakeChannel(address);
  const RpcMethod method("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                         RpcMethod::BIDI_STREAMING);
  const auto context = NewContext();
  using Factory =
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>;
  const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      Factory::Create(channel.get(), method, context.get()));
  const grpc::Slice bytes(request);
  grpc::ByteBuffer answer;
  stream->Write(grpc::ByteBuffer(&bytes, 1));
  stream->WritesDone();
  const bool answered = stream->Read(&answer);
  grpc::Slice slice;
  if (!answered) return FromGrpc(stream->Finish());
  if (!answer.DumpToSingleSlice(&slice).ok()) return absl::DataLossError("no answer");
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

TEST_F(ServerTest, ReflectionTellsServicesAndTypes) {
  const auto server = NewServer();
  server->Start();
  const std::string address = AwaitAddress(*server);
  const auto services = Reflect(address, "\x3a\x01*");
  ASSERT_TRUE(services.ok()) << services.status();
  for (const char* name : {"kith.echo.v1.EchoService", "kith.feed.v1.EventFeedService",
                           "kith.feed.v1.FeedConsumerService", "grpc.health.v1.Health"}) {
    EXPECT_THAT(*services, HasSubstr(name));
  }
  EXPECT_THAT(*services, Not(HasSubstr("ClockService")));
  const auto file = Reflect(address, absl::StrCat("\x22\x18", "kith.echo.v1.EchoService"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(*file, HasSubstr("PutAllRequest"));
}

TEST_F(ServerTest, ReflectionCanBeOff) {
  const auto server = NewServer({"--reflection=off"});
  server->Start();
  const auto services = Reflect(AwaitAddress(*server), "\x3a\x01*");
  EXPECT_EQ(services.status().code(), absl::StatusCode::kUnimplemented);
}

TEST_F(ServerTest, TokensComeFromAFile) {
  const std::string path = absl::StrCat(folder_, "/tokens");
  std::ofstream(path) << "# for the shop\nfirst\n\n  second  \n";
  const auto server = NewServer({absl::StrCat("--auth-token-file=", path)});
  server->Start();
  const std::string address = AwaitAddress(*server);
  EXPECT_EQ(GetErrorReason(Put(address, "x")), "UNAUTHENTICATED");
  EXPECT_TRUE(Put(address, "x", "first").ok());
  EXPECT_TRUE(Put(address, "x", "second").ok());
  EXPECT_EQ(GetErrorReason(Put(address, "x", "# for the shop")), "UNAUTHENTICATED");
}

TEST_F(ServerTest, FileWithoutTokensFailsClearly) {
  const std::string path = absl::StrCat(folder_, "/tokens");
  std::ofstream(path) << "# nobody\n";
  const auto server = NewServer({absl::StrCat("--auth-token-file=", path)});
  server->Start();
  EXPECT_EQ(server->Wait(), 1);
  EXPECT_THAT(server->Log(), HasSubstr(absl::StrCat("no token in ", path)));
}

TEST_F(ServerTest, ServesAndStopsGracefully) {
  const auto server = NewServer();
  server->Start();
  const std::string address = AwaitAddress(*server);
  EXPECT_TRUE(Put(address, "hello").ok());
  EXPECT_TRUE(Put(address, "hello").ok());
  EXPECT_EQ(GetErrorReason(Put(address, "other")), "REQUEST_ID_REUSED");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they need far more
  EXPECT_LT(server->ResidentKilobytes(), 40 * 1024);
#endif
  EXPECT_EQ(server->Terminate(), 0);
  EXPECT_THAT(server->Log(), HasSubstr("\"event\":\"stopped\""));
}

TEST_F(ServerTest, HealthFollowsTheStore) {
  const auto server = NewServer();
  server->Start();
  const auto stub = grpc::health::v1::Health::NewStub(MakeChannel(AwaitAddress(*server)));
  grpc::health::v1::HealthCheckRequest request;
  grpc::health::v1::HealthCheckResponse response;
  for (const char* name : {"", "kith.echo.v1.EchoService", "kith.feed.v1.EventFeedService"}) {
    request.set_service(name);
    ASSERT_TRUE(stub->Check(NewContext().get(), request, &response).ok()) << name;
    EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::SERVING) << name;
  }
}

TEST_F(ServerTest, StopEndsWatchersAtOnce) {
  const auto server = NewServer({"--drain-timeout=1h"});
  server->Start();
  const auto stub = grpc::health::v1::Health::NewStub(MakeChannel(AwaitAddress(*server)));
  grpc::health::v1::HealthCheckResponse response;
  const auto context = NewContext();
  const auto reader = stub->Watch(context.get(), grpc::health::v1::HealthCheckRequest());
  ASSERT_TRUE(reader->Read(&response));
  std::thread watching([&] {
    while (reader->Read(&response)) {
    }
  });
  EXPECT_EQ(server->Terminate(), 0);
  watching.join();
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServerTest, BusyPortFailsClearly) {
  const auto first = NewServer();
  first->Start();
  const std::string address = AwaitAddress(*first);
  const auto second = NewServer({absl::StrCat("--listen=", address)});
  second->Start();
  EXPECT_EQ(second->Wait(), 1);
  EXPECT_THAT(second->Log(), HasSubstr(absl::StrCat("cannot listen on ", address)));
}

TEST_F(ServerTest, UnreachableStoreFailsClearly) {
  const auto server = NewServer({absl::StrCat("--store=sqlite:", folder_, "/no/such/x.db")});
  server->Start();
  EXPECT_EQ(server->Wait(), 1);
  EXPECT_THAT(server->Log(), HasSubstr("\"event\":\"start_failed\""));
}

TEST_F(ServerTest, WhatItDoesNotFollowItSays) {
  const auto server = NewServer({"--follow=whistles=127.0.0.1:1"});
  server->Start();
  const auto stub = feed::v1::FeedConsumerService::NewStub(MakeChannel(AwaitAddress(*server)));
  feed::v1::ListFeedCursorsResponse response;
  ASSERT_TRUE(
      stub->ListFeedCursors(NewContext().get(), feed::v1::ListFeedCursorsRequest(), &response)
          .ok());
  EXPECT_THAT(response.not_followed(), ::testing::ElementsAre("bells"));
  EXPECT_THAT(server->Log(),
              HasSubstr("\"event\":\"not_followed\",\"source\":\"bells\","
                        "\"cause\":\"started without --follow=bells=HOST:PORT"));
}

TEST_F(ServerTest, MigrateOnlyStopsAfterwards) {
  const auto server = NewServer({"--migrate=only"});
  server->Start();
  EXPECT_EQ(server->Wait(), 0);
  EXPECT_THAT(server->Log(), HasSubstr("\"event\":\"migrated\""));
}

TEST_F(ServerTest, MigrateOffRefusesAnEmptyStore) {
  const auto server = NewServer({"--migrate=off"});
  server->Start();
  EXPECT_EQ(server->Wait(), 1);
}

TEST_F(ServerTest, ManualClockIsMovedByTests) {
  const auto server = NewServer({"--clock=manual:2026-03-01T10:00:00Z"});
  server->Start();
  const std::string address = AwaitAddress(*server);
  const auto stub = kith::testing::v1::ClockService::NewStub(MakeChannel(address));
  kith::testing::v1::GetTimeResponse now;
  ASSERT_TRUE(
      stub->GetTime(NewContext().get(), kith::testing::v1::GetTimeRequest(), &now).ok());
  EXPECT_EQ(now.time().seconds(), 1772359200);
  kith::testing::v1::SetTimeRequest set;
  kith::testing::v1::SetTimeResponse ignored;
  EXPECT_EQ(GetErrorReason(FromGrpc(stub->SetTime(NewContext().get(), set, &ignored))),
            "INVALID_FIELD");
  set.mutable_time()->set_seconds(-1);
  set.mutable_time()->set_nanos(500000000);
  ASSERT_TRUE(stub->SetTime(NewContext().get(), set, &ignored).ok());
  ASSERT_TRUE(
      stub->GetTime(NewContext().get(), kith::testing::v1::GetTimeRequest(), &now).ok());
  EXPECT_EQ(now.time().seconds(), -1);
  EXPECT_EQ(now.time().nanos(), 500000000);
  EXPECT_TRUE(Put(address, "in the past").ok());
}

}  // namespace
}  // namespace kith::rpc
