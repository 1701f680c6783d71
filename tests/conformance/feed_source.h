// A feed that tests can set back and replace.
#ifndef KITH_TESTS_CONFORMANCE_FEED_SOURCE_H_
#define KITH_TESTS_CONFORMANCE_FEED_SOURCE_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "kith/events/v1/events.pb.h"
#include "kith/feed/v1/feed.grpc.pb.h"

namespace kith::test {

// A followed service whose feed a test can set back and replace.
class Source final : public feed::v1::EventFeedService::Service {
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
  // Events that come in one page, if it may be as long.
  void PublishTogether(const std::vector<std::string>& names, const std::string& program) {
    absl::MutexLock lock(&mutex_);
    for (const std::string& name : names) Add(name, program, 0);
  }
  void PublishFact(const events::v1::Fact& fact, const std::string& program) {
    absl::MutexLock lock(&mutex_);
    AddFact(fact, program, 0);
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

  grpc::Status DescribeFeed(grpc::ServerContext*, const feed::v1::DescribeFeedRequest*,
                            feed::v1::DescribeFeedResponse* response) override {
    std::function<void()> meanwhile;
    {
      absl::MutexLock lock(&mutex_);
      Describe(response);
      meanwhile = std::exchange(meanwhile_, nullptr);
    }
    if (meanwhile) meanwhile();
    return grpc::Status::OK;
  }
  grpc::Status ReadEvents(grpc::ServerContext*, const feed::v1::ReadEventsRequest* request,
                          feed::v1::ReadEventsResponse* response) override {
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
    const size_t end = std::min(events.size(), after + request->max_events());
    for (size_t i = after; i < end; ++i) *response->add_events() = events[i];
    response->set_head_position(static_cast<int64_t>(events.size()));
    response->set_feed_id(told_ = feed_id_);
    return grpc::Status::OK;
  }

 private:
  void Describe(feed::v1::DescribeFeedResponse* response) {
    for (size_t i = 0; i < shards_.size(); ++i) {
      auto* shard = response->add_shards();
      shard->set_shard(static_cast<int32_t>(i));
      shard->set_head_position(static_cast<int64_t>(shards_[i].size()));
    }
    response->set_feed_id(feed_id_);
  }
  void Add(const std::string& name, const std::string& program, size_t shard) {
    events::v1::Fact fact;
    fact.mutable_advocate_enrolled()->set_advocate_id(name);
    AddFact(fact, program, shard);
  }
  void AddFact(const events::v1::Fact& fact, const std::string& program, size_t shard) {
    feed::v1::Event event;
    event.set_program_id(program);
    *event.mutable_fact() = fact;
    event.set_position(static_cast<int64_t>(shards_[shard].size()) + 1);
    shards_[shard].push_back(event);
  }

  absl::Mutex mutex_;
  bool stopping_ = false;
  std::function<void()> meanwhile_;
  std::string feed_id_ = "feed-1";
  std::string told_ = feed_id_;  // by the last page
  std::vector<std::vector<feed::v1::Event>> shards_{1};
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace kith::test

#endif  // KITH_TESTS_CONFORMANCE_FEED_SOURCE_H_
