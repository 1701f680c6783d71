// Serves the feed of a store: pages of events, with waiting for new ones.
#ifndef KITH_COMMON_FEED_FEED_SERVER_H_
#define KITH_COMMON_FEED_FEED_SERVER_H_

#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/db/db.h"
#include "common/executor/store_setup.h"
#include "common/feed/feed_store.h"

namespace kith::feed {

inline constexpr ErrorDef kShardNotFound{absl::StatusCode::kNotFound, "SHARD_NOT_FOUND",
                                         "the feed has no such shard"};

// One thread answers all readers. Thread-safe.
class FeedServer {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<EventPage>)>;

  // `database` must outlive the server. Other replicas' commits are seen within
  // `poll_interval`; those of this process at once, through OnCommit.
  FeedServer(db::Database& database, exec::StoreInfo info,
             absl::Duration poll_interval = absl::Milliseconds(250));
  ~FeedServer();

  const exec::StoreInfo& info() const { return info_; }
  // Tells of newly committed events. Cheap.
  void OnCommit(int shard, int64_t head_position);
  // Reads after `after`; when there is nothing, answers at `deadline` with an empty page, at
  // once when the feed ends before `after`.
  // `done` runs on the server's thread or, when refused, on the caller's. Refused with
  // SHARD_NOT_FOUND, OVERLOADED, SHUTTING_DOWN.
  void Read(int shard, int64_t after, int64_t limit, absl::Time deadline, Done done);
  // Answers all waiting readers and ends. May be called twice.
  void Stop();

 private:
  struct Reader {
    int shard;
    int64_t after;
    int64_t limit;
    absl::Time deadline;
    Done done;
    bool tried = false;
  };

  absl::Status Admit(Reader& reader);
  bool stopping() const;
  void Loop();
  // Readers whose time has come: new ones, those with news, those at their deadline.
  std::vector<Reader> TakeReady(bool poll) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Serve(Reader reader);

  db::Database& database_;
  const exec::StoreInfo info_;
  const absl::Duration poll_interval_;
  mutable absl::Mutex mutex_;
  std::vector<int64_t> heads_ ABSL_GUARDED_BY(mutex_);
  std::vector<Reader> readers_ ABSL_GUARDED_BY(mutex_);
  bool news_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time next_poll_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_FEED_SERVER_H_
