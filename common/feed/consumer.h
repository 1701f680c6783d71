// Follows the feeds of other services and applies their events to this store.
//
// For each shard of a followed feed one thread pulls pages, hands them to the executor
// (one command for each local shard) and goes on when all are durable. After a stop or a
// crash it goes on from the stored cursors; what was applied is passed over.
#ifndef KITH_COMMON_FEED_CONSUMER_H_
#define KITH_COMMON_FEED_CONSUMER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/feed/handler.h"
#include "common/metrics/registry.h"

namespace grpc {
class Channel;
class ClientContext;
}  // namespace grpc

namespace kith::feed::v1 {
class ReadEventsResponse;
}

namespace kith::feed {

// Where a consumer stands, for people who look.
struct CursorView {
  std::string source;
  int source_shard = 0;
  int64_t position = 0;
  int64_t head_position = 0;
};

// Follows all shards of one service. Thread-safe.
class Consumer {
 public:
  // All references must outlive the consumer. `token`, when not empty, is sent as bearer.
  Consumer(std::string source, std::shared_ptr<grpc::Channel> channel, const Handler& handler,
           db::Database& database, exec::Executor& executor, metrics::Registry& metrics,
           std::string token = {});
  ~Consumer();  // stops

  void Start();
  // Cancels waiting calls, finishes the page in hand, ends the threads. May be called twice.
  void Stop();
  std::vector<CursorView> cursors() const;

 private:
  struct Shard {
    int number = 0;
    CursorView view;  // guarded by mutex_
    std::thread thread;
  };

  void Discover();
  void Follow(Shard& shard);
  // One page: false when something failed and a pause is due.
  bool Step(Shard& shard, int64_t& position);
  using Page = std::shared_ptr<const kith::feed::v1::ReadEventsResponse>;
  // Applies a page that was read after `position`.
  absl::Status ApplyPage(const Shard& shard, int64_t position, const Page& page);
  // Runs one part of a page on its local shard; returns how many went into quarantine.
  absl::StatusOr<int64_t> ApplyPart(struct ApplyPage part, int local);
  // The same event by event; those that the store refuses go into quarantine.
  absl::StatusOr<int64_t> ApplyOneByOne(const struct ApplyPage& part, int local);
  absl::StatusOr<int64_t> ResumePosition(const Shard& shard);
  void Report(const Shard& shard, const absl::Status& status);
  void CountFailure();
  void Publish(Shard& shard, int64_t position, int64_t head);
  // Runs a call that Stop can cancel.
  template <class Run>
  absl::Status Call(absl::Duration timeout, Run run);
  bool stopping() const;
  // Waits; returns early when stopping.
  void Pause(absl::Duration wait);

  const std::string source_;
  const std::shared_ptr<grpc::Channel> channel_;
  const Handler& handler_;
  db::Database& database_;
  exec::Executor& executor_;
  metrics::Registry& metrics_;
  const std::string token_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<grpc::ClientContext*> calls_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Shard>> shards_ ABSL_GUARDED_BY(mutex_);
  std::thread discover_;
};

using Consumers = std::vector<std::unique_ptr<Consumer>>;

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CONSUMER_H_
