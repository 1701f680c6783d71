#include "common/rpc/status.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "tests/unit/common/rpc/echo.pb.h"

namespace kith::rpc {
namespace {

constexpr ErrorDef kGone{absl::StatusCode::kNotFound, "GONE", "it is gone"};

TEST(StatusTest, NamedErrorsComeThroughBothWays) {
  ErrorDetails details;
  details.fields = {{"a[1].b", "must be c"}, {"d", "is required"}};
  details.metadata = {{"count", "3"}, {"limit", "2"}};
  details.retry_delay = absl::Milliseconds(1500);
  const absl::Status sent = MakeDetailedError(kGone, details, "not here: ü");
  const absl::Status got = FromGrpc(ToGrpc(sent, "kith.x.v1.XService"));
  EXPECT_EQ(got.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(got.message(), "not here: ü");
  details.reason = "GONE";
  EXPECT_EQ(GetErrorDetails(got), details);
}

TEST(StatusTest, WhatIsMissingIsNamed) {
  kith::echo::v1::GetRequest request;
  request.set_text("t-1");
  const auto named = [&](const ErrorDef& def, const char* field) {
    const absl::Status status =
        NameWhatIsMissing(MakeFieldError(def, field, "must be one"), request);
    return std::string(status.message());
  };
  EXPECT_EQ(named(kGone, "text"), "text 't-1': must be one");
  // Nothing to name, a field that is none, something that is there but wrong.
  EXPECT_EQ(named(kGone, "error"), "error: must be one");
  EXPECT_EQ(named(kGone, "other"), "other: must be one");
  constexpr ErrorDef kBad{absl::StatusCode::kInvalidArgument, "BAD", "it is bad"};
  EXPECT_EQ(named(kBad, "text"), "text: must be one");
  // Reason and fields stay; what says it already does not say it twice.
  const auto say = [&](const char* text) {
    return NameWhatIsMissing(MakeDetailedError(kGone, {"", {{"text", "x"}}, {}, {}}, text),
                             request);
  };
  EXPECT_EQ(std::string(say("").message()), "it is gone: 't-1'");
  EXPECT_EQ(GetErrorDetails(say("")), (ErrorDetails{"GONE", {{"text", "x"}}, {}, {}}));
  EXPECT_EQ(std::string(say("no t-1").message()), "no t-1");
}

TEST(StatusTest, OkIsOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus(), "x").ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

TEST(StatusTest, StoreTroubleIsUnavailable) {
  for (const absl::Status& status :
       {absl::AbortedError("deadlock"), absl::UnavailableError("no route")}) {
    const absl::Status named = ToNamed(status);
    EXPECT_EQ(named.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(GetErrorReason(named), "STORE_UNAVAILABLE");
    EXPECT_GT(GetErrorDetails(named)->retry_delay, absl::ZeroDuration());
  }
  EXPECT_EQ(GetErrorReason(ToNamed(absl::DeadlineExceededError("x"))), "DEADLINE_EXCEEDED");
}

TEST(StatusTest, AnythingElseIsInternalWithoutItsText) {
  for (const absl::Status& status :
       {absl::InternalError("secret"), absl::UnknownError("secret"),
        absl::AlreadyExistsError("secret"), absl::InvalidArgumentError("secret")}) {
    const absl::Status named = ToNamed(status);
    EXPECT_EQ(named.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(GetErrorReason(named), "INTERNAL");
    EXPECT_EQ(std::string(named.message()).find("secret"), std::string::npos);
  }
}

TEST(StatusTest, StatusOfAnotherServerKeepsCodeAndText) {
  const absl::Status status =
      FromGrpc(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no such method"));
  EXPECT_EQ(status, absl::UnimplementedError("no such method"));
  const absl::Status damaged =
      FromGrpc(grpc::Status(grpc::StatusCode::INTERNAL, "x", "\xff\xff"));
  EXPECT_EQ(damaged, absl::InternalError("x"));
}

TEST(StatusTest, TrailersStaySmall) {
  ErrorDetails details;
  for (int i = 0; i < 50; ++i) {
    details.fields.push_back({std::string(500, 'f'), std::string(100, 'd')});
  }
  const grpc::Status status = ToGrpc(MakeDetailedError(kGone, details), "x");
  EXPECT_LT(status.error_details().size(), 5000u);
  EXPECT_EQ(GetErrorDetails(FromGrpc(status))->fields.size(), 6u);
}

TEST(StatusTest, CodesHaveTheirNames) {
  EXPECT_EQ(CodeName(absl::StatusCode::kOk), "OK");
  EXPECT_EQ(CodeName(absl::StatusCode::kCancelled), "Canceled");
  EXPECT_EQ(CodeName(absl::StatusCode::kInvalidArgument), "InvalidArgument");
  EXPECT_EQ(CodeName(absl::StatusCode::kUnauthenticated), "Unauthenticated");
  EXPECT_EQ(CodeName(static_cast<absl::StatusCode>(77)), "Unknown");
}

}  // namespace
}  // namespace kith::rpc
