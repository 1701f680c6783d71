// A service that follows a feed, and a client of what its operators can do.
#ifndef KITH_TESTS_CONFORMANCE_FEED_OPERATOR_H_
#define KITH_TESTS_CONFORMANCE_FEED_OPERATOR_H_

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "common/concurrency/bounded_pool.h"
#include "common/executor/executor.h"
#include "common/feed/consumer.h"
#include "common/feed/feed_service.h"
#include "common/log/log.h"
#include "common/rpc/channel.h"
#include "common/rpc/runtime.h"
#include "common/rpc/status.h"
#include "kith/events/v1/events.pb.h"
#include "kith/feed/v1/feed.grpc.pb.h"
#include "tests/conformance/bank.h"
#include "tests/conformance/feed_source.h"

namespace kith::test {

inline constexpr ErrorDef kBadAmount{absl::StatusCode::kInvalidArgument, "BAD_AMOUNT",
                                     "the amount cannot be used"};

// Asks again and again, as fast as the answers come, until `done`.
template <class Done>
void Await(const char* what, Done done) {
  const absl::Time end = SystemClock().Now() + absl::Seconds(60);
  while (!done()) {
    ASSERT_LT(SystemClock().Now(), end) << what;
    std::this_thread::yield();
  }
}

// Adds 1 for each event to the account that the fact names. Until it is repaired it refuses
// those named "bad", after it has changed the unit, and the store refuses what comes of those
// named "twice".
class RepairableHandler final : public feed::Handler {
 public:
  void Prefetch(const feed::Event& event, exec::Loader& loader) const override {
    loader.Want<AccountTable>(KeyOf(event));
  }
  absl::Status Apply(const feed::Event& event, exec::Unit& unit, absl::Time) const override {
    const auto key = KeyOf(event);
    const Account* found = unit.Find<AccountTable>(key);
    Account account = found != nullptr ? *found : Account{key.first, key.second, "", 0};
    account.balance += 1;
    unit.Put<AccountTable>(std::move(account));
    if (repaired_) return absl::OkStatus();
    if (key.second == "twice") {
      unit.Append<MovementLog>({"m", 1});
      unit.Append<MovementLog>({"m", 1});
    }
    return key.second == "bad" ? MakeError(kBadAmount) : absl::OkStatus();
  }
  void Repair() { repaired_ = true; }

 private:
  static AccountTable::Key KeyOf(const feed::Event& event) {
    return {event.program_id, event.fact->advocate_enrolled().advocate_id()};
  }
  std::atomic<bool> repaired_ = false;
};

// A service that follows the source, with two local shards, and a client of it.
class FeedOperator : public ::testing::TestWithParam<std::string> {
 protected:
  FeedOperator() : bank_(GetParam(), 2) {
    log::Configure(log::Level::kOff, "follower");
    executor_ = exec::MakeExecutor(bank_.database(), bank_.clock(), bank_.Options());
    runtime_.executor = executor_.get();
    runtime_.pool = &pool_;
    runtime_.metrics = &registry_;
    consumers_.push_back(
        std::make_unique<feed::Consumer>("source", rpc::MakeChannel(source_.address()),
                                         handler_, bank_.database(), *executor_, registry_));
    service_ = feed::MakeFeedConsumerService(bank_.database(), consumers_, &runtime_);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_->grpc_service());
    server_ = builder.BuildAndStart();
    stub_ = feed::v1::FeedConsumerService::NewStub(
        rpc::MakeChannel(absl::StrCat("127.0.0.1:", port)));
    consumers_[0]->Start();
  }
  ~FeedOperator() override {
    consumers_[0]->Stop();
    server_->Shutdown();
    pool_.Stop();
    executor_->Stop();
  }

  // A program of the local shard.
  static std::string ProgramOf(int shard) {
    for (int i = 0;; ++i) {
      const std::string program = absl::StrCat("p", i);
      if (ShardOf(program, 2) == shard) return program;
    }
  }
  void Publish(const std::vector<std::string>& names) {
    for (const std::string& name : names) source_.Publish(name, program_);
  }

  template <class Response, class Request>
  absl::StatusOr<Response> Call(grpc::Status (feed::v1::FeedConsumerService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    rpc::SetTimeout(context, absl::Seconds(60));
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  std::vector<feed::v1::FeedCursor> Cursors() {
    const auto response = Call(&feed::v1::FeedConsumerService::Stub::ListFeedCursors,
                               feed::v1::ListFeedCursorsRequest());
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->cursors().begin(), response->cursors().end()};
  }
  void AwaitPosition(int64_t position) {
    Await("position", [&] {
      const auto cursors = Cursors();
      return !cursors.empty() && cursors[0].position() == position &&
             cursors[0].problem_reason().empty();
    });
  }
  void AwaitProblem(const std::string& reason) {
    Await("problem", [&] {
      const auto cursors = Cursors();
      return !cursors.empty() && cursors[0].problem_reason() == reason;
    });
  }
  void AwaitBalance(const std::string& name, int64_t balance) {
    Await("balance", [&] { return Balance(name) == balance; });
  }
  int64_t Balance(const std::string& name) { return bank_.Balance(program_, name); }

  absl::StatusOr<feed::v1::RestartConsumerResponse> Restart(
      feed::v1::RestartFrom from, const std::string& id, int64_t position = 0,
      const std::string& source = "source") {
    feed::v1::RestartConsumerRequest request;
    request.set_request_id(id);
    request.set_source(source);
    request.set_from(from);
    request.set_position(position);
    return Call(&feed::v1::FeedConsumerService::Stub::RestartConsumer, request);
  }
  absl::StatusOr<feed::v1::RetryQuarantinedEventResponse> Retry(int64_t position,
                                                                const std::string& id) {
    feed::v1::RetryQuarantinedEventRequest request;
    request.set_request_id(id);
    request.set_source("source");
    request.set_position(position);
    return Call(&feed::v1::FeedConsumerService::Stub::RetryQuarantinedEvent, request);
  }
  std::vector<feed::v1::QuarantinedEvent> Quarantine() {
    const auto response = Call(&feed::v1::FeedConsumerService::Stub::ListQuarantinedEvents,
                               feed::v1::ListQuarantinedEventsRequest());
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->events().begin(), response->events().end()};
  }

  const std::string program_ = ProgramOf(0);
  Bank bank_;
  Source source_;
  RepairableHandler handler_;
  metrics::Registry registry_;
  BoundedPool pool_{2, 16};
  rpc::Runtime runtime_;
  std::unique_ptr<exec::Executor> executor_;
  feed::Consumers consumers_;
  std::unique_ptr<rpc::Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<feed::v1::FeedConsumerService::Stub> stub_;
};

}  // namespace kith::test

#endif  // KITH_TESTS_CONFORMANCE_FEED_OPERATOR_H_
