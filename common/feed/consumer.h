// Follows the feeds of other services and applies their events to this store.
//
// For each shard of a followed feed one thread pulls pages, hands them to the executor
// (one command for each local shard) and goes on when all are durable. After a stop or a
// crash it goes on from the stored cursors; what was applied is passed over. When the source
// was set back or replaced it stands still until RestartFollowing (recovery.h) has moved the
// cursors.
#ifndef KITH_COMMON_FEED_CONSUMER_H_
#define KITH_COMMON_FEED_CONSUMER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/feed/feed_store.h"
#include "common/feed/handler.h"
#include "common/feed/recovery.h"
#include "common/metrics/registry.h"

namespace grpc {
class Channel;
class ClientContext;
}  // namespace grpc

namespace kith::feed::v1 {
class DescribeFeedResponse;
class ReadEventsResponse;
}  // namespace kith::feed::v1

namespace kith::feed {

// Where a consumer stands, for people who look.
struct CursorView {
  std::string source;
  int source_shard = 0;
  int64_t position = 0;
  int64_t head_position = 0;
  absl::Status problem;  // what keeps it from going on; OK: nothing does
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
  const std::string& source() const { return source_; }
  const Handler& handler() const { return handler_; }

  // What the source says of its feed. Waits at most until `deadline`. SOURCE_UNREACHABLE.
  absl::StatusOr<kith::feed::v1::DescribeFeedResponse> Describe(absl::Time deadline);
  // Runs `work` while this consumer neither reads nor applies anything, and no other work runs
  // here. Waits for both until `deadline`, then DEADLINE_EXCEEDED; SHUTTING_DOWN; else what
  // `work` returns.
  absl::Status WhileStill(absl::Time deadline, absl::FunctionRef<absl::Status()> work);
  // Goes on at once from the stored cursors, which were moved to `moved`, in the feed that was
  // described. Shards that the source has now are followed, those that it has not no longer.
  void Resume(const kith::feed::v1::DescribeFeedResponse& feed,
              const std::vector<StartingPoint>& moved);

 private:
  static constexpr int kPageEvents = 1000;
  struct Shard {
    int number = 0;
    // Guarded by mutex_.
    CursorView view;
    bool resume = false;  // what is in hand is void
    bool left = false;    // the source has no such shard any more
    bool busy = false;    // reads or applies
    std::thread thread;
    int page_events = kPageEvents;  // at most; of the thread only
  };

  void Discover();
  void AddShard(int number) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Follow(Shard& shard);
  // Whether the shard is followed still; clears the wish to resume. Waits while the consumer
  // must be still.
  bool GoesOn(Shard& shard, bool& resume);
  // One page: false when something failed and a pause is due. Afterwards a `point` that must
  // be read again is empty.
  bool Step(Shard& shard, std::optional<ResumePoint>& point);
  // Reads the page after `point`, of the feed that was followed so far.
  absl::Status ReadPage(const Shard& shard, const ResumePoint& point,
                        kith::feed::v1::ReadEventsResponse& page);
  using Page = std::shared_ptr<const kith::feed::v1::ReadEventsResponse>;
  // Makes the next page shorter if the store had no time for one of `events`, else longer.
  static void Adapt(Shard& shard, const absl::Status& applied, int events);
  // Applies a page that was read after `position`.
  absl::Status ApplyPage(const Shard& shard, int64_t position, const Page& page);
  // Runs one part of a page on its local shard; returns how many went into quarantine.
  absl::StatusOr<int64_t> ApplyPart(struct ApplyPage part, int local);
  // The same event by event; those that the store refuses go into quarantine.
  absl::StatusOr<int64_t> ApplyOneByOne(const struct ApplyPage& part, int local);
  absl::StatusOr<ResumePoint> ReadPoint(const Shard& shard);
  void Report(Shard& shard, const absl::Status& status);
  void CountFailure();
  // Without `head`, what is known of the source's end stays.
  void Publish(Shard& shard, int64_t position, std::optional<int64_t> head);
  // How long the source may wait for news before it answers.
  absl::Duration LongestWait(const Shard& shard) const;
  // Runs a call that Stop can cancel; Resume and WhileStill cancel those of shards.
  template <class Run>
  absl::Status Call(const Shard* shard, absl::Time deadline, Run run);
  void CancelCallsOfShards() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsStill() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool MayGoOn() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !still_; }
  bool stopping() const;
  bool Interrupted(const Shard* shard) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Waits; returns early when interrupted.
  void Pause(const Shard* shard, absl::Duration wait);

  const std::string source_;
  const std::shared_ptr<grpc::Channel> channel_;
  const Handler& handler_;
  db::Database& database_;
  exec::Executor& executor_;
  metrics::Registry& metrics_;
  const std::string token_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool still_ ABSL_GUARDED_BY(mutex_) = false;  // some work wants it so
  struct Running {
    const Shard* shard;  // null: of none
    grpc::ClientContext* context;
  };
  std::vector<Running> calls_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Shard>> shards_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Shard>> left_ ABSL_GUARDED_BY(mutex_);
  std::thread discover_;
};

using Consumers = std::vector<std::unique_ptr<Consumer>>;

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CONSUMER_H_
