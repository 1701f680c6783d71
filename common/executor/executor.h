// Durable commands at the price of a shared commit. One writer at a time for each shard
// takes every waiting command, loads what they need in one round trip, decides them in
// order in memory, and writes all rows, events and stored responses in one transaction;
// then it answers them all.
//
// Exactly once: a command's response is stored under its (program, method, request_id) in
// the same transaction. The same request again gets the stored response; another request
// under the same id is refused (REQUEST_ID_REUSED). Errors are not stored: a refused
// command changed nothing and may be sent again.
#ifndef KITH_COMMON_EXECUTOR_EXECUTOR_H_
#define KITH_COMMON_EXECUTOR_EXECUTOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/executor/unit.h"

namespace kith::exec {

// One state change. Decide is pure: it depends on the unit, `now` and the command only, and
// may run more than once, each time on a fresh unit, when the store makes the batch start
// again. Both run on a writer thread and must not block.
class Command {
 public:
  virtual ~Command() = default;
  // Says what Decide will need. Optional, but a row that was not wanted costs a round trip.
  virtual void Prefetch(Loader& loader) const { static_cast<void>(loader); }
  // Changes the unit and returns the encoded response, or returns a named error, in which
  // case everything it did to the unit is undone.
  virtual absl::StatusOr<std::string> Decide(Unit& unit, absl::Time now) const = 0;
  // Whether a retry must get this same response of Decide's. False only for one that may as
  // well be decided anew, such as "there is nothing": it is not stored.
  virtual bool IsStored(absl::string_view response) const {
    static_cast<void>(response);
    return true;
  }
};

// A command with its envelope.
struct Submission {
  std::string program_id;    // decides the shard (unless `shard` >= 0)
  absl::string_view method;  // static text, e.g. "SubmitReferrals"
  std::string request_id;    // empty: not stored (internal commands)
  std::string fingerprint;   // hash of the request's content
  int64_t weight = 1;        // number of items, >= 1
  absl::Time deadline = absl::InfiniteFuture();
  int shard = -1;
  std::unique_ptr<Command> command;
  // Called once, on a writer thread or, when refused at once, on the caller's.
  absl::AnyInvocable<void(absl::StatusOr<std::string>)> done;
};

// What the executor tells of itself; the implementation is common/metrics' business. All
// methods are thread-safe and must be cheap.
class ExecutorObserver {
 public:
  virtual ~ExecutorObserver() = default;
  virtual void OnBatch(int64_t commands, absl::Duration took) = 0;
  virtual void OnCommit(absl::Duration took) = 0;
  virtual void OnReplay() = 0;  // answered from a stored response
  virtual void OnRetry() = 0;   // a batch started again
  virtual void OnPrefetchMiss(int64_t n) = 0;
  virtual void OnQueueDepth(int64_t commands) = 0;
};

struct ExecutorOptions {
  int shards = 1;
  int writer_threads = 1;
  int64_t max_queue = 4096;          // commands waiting in one shard; more are refused
  int64_t max_queue_weight = 65536;  // items waiting in one shard; the same
  int64_t max_batch = 256;           // commands in one transaction
  int64_t max_batch_weight = 4096;   // items in one transaction (one command always fits)
  int max_attempts = 10;             // of a batch, on conflicts and lost connections
  ExecutorObserver* observer = nullptr;
  // Called after a commit that published events, with the shard and its newest position.
  std::function<void(int, int64_t)> on_events;
};

// Thread-safe.
class Executor {
 public:
  virtual ~Executor() = default;  // stops
  // Queues a command. Refused at once with OVERLOADED (queue full), SHUTTING_DOWN or
  // DEADLINE_EXCEEDED.
  virtual void Submit(Submission submission) = 0;
  // Queues a command and waits. Not on a writer thread.
  absl::StatusOr<std::string> Run(Submission submission);
  // Refuses new commands, finishes the queued ones, ends the threads. May be called twice.
  virtual void Stop() = 0;
  virtual int shards() const = 0;
};

// Starts the writers. `database` and `clock` must outlive the executor. The store must be
// migrated and initialised (see store_setup.h).
std::unique_ptr<Executor> MakeExecutor(db::Database& database, const Clock& clock,
                                       ExecutorOptions options);

}  // namespace kith::exec

#endif  // KITH_COMMON_EXECUTOR_EXECUTOR_H_
