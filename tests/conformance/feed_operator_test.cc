// What operators can do, on every store, when a feed cannot be followed any further: start
// anew after the source was set back or replaced, and try quarantined events again.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
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
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

using namespace kith::feed::v1;

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

// A followed service whose feed a test can set back and replace.
class Source final : public EventFeedService::Service {
 public:
  Source() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~Source() override {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    server_->Shutdown();
  }
  const std::string& address() const { return address_; }

  // An event about the account `name` of `program`.
  void Publish(const std::string& name, const std::string& program, int shard = 0) {
    absl::MutexLock lock(&mutex_);
    Add(name, program, shard);
  }
  // A backup was restored: what came after `head` is gone.
  void SetBack(size_t head) {
    absl::MutexLock lock(&mutex_);
    shards_[0].resize(head);
  }
  // Another store, with events about the accounts `names` in each shard.
  void Replace(const std::string& feed_id, size_t shards,
               const std::vector<std::string>& names, const std::string& program) {
    absl::MutexLock lock(&mutex_);
    feed_id_ = feed_id;
    shards_.assign(shards, {});
    for (size_t shard = 0; shard < shards; ++shard) {
      for (const std::string& name : names) Add(name, program, shard);
    }
  }

  // Runs once, after the next description of the feed was made and before it is answered.
  void AfterDescribing(std::function<void()> meanwhile) {
    absl::MutexLock lock(&mutex_);
    meanwhile_ = std::move(meanwhile);
  }

