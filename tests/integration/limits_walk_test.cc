// Every method of every service, with every field at its limit, over it, missing, of a
// wrong kind, not UTF-8, and for an unknown program: a clear status with ErrorInfo, and no
// change. The methods and fields are those of all files of protos/kith, so that none can be
// forgotten.
#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <map>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/ids.h"
#include "common/rpc/channel.h"
#include "common/rpc/limits.h"
#include "common/server/grpc_server.h"
#include "kith/referral/v1/program.pb.h"
#include "tests/integration/contract.h"
#include "tests/integration/largest_message.h"
#include "tests/integration/message_builder.h"
#include "tests/support/full_rules.h"
#include "tests/support/server_process.h"

namespace kith::test {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

struct Target {
  std::string process;
  const ServiceDescriptor* service;
};

// The binaries that serve the services of a package.
std::vector<std::string> ServersOf(const std::string& package) {
  if (package == "kith.feed.v1") return Suite::Names();
  // Only on a clock that is set by hand.
  if (package == "kith.testing.v1") return {};
  for (const std::string& name : Suite::Names()) {
    if (IsOwnPackage(package, name)) return {name};
  }
  ADD_FAILURE() << "which binaries serve " << package << "?";
  return {};
}

// Every service at every binary that serves it; what all have comes last.
std::vector<Target> Targets() {
  std::vector<Target> targets, shared;
  for (const ServiceDescriptor* service : AllServices()) {
    const std::vector<std::string> servers = ServersOf(service->file()->package());
    for (const std::string& server : servers)
      (servers.size() > 1 ? shared : targets).push_back({server, service});
  }
  targets.insert(targets.end(), shared.begin(), shared.end());
  return targets;
}

struct Answer {
  grpc::Status status;
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  bool has_info = false;
};

// Sends one message and half-closes; serves unary and client-streaming methods.
class OneMessageCall final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  grpc::Status Run(grpc::GenericStub& stub, const std::string& method,
                   const std::string& bytes) {
    const grpc::Slice slice(bytes);
    request_ = grpc::ByteBuffer(&slice, 1);
    rpc::SetTimeout(context_, absl::Seconds(60));
    stub.PrepareBidiStreamingCall(&context_, method, {}, this);
    StartWriteLast(&request_, {});
    StartRead(&response_);
    StartCall();
    done_.WaitForNotification();
    return status_;
  }
  void OnDone(const grpc::Status& status) override {
    status_ = status;
    done_.Notify();
  }

 private:
  grpc::ClientContext context_;
  grpc::ByteBuffer request_, response_;
  grpc::Status status_;
  absl::Notification done_;
};

class LimitsWalkTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    suite_ = new Suite;
    suite_->StartAll();
    for (const std::string& name : Suite::Names()) {
      stubs_[name] = std::make_unique<grpc::GenericStub>(suite_->Channel(name));
    }
    ApplyRules();
  }
  // A program that the rules of business allow: those that are made of the limits alone need
  // not make sense as rules.
  static void ApplyRules() {
    kith::referral::v1::ApplyProgramRequest request;
    request.set_request_id("rules");
    *request.mutable_program() = FullRules("walk", absl::ZeroDuration());
    const auto* service = kith::referral::v1::Program::descriptor()->file()->service(0);
    const Answer answer =
        Call({"referral", service}, service->FindMethodByName("ApplyProgram"),
             request.SerializeAsString());
    ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  }
  static void TearDownTestSuite() {
    stubs_.clear();
    delete suite_;
  }

  static Answer Call(const Target& target, const MethodDescriptor* method,
                     const std::string& bytes) {
    const std::string path =
        absl::StrCat("/", target.service->full_name(), "/", method->name());
    Answer answer;
    OneMessageCall call;
    answer.status = call.Run(*stubs_.at(target.process), path, bytes);
    google::rpc::Status details;
    details.ParseFromString(answer.status.error_details());
    for (const auto& detail : details.details()) {
      answer.has_info |= detail.UnpackTo(&answer.info);
      detail.UnpackTo(&answer.bad_request);
    }
    return answer;
  }

  // Every refusal is a named one.
  static void ExpectClear(const Answer& answer, const std::string& what) {
    if (answer.status.ok()) return;
    EXPECT_NE(answer.status.error_code(), grpc::StatusCode::UNKNOWN) << what;
    EXPECT_NE(answer.status.error_code(), grpc::StatusCode::INTERNAL) << what;
    EXPECT_NE(answer.status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << what;
    EXPECT_TRUE(answer.has_info) << what << ": " << answer.status.error_message();
    EXPECT_FALSE(answer.info.reason().empty()) << what;
    EXPECT_FALSE(answer.info.domain().empty()) << what;
  }

  // A hash of everything in a store.
  static std::string Digest(const std::string& name) {
    const std::string path = suite_->store_url(name).substr(std::string("sqlite:").size());
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    std::string all;
    for (const std::string& table : Column(db,
                                           "SELECT name FROM sqlite_master "
                                           "WHERE type = 'table' ORDER BY name")) {
      for (const std::string& row : Column(db, absl::StrCat("SELECT * FROM ", table))) {
        absl::StrAppend(&all, table, "|", row, "\n");
      }
    }
    sqlite3_close(db);
    return Sha256(all);
  }
  // The rows of a query, the columns of each joined.
  static std::vector<std::string> Column(sqlite3* db, const std::string& sql) {
    std::vector<std::string> rows;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      std::string row;
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const void* data = sqlite3_column_blob(statement, i);
        if (i > 0) row += "|";
        row.append(static_cast<const char*>(data), sqlite3_column_bytes(statement, i));
      }
      rows.push_back(std::move(row));
    }
    sqlite3_finalize(statement);
    return rows;
  }

  static void ForEachMethod(
      const std::function<void(const Target&, const MethodDescriptor*)>& visit) {
    for (const bool apply_first : {true, false}) {
      for (const Target& target : Targets()) {
        for (int i = 0; i < target.service->method_count(); ++i) {
          const MethodDescriptor* method = target.service->method(i);
          if ((method->name().rfind("Apply", 0) == 0) == apply_first) visit(target, method);
        }
      }
    }
  }
  static std::string Name(const Target& target, const MethodDescriptor* method) {
    return absl::StrCat(target.process, " ", method->full_name());
  }

  static Suite* suite_;
  static std::map<std::string, std::unique_ptr<grpc::GenericStub>> stubs_;
};

