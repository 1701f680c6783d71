#include "common/concurrency/bounded_pool.h"

#include <utility>

#include "common/base/clock.h"

namespace kith {

BoundedPool::BoundedPool(int threads, size_t max_queue) : max_queue_(max_queue) {
  const absl::MutexLock lock(&stop_mutex_);
  threads_.reserve(threads);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

BoundedPool::~BoundedPool() { Stop(); }

bool BoundedPool::TrySubmit(absl::Time deadline, Task task) {
  const absl::MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= max_queue_) return false;
  queue_.push_back({deadline, std::move(task)});
  return true;
}

void BoundedPool::Stop() {
  const absl::MutexLock stop_lock(&stop_mutex_);
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

size_t BoundedPool::depth() const {
  const absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void BoundedPool::Work() {
  while (true) {
    Item item;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &BoundedPool::Ready));
      if (queue_.empty()) return;
      item = std::move(queue_.front());
      queue_.pop_front();
    }
    const bool expired = item.deadline <= SystemClock().Now();
    item.task(expired ? Turn::kExpired : Turn::kRun);
  }
}

}  // namespace kith
