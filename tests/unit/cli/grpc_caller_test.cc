// The token that `kith` sends: from a file that may be one of a service's.
#include "clients/cli/grpc_caller.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
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
