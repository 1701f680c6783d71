// The adapter over a real server.
#include <atomic>
#include <string>

#include "common/base/clock.h"
#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/rpc_method.h"
#include "gtest/gtest.h"
#include "tests/unit/common/rpc/echo_server.h"

namespace kith::rpc::test {
namespace {

PutRequest MakePut(const std::string& text) {
  PutRequest request;
  request.set_program_id("p");
  request.set_request_id("r1");
  request.set_text(text);
  return request;
}

absl::Status Put(EchoServer& server, const PutRequest& request,
                 PutResponse* response = nullptr) {
  PutResponse ignored;
  const auto context = NewContext();
  return FromGrpc(
      server.stub().Put(context.get(), request, response != nullptr ? response : &ignored));
}

absl::Status Get(EchoServer& server, const std::string& error) {
  GetRequest request;
  GetResponse response;
  request.set_error(error);
  const auto context = NewContext();
  return FromGrpc(server.stub().Get(context.get(), request, &response));
}

TEST(AdapterTest, WriteGoesToTheExecutorAndItsBytesComeBack) {
  EchoServer server;
  PutResponse response;
  ASSERT_TRUE(Put(server, MakePut("hello"), &response).ok());
  EXPECT_EQ(response.text(), "hello");
  const auto seen = server.executor().seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].program_id, "p");
  EXPECT_EQ(seen[0].method, "Put");
  EXPECT_EQ(seen[0].request_id, "r1");
  EXPECT_EQ(seen[0].weight, 3);
  EXPECT_EQ(seen[0].fingerprint.size(), 16u);
}

TEST(AdapterTest, FingerprintIsOfTheContent) {
  EchoServer server;
  for (const char* text : {"one", "one", "two"}) {
    ASSERT_TRUE(Put(server, MakePut(text)).ok());
  }
  const auto seen = server.executor().seen();
  EXPECT_EQ(seen[0].fingerprint, seen[1].fingerprint);
  EXPECT_NE(seen[0].fingerprint, seen[2].fingerprint);
}

TEST(AdapterTest, ErrorsOfHandlerAndCommandAreNamed) {
  EchoServer server;
  for (const char* text : {"no", "refuse"}) {
    const absl::Status status = Put(server, MakePut(text));
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << text;
    EXPECT_EQ(GetErrorReason(status), "REFUSED") << text;
  }
}

TEST(AdapterTest, ErrorInfoNamesTheService) {
  EchoServer server;
  PutResponse response;
  const auto context = NewContext();
  const grpc::Status status = server.stub().Put(context.get(), MakePut("no"), &response);
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "kith.echo.v1.EchoService");
  EXPECT_EQ(details.code(), static_cast<int>(grpc::StatusCode::FAILED_PRECONDITION));
}

TEST(AdapterTest, LimitsComeBeforeTheHandler) {
  EchoServer server;
  PutRequest request = MakePut(std::string(17, 'x'));
  request.clear_program_id();
  const absl::Status status = Put(server, request);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
  EXPECT_THAT(GetErrorDetails(status)->fields,
              ::testing::ElementsAre(FieldViolation{"program_id", "is required"},
                                     FieldViolation{"text", "must have at most 16 bytes"}));
  EXPECT_TRUE(server.executor().seen().empty());
}

