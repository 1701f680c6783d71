// A fixed number of threads before a queue that refuses instead of growing.
#ifndef KITH_COMMON_CONCURRENCY_BOUNDED_POOL_H_
#define KITH_COMMON_CONCURRENCY_BOUNDED_POOL_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kith {

// Thread-safe.
class BoundedPool {
 public:
  // How a task comes to its turn.
  enum class Turn {
    kRun,      // do the work
    kExpired,  // the deadline passed in the queue: only say so
  };
  using Task = absl::AnyInvocable<void(Turn)>;

  // Starts `threads` > 0 threads. At most `max_queue` tasks wait.
  BoundedPool(int threads, size_t max_queue);
  ~BoundedPool();  // stops

  // Queues a task; false, without calling it, when the queue is full or the pool stopped.
  // A task is called once, on a thread of the pool. `deadline` is a time of the machine's
  // clock (SystemClock).
  bool TrySubmit(absl::Time deadline, Task task);

  // Refuses new tasks, runs the queued ones, ends the threads. May be called twice, not
  // from a task.
  void Stop();

  // Tasks that wait.
  size_t depth() const;

 private:
  struct Item {
    absl::Time deadline;
    Task task;
  };

  void Work();
  bool Ready() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  }

  const size_t max_queue_;
  mutable absl::Mutex mutex_;
  std::deque<Item> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex stop_mutex_;  // makes a second Stop wait for the first
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(stop_mutex_);
};

}  // namespace kith

#endif  // KITH_COMMON_CONCURRENCY_BOUNDED_POOL_H_
