// The one source of time. `domain` receives `now`; app, jobs and rpc are given a Clock.
#ifndef KITH_COMMON_BASE_CLOCK_H_
#define KITH_COMMON_BASE_CLOCK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kith {

// Tells the time. Thread-safe. Times are whole microseconds, as the store keeps them.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock.
const Clock& SystemClock();

// A clock that moves only when told to. For tests and for replaying the past.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(absl::Time start) : now_(start) {}
  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Set(absl::Time now) {
    absl::MutexLock lock(&mutex_);
    now_ = now;
  }
  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith

#endif  // KITH_COMMON_BASE_CLOCK_H_