TEST(AdapterTest, WrongUtf8IsMalformed) {
  EchoServer server;
  const absl::Status status = Put(server, MakePut("\xff\xfe"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorReason(status), "MALFORMED_REQUEST");
}

TEST(AdapterTest, TruncatedMessageIsMalformed) {
  EchoServer server;
  const grpc::Slice slice("\x0a\x20 short", 8);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  const grpc::internal::RpcMethod method("/kith.echo.v1.EchoService/Put",
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  const auto context = NewContext();
  const absl::Status status =
      FromGrpc(grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
          server.channel().get(), method, context.get(), request, &response));
  EXPECT_EQ(GetErrorReason(status), "MALFORMED_REQUEST");
}

TEST(AdapterTest, EmptyRequestIsParsedToo) {
  EchoServer server;
  const absl::Status status = Put(server, PutRequest());
  EXPECT_EQ(GetErrorReason(status), "INVALID_FIELD");
}

TEST(AdapterTest, RequestOfMoreThanSixteenMebibytesIsRefused) {
  EchoServer server;
  // The limits of its fields are looked at, and named.
  EXPECT_EQ(GetErrorReason(Put(server, MakePut(std::string((16 << 20) - 1024, 'x')))),
            "INVALID_FIELD");
  const absl::Status status = Put(server, MakePut(std::string(16 << 20, 'x')));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

TEST(AdapterTest, ReadAnswers) {
  EchoServer server;
  for (const size_t size : {size_t{0}, size_t{5}, size_t{1000000}}) {
    GetRequest request;
    GetResponse response;
    request.set_text(std::string(size, 'x'));
    const auto context = NewContext();
    ASSERT_TRUE(server.stub().Get(context.get(), request, &response).ok());
    EXPECT_EQ(response.text(), request.text());
  }
}

TEST(AdapterTest, InternalsDoNotLeak) {
  EchoServer server;
  const absl::Status bug = Get(server, "bug");
  EXPECT_EQ(bug.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(GetErrorReason(bug), "INTERNAL");
  EXPECT_EQ(bug.message(), errors::kInternal.text);

  const absl::Status aborted = Get(server, "aborted");
  EXPECT_EQ(aborted.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorReason(aborted), "STORE_UNAVAILABLE");
  EXPECT_EQ(aborted.message(), kith::errors::kUnavailable.text);

  EXPECT_EQ(GetErrorReason(Get(server, "cancelled")), "CANCELLED");
}

TEST(AdapterTest, FieldErrorsReachTheClient) {
  EchoServer server;
  const absl::Status status = Get(server, "named");
  EXPECT_EQ(GetErrorReason(status), "REFUSED");
  EXPECT_THAT(GetErrorDetails(status)->fields,
              ::testing::ElementsAre(FieldViolation{"text", "must be another"}));
}

TEST(AdapterTest, AsyncIsAnsweredLater) {
  EchoServer server;
  std::thread answerer;
  server.set_on_wait([&](EchoServer::WaitDone done) {
    answerer = std::thread([done = std::move(done)]() mutable {
      WaitResponse response;
      response.set_text("later");
      done(absl::OkStatus(), response);
    });
  });
  WaitResponse response;
  const auto context = NewContext();
  EXPECT_TRUE(server.stub().Wait(context.get(), WaitRequest(), &response).ok());
  EXPECT_EQ(response.text(), "later");
  answerer.join();
}

absl::Status PutAll(EchoServer& server, const std::vector<std::string>& texts,
                    PutAllResponse& response, absl::Duration timeout = absl::Seconds(20)) {
  const auto context = NewContext(timeout);
  const auto writer = server.stub().PutAll(context.get(), &response);
  PutAllRequest request;
  for (const std::string& text : texts) {
    request.set_text(text);
    if (!writer->Write(request)) break;
  }
  writer->WritesDone();
  return FromGrpc(writer->Finish());
}

TEST(AdapterTest, StreamIsFoldedInOrder) {
  EchoServer server;
  PutAllResponse response;
  ASSERT_TRUE(PutAll(server, {"a", "b", "c"}, response).ok());
  EXPECT_THAT(response.texts(), ::testing::ElementsAre("a", "b", "c"));
  ASSERT_TRUE(PutAll(server, {}, response).ok());
}

TEST(AdapterTest, ErrorEndsTheStreamAndWhatWasDoneStays) {
  EchoServer server;
  PutAllResponse response;
  EXPECT_EQ(GetErrorReason(PutAll(server, {"a", "refuse", "c"}, response)), "REFUSED");
  EXPECT_EQ(server.executor().seen().size(), 2u);
  EXPECT_EQ(GetErrorReason(PutAll(server, {"a", "", "c"}, response)), "INVALID_FIELD");
  EXPECT_EQ(server.executor().seen().size(), 3u);
}

// A client that asks for an hour, and goes away, holds what it has taken for minutes.
TEST(AdapterTest, OnlyAStreamMayTakeAsLongAsItsClientWants) {
  constexpr absl::Duration kHour = absl::Hours(1);
  std::atomic<int64_t> read_until{0};
  EchoServer::Options options;
  options.on_get = [&](const GetRequest&, const CallContext& context) {
    read_until = absl::ToUnixNanos(context.deadline);
  };
  EchoServer server(options);
  const absl::Time start = SystemClock().Now();
  GetResponse got;
  ASSERT_TRUE(server.stub().Get(NewContext(kHour).get(), GetRequest(), &got).ok());
  PutResponse put;
  ASSERT_TRUE(server.stub().Put(NewContext(kHour).get(), MakePut("a"), &put).ok());
  PutAllResponse response;
  ASSERT_TRUE(PutAll(server, {"a"}, response, kHour).ok());
  const absl::Time latest = SystemClock().Now() + absl::Minutes(5);
  const auto seen = server.executor().seen();
  for (const absl::Time deadline : {absl::FromUnixNanos(read_until), seen[0].deadline}) {
    EXPECT_GE(deadline, start + absl::Minutes(5));
    EXPECT_LE(deadline, latest);
  }
  EXPECT_GT(seen[1].deadline, start + absl::Minutes(59));

  ASSERT_TRUE(server.stub().Get(NewContext().get(), GetRequest(), &got).ok());
  EXPECT_LT(absl::FromUnixNanos(read_until), start + absl::Minutes(1)) << "it says 20 s";
}

TEST(AdapterTest, TokenIsNeeded) {
  EchoServer::Options options;
  options.tokens = {"first", "second"};
  EchoServer server(options);
  const auto call = [&](const char* authorization) {
    const auto context = NewContext();
    if (authorization != nullptr) context->AddMetadata("authorization", authorization);
    PutResponse response;
    return FromGrpc(server.stub().Put(context.get(), MakePut("x"), &response));
  };
  for (const char* wrong : {static_cast<const char*>(nullptr), "Bearer third", "first",
                            "Basic first", "Bearer "}) {
    const absl::Status status = call(wrong);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(GetErrorReason(status), "UNAUTHENTICATED");
  }
  EXPECT_TRUE(call("Bearer first").ok());
  EXPECT_TRUE(call("bearer second").ok());
}

TEST(AdapterTest, AuthenticationComesBeforeLimits) {
  EchoServer::Options options;
  options.tokens = {"t"};
  EchoServer server(options);
  EXPECT_EQ(GetErrorReason(Put(server, PutRequest())), "UNAUTHENTICATED");
}

TEST(AdapterTest, MethodsWithoutHandlerAreReported) {
  metrics::Registry registry;
  Runtime runtime;
  runtime.metrics = &registry;
  Service service(PutRequest::descriptor()->file()->FindServiceByName("EchoService"),
                  &runtime);
  EXPECT_THAT(service.UnboundMethods(),
              ::testing::UnorderedElementsAre("Put", "Get", "Wait", "PutAll"));
  service.Read<GetRequest, GetResponse>(
      "Get", [](const auto&, const auto&, auto&) { return absl::OkStatus(); });
  service.Read<GetRequest, GetResponse>(
      "Got", [](const auto&, const auto&, auto&) { return absl::OkStatus(); });
  service.Read<GetRequest, GetResponse>(
      "Put", [](const auto&, const auto&, auto&) { return absl::OkStatus(); });
  EXPECT_THAT(service.UnboundMethods(),
              ::testing::UnorderedElementsAre("Put", "Wait", "PutAll", "Got (no such method)",
                                              "Put (bound with another type of request)"));
}

}  // namespace
}  // namespace kith::rpc::test