Suite* LimitsWalkTest::suite_ = nullptr;
std::map<std::string, std::unique_ptr<grpc::GenericStub>> LimitsWalkTest::stubs_;

TEST_F(LimitsWalkTest, EveryFieldOfEveryRequestHasALimit) {
  for (const ServiceDescriptor* service : AllServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_THAT(FieldsWithoutLimit(service->method(i)->input_type()), ::testing::IsEmpty());
    }
  }
}

// What is larger gRPC refuses before anybody can say why.
TEST(RequestSizeTest, NoRequestThatTheLimitsAllowIsTooLargeToBeRead) {
  for (const Target& target : Targets()) {
    for (int i = 0; i < target.service->method_count(); ++i) {
      const MethodDescriptor* method = target.service->method(i);
      // The lists of its rules lie in each other; nobody writes that much by hand.
      if (method->name() == "ApplyProgram") continue;
      EXPECT_LE(LargestSize(method->input_type()), server::kMaxRequestBytes)
          << method->full_name();
    }
  }
}

TEST_F(LimitsWalkTest, WhatTheLimitsAllowIsNotRefusedForThem) {
  int calls = 0;
  ForEachMethod([&](const Target& target, const MethodDescriptor* method) {
    const auto valid = ValidMessage(method->input_type(), "walk");
    ExpectClear(Call(target, method, valid->SerializeAsString()), Name(target, method));
    for (const Variant& variant : Variants(method->input_type(), "walk")) {
      if (!variant.allowed) continue;
      const std::string what =
          absl::StrCat(Name(target, method), " ", variant.field, " ", variant.what);
      const Answer answer = Call(target, method, variant.bytes);
      ExpectClear(answer, what);
      EXPECT_NE(answer.info.reason(), "MALFORMED_REQUEST") << what;
      // The business may refuse the request, the limits may not.
      const MessagePtr request = ValidMessage(method->input_type(), "walk");
      ASSERT_TRUE(request->ParseFromString(variant.bytes)) << what;
      EXPECT_TRUE(rpc::CheckLimits(*request).ok()) << what << rpc::CheckLimits(*request);
      ++calls;
    }
  });
  EXPECT_GT(calls, 600);
}

TEST_F(LimitsWalkTest, WhatTheLimitsForbidIsRefusedByFieldAndChangesNothing) {
  ForEachMethod([&](const Target& target, const MethodDescriptor* method) {
    Call(target, method, ValidMessage(method->input_type(), "walk")->SerializeAsString());
  });
  suite_->AwaitCaughtUp();
  std::map<std::string, std::string> before;
  for (const std::string& name : Suite::Names()) before[name] = Digest(name);
  int calls = 0;
  ForEachMethod([&](const Target& target, const MethodDescriptor* method) {
    for (const Variant& variant : Variants(method->input_type(), "walk")) {
      if (variant.allowed) continue;
      const std::string what =
          absl::StrCat(Name(target, method), " ", variant.field, " ", variant.what);
      const Answer answer = Call(target, method, variant.bytes);
      ExpectClear(answer, what);
      EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << what;
      ++calls;
      if (variant.what == "not UTF-8") {
        EXPECT_EQ(answer.info.reason(), "MALFORMED_REQUEST") << what;
        continue;
      }
      EXPECT_EQ(answer.info.reason(), "INVALID_FIELD") << what;
      ASSERT_GT(answer.bad_request.field_violations_size(), 0) << what;
      EXPECT_THAT(answer.bad_request.field_violations(0).field(),
                  ::testing::StartsWith(variant.field))
          << what;
      EXPECT_FALSE(answer.bad_request.field_violations(0).description().empty()) << what;
    }
    // Bytes that are no message at all.
    const Answer garbage = Call(target, method, "\x0b\xff\xff\xff");
    EXPECT_EQ(garbage.info.reason(), "MALFORMED_REQUEST") << Name(target, method);
  });
  EXPECT_GT(calls, 2000);
  for (const std::string& name : Suite::Names()) EXPECT_EQ(Digest(name), before[name]) << name;
}

TEST_F(LimitsWalkTest, AnUnknownProgramIsNotFoundAndIsNotMade) {
  suite_->AwaitCaughtUp();
  std::map<std::string, std::string> before;
  for (const std::string& name : Suite::Names()) before[name] = Digest(name);
  int calls = 0;
  ForEachMethod([&](const Target& target, const MethodDescriptor* method) {
    const bool scoped = method->input_type()->FindFieldByName("program_id") != nullptr ||
                        method->client_streaming();
    if (!scoped) return;
    const auto request = ValidMessage(method->input_type(), "no-such-program");
    const Answer answer = Call(target, method, request->SerializeAsString());
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::NOT_FOUND) << Name(target, method);
    EXPECT_EQ(answer.info.reason(), "PROGRAM_NOT_FOUND") << Name(target, method);
    ++calls;
  });
  EXPECT_GT(calls, 60);
  for (const std::string& name : Suite::Names()) EXPECT_EQ(Digest(name), before[name]) << name;
}

}  // namespace
}  // namespace kith::test