  grpc::Status DescribeFeed(grpc::ServerContext*, const DescribeFeedRequest*,
                            DescribeFeedResponse* response) override {
    std::function<void()> meanwhile;
    {
      absl::MutexLock lock(&mutex_);
      Describe(response);
      meanwhile = std::exchange(meanwhile_, nullptr);
    }
    if (meanwhile) meanwhile();
    return grpc::Status::OK;
  }
  grpc::Status ReadEvents(grpc::ServerContext*, const ReadEventsRequest* request,
                          ReadEventsResponse* response) override {
    absl::MutexLock lock(&mutex_);
    const size_t shard = request->shard();
    const size_t after = request->after_position();
    const auto news = [&] {
      return stopping_ || feed_id_ != told_ || shard >= shards_.size() ||
             shards_[shard].size() != after;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&news),
                            absl::Seconds(request->max_wait().seconds()));
    if (shard >= shards_.size()) return {grpc::StatusCode::NOT_FOUND, "no such shard"};
    const auto& events = shards_[shard];
    for (size_t i = after; i < events.size(); ++i) *response->add_events() = events[i];
    response->set_head_position(static_cast<int64_t>(events.size()));
    response->set_feed_id(told_ = feed_id_);
    return grpc::Status::OK;
  }

 private:
  void Describe(DescribeFeedResponse* response) {
    for (size_t i = 0; i < shards_.size(); ++i) {
      auto* shard = response->add_shards();
      shard->set_shard(static_cast<int32_t>(i));
      shard->set_head_position(static_cast<int64_t>(shards_[i].size()));
    }
    response->set_feed_id(feed_id_);
  }
  void Add(const std::string& name, const std::string& program, size_t shard) {
    Event event;
    event.set_program_id(program);
    event.mutable_fact()->mutable_advocate_enrolled()->set_advocate_id(name);
    event.set_position(static_cast<int64_t>(shards_[shard].size()) + 1);
    shards_[shard].push_back(event);
  }

  absl::Mutex mutex_;
  bool stopping_ = false;
  std::function<void()> meanwhile_;
  std::string feed_id_ = "feed-1";
  std::string told_ = feed_id_;  // by the last page
  std::vector<std::vector<Event>> shards_{1};
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

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
class FeedOperatorTest : public ::testing::TestWithParam<std::string> {
 protected:
  FeedOperatorTest() : bank_(GetParam(), 2) {
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
    stub_ = FeedConsumerService::NewStub(rpc::MakeChannel(absl::StrCat("127.0.0.1:", port)));
    consumers_[0]->Start();
  }
  ~FeedOperatorTest() override {
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
  absl::StatusOr<Response> Call(grpc::Status (FeedConsumerService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    rpc::SetTimeout(context, absl::Seconds(60));
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  std::vector<FeedCursor> Cursors() {
    const auto response =
        Call(&FeedConsumerService::Stub::ListFeedCursors, ListFeedCursorsRequest());
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

  absl::StatusOr<RestartConsumerResponse> Restart(RestartFrom from, const std::string& id,
                                                  int64_t position = 0,
                                                  const std::string& source = "source") {
    RestartConsumerRequest request;
    request.set_request_id(id);
    request.set_source(source);
    request.set_from(from);
    request.set_position(position);
    return Call(&FeedConsumerService::Stub::RestartConsumer, request);
  }
  absl::StatusOr<RetryQuarantinedEventResponse> Retry(int64_t position,
                                                      const std::string& id) {
    RetryQuarantinedEventRequest request;
    request.set_request_id(id);
    request.set_source("source");
    request.set_position(position);
    return Call(&FeedConsumerService::Stub::RetryQuarantinedEvent, request);
  }
  std::vector<QuarantinedEvent> Quarantine() {
    const auto response = Call(&FeedConsumerService::Stub::ListQuarantinedEvents,
                               ListQuarantinedEventsRequest());
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
  std::unique_ptr<FeedConsumerService::Stub> stub_;
};

TEST_P(FeedOperatorTest, AfterTheSourceWasSetBackItGoesOnFromNow) {
  Publish({"a", "a", "a"});
  AwaitPosition(3);
  source_.SetBack(1);
  AwaitProblem("FEED_REWOUND");
  EXPECT_EQ(Balance("a"), 3);

  const auto restarted = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  ASSERT_EQ(restarted->shards_size(), 1);
  EXPECT_EQ(restarted->shards(0).old_position(), 3);
  EXPECT_EQ(restarted->shards(0).position(), 1);
  EXPECT_EQ(restarted->feed_id(), "feed-1");
  AwaitPosition(1);
  Publish({"b"});
  AwaitPosition(2);
  EXPECT_EQ(Balance("a"), 3);
  EXPECT_EQ(Balance("b"), 1);
}

TEST_P(FeedOperatorTest, AfterTheSourceWasReplacedItGoesOnFromTheStartOfTheNewOne) {
  Publish({"a", "a"});
  AwaitPosition(2);
  source_.Replace("feed-2", 1, {"b", "b", "b"}, program_);
  AwaitProblem("FEED_REPLACED");
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 1);

  const auto restarted = Restart(RESTART_FROM_START, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->feed_id(), "feed-2");
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 2);
  EXPECT_EQ(Balance("b"), 3);
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM feed_cursor WHERE feed_id = 'feed-2'"), 2);
}

TEST_P(FeedOperatorTest, AConsumerThatIsWellCanBeStartedAnewToo) {
  Publish({"a", "a", "a"});
  AwaitPosition(3);
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r1").ok());
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 6);
  ASSERT_TRUE(Restart(RESTART_FROM_POSITION, "r2", 2).ok());
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 7);
}

// The mistake: an event that was applied between the question where the source ends and the
// move was applied again.
TEST_P(FeedOperatorTest, WhatComesWhileItIsStartedAnewIsAppliedOnce) {
  Publish({"a"});
  AwaitPosition(1);
  source_.AfterDescribing([&] { Publish({"b", "b"}); });
  const auto restarted = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->shards(0).old_position(), 1) << "nothing is applied meanwhile";
  EXPECT_EQ(restarted->shards(0).position(), 1);
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 1);
  EXPECT_EQ(Balance("b"), 2);
}

TEST_P(FeedOperatorTest, WhatAnotherReplicaAppliesMeanwhileIsNotAppliedAgain) {
  Publish({"a"});
  AwaitPosition(1);
  feed::Consumer replica("source", rpc::MakeChannel(source_.address()), handler_,
                         bank_.database(), *executor_, registry_);
  replica.Start();
  Await("the replica's own description", [&] { return !replica.cursors().empty(); });
  source_.AfterDescribing([&] {
    Publish({"b", "b"});
    Await("the replica",
          [&] { return bank_.Ask("SELECT MIN(position) FROM feed_cursor") == 3; });
  });
  const auto overtaken = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(overtaken.ok()) << overtaken.status();
  EXPECT_EQ(overtaken->shards(0).position(), 3);
  EXPECT_EQ(Balance("b"), 2);
  // It was no reason to stay when the source was set back.
  source_.SetBack(2);
  AwaitProblem("FEED_REWOUND");
  const auto restarted = Restart(RESTART_FROM_NOW, "back");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->shards(0).old_position(), 3);
  EXPECT_EQ(restarted->shards(0).position(), 2);
  AwaitPosition(2);
  Publish({"c"});
  AwaitPosition(3);
  EXPECT_EQ(Balance("c"), 1);
  replica.Stop();
}

TEST_P(FeedOperatorTest, AReplacedSourceOfTheSameLengthIsNoticed) {
  Publish({"a"});
  AwaitPosition(1);
  source_.Replace("feed-2", 1, {"b"}, program_);
  AwaitProblem("FEED_REPLACED");
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r1").ok());
  AwaitPosition(1);
  EXPECT_EQ(Balance("b"), 1);
}

TEST_P(FeedOperatorTest, QuarantinedEventsOfAReplacedSourceAreDropped) {
  source_.Publish("bad", ProgramOf(0));
  source_.Publish("bad", ProgramOf(1));
  AwaitPosition(2);
  ASSERT_EQ(Quarantine().size(), 2);
  source_.Replace("feed-2", 1, {"b", "b", "b"}, program_);
  AwaitProblem("FEED_REPLACED");
  handler_.Repair();
  const auto restarted = Restart(RESTART_FROM_NOW, "r1");
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->shards(0).position(), 3);
  EXPECT_EQ(restarted->dropped_quarantined(), 2);
  EXPECT_EQ(Quarantine().size(), 0);
  EXPECT_EQ(GetErrorReason(Retry(1, "t1").status()), "QUARANTINED_EVENT_NOT_FOUND");
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 0);
}

TEST_P(FeedOperatorTest, TheSameRequestAgainMovesNothing) {
  Publish({"a"});
  AwaitPosition(1);
  const auto first = Restart(RESTART_FROM_START, "r1");
  ASSERT_TRUE(first.ok()) << first.status();
  AwaitBalance("a", 2);
  Publish({"b"});
  AwaitPosition(2);
  const auto again = Restart(RESTART_FROM_START, "r1");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  Publish({"c"});
  AwaitPosition(3);
  EXPECT_EQ(Balance("a"), 2);
  EXPECT_EQ(Balance("b"), 1);
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_NOW, "r1").status()), "REQUEST_ID_REUSED");
}

TEST_P(FeedOperatorTest, WhatCannotBeDoneIsRefusedByName) {
  Publish({"a"});
  AwaitPosition(1);
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_NOW, "r1", 0, "elsewhere").status()),
            "SOURCE_NOT_FOLLOWED");
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_POSITION, "r1", 2).status()),
            "POSITION_AFTER_END");
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_START, "r1", 1).status()),
            "POSITION_NOT_ASKED");
  EXPECT_EQ(GetErrorReason(Restart(RESTART_FROM_NOW, "r1", 1).status()), "POSITION_NOT_ASKED");
  RestartConsumerRequest request;
  request.set_request_id("r1");
  request.set_source("source");
  request.set_from(RESTART_FROM_START);
  request.set_source_shard(1);
  EXPECT_EQ(
      GetErrorReason(Call(&FeedConsumerService::Stub::RestartConsumer, request).status()),
      "SHARD_NOT_FOUND");
  EXPECT_EQ(bank_.Ask("SELECT MIN(position) FROM feed_cursor"), 1);
}

TEST_P(FeedOperatorTest, ANewSourceMayHaveAnotherNumberOfShards) {
  Publish({"a"});
  AwaitPosition(1);
  source_.Replace("feed-2", 2, {"b", "b"}, program_);
  AwaitProblem("FEED_REPLACED");
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r1").ok());
  AwaitBalance("b", 4);
  EXPECT_EQ(Cursors().size(), 2);
  source_.Replace("feed-3", 1, {"c"}, program_);
  ASSERT_TRUE(Restart(RESTART_FROM_START, "r2").ok());
  AwaitBalance("c", 1);
  EXPECT_EQ(Cursors().size(), 1);
}

TEST_P(FeedOperatorTest, QuarantinedEventsThatComeAgainAreDroppedTheOthersStay) {
  source_.Publish("bad", ProgramOf(0));
  source_.Publish("bad", ProgramOf(0));
  source_.Publish("bad", ProgramOf(1));
  AwaitPosition(3);
  ASSERT_EQ(Quarantine().size(), 3);
  handler_.Repair();
  const auto restarted = Restart(RESTART_FROM_POSITION, "r1", 1);
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_EQ(restarted->dropped_quarantined(), 2);
  AwaitPosition(3);
  EXPECT_EQ(Balance("bad"), 1);
  EXPECT_EQ(bank_.Balance(ProgramOf(1), "bad"), 1);
  const auto left = Quarantine();
  ASSERT_EQ(left.size(), 1);
  EXPECT_EQ(left[0].event().position(), 1);
  EXPECT_EQ(Cursors()[0].quarantined(), 1);
}

TEST_P(FeedOperatorTest, AQuarantinedEventIsAppliedOnceItsCauseIsGone) {
  Publish({"a", "bad"});
  AwaitPosition(2);
  const auto early = Retry(2, "t1");
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_FALSE(early->applied());
  EXPECT_EQ(early->reason(), "BAD_AMOUNT");
  EXPECT_EQ(Quarantine().size(), 1);
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 1);

  handler_.Repair();
  const int64_t misses = bank_.observer().misses;
  // The same request has been answered.
  EXPECT_FALSE(Retry(2, "t1")->applied());
  const auto applied = Retry(2, "t2");
  ASSERT_TRUE(applied.ok()) << applied.status();
  EXPECT_TRUE(applied->applied());
  EXPECT_EQ(Balance("bad"), 1);
  EXPECT_EQ(Quarantine().size(), 0);
  EXPECT_TRUE(Retry(2, "t2")->applied());
  EXPECT_EQ(GetErrorReason(Retry(3, "t2").status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(GetErrorReason(Retry(2, "t3").status()), "QUARANTINED_EVENT_NOT_FOUND");
  EXPECT_EQ(Balance("bad"), 1);
  EXPECT_EQ(bank_.observer().misses, misses);
}

TEST_P(FeedOperatorTest, ARetryThatTheStoreRefusesStaysInQuarantine) {
  Publish({"twice"});
  AwaitPosition(1);
  const auto refused = Retry(1, "t1");
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_FALSE(refused->applied());
  EXPECT_EQ(refused->reason(), "STORE_REFUSED");
  ASSERT_EQ(Quarantine().size(), 1);
  EXPECT_EQ(bank_.Ask("SELECT COUNT(*) FROM account"), 0);
  handler_.Repair();
  EXPECT_TRUE(Retry(1, "t2")->applied());
  EXPECT_EQ(Balance("twice"), 1);
}

INSTANTIATE_TEST_SUITE_P(Backends, FeedOperatorTest, ::testing::ValuesIn(Backends()),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kith::test
