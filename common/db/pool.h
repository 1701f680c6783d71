// A bounded set of connections that are opened when needed and used by one owner at a time.
#ifndef KITH_COMMON_DB_POOL_H_
#define KITH_COMMON_DB_POOL_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kith::db {

// `Connection` offers `bool Usable()`: false when it is lost, so that it is dropped and
// another is opened in its place. Thread-safe; outlives its leases.
template <typename Connection>
class Pool {
 public:
  // Opens a connection, taking no longer than until the deadline.
  using Factory =
      std::function<absl::StatusOr<std::unique_ptr<Connection>>(absl::Time deadline)>;

  // A connection that is given back with the lease's end.
  class Lease {
   public:
    Lease() = default;
    Lease(Pool* pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept {
      Release();
      pool_ = other.pool_;
      connection_ = std::move(other.connection_);
      return *this;
    }
    ~Lease() { Release(); }
    void Release() {
      if (connection_ != nullptr) pool_->GiveBack(std::move(connection_));
    }
    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }

   private:
    Pool* pool_ = nullptr;
    std::unique_ptr<Connection> connection_;
  };

  Pool(int capacity, Factory factory) : capacity_(capacity), factory_(std::move(factory)) {}

  // Waits for a free connection until `deadline`; UNAVAILABLE when there is none, or the
  // factory's error.
  absl::StatusOr<Lease> Acquire(absl::Time deadline) {
    std::unique_ptr<Connection> connection;
    {
      absl::MutexLock lock(&mutex_);
      if (!mutex_.AwaitWithDeadline(absl::Condition(this, &Pool::HasRoom), deadline)) {
        return absl::UnavailableError("no connection became free before the deadline");
      }
      if (idle_.empty()) {
        ++open_;
      } else {
        connection = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (connection != nullptr && connection->Usable()) {
      return Lease(this, std::move(connection));
    }
    connection.reset();
    absl::StatusOr<std::unique_ptr<Connection>> opened = factory_(deadline);
    if (!opened.ok()) {
      absl::MutexLock lock(&mutex_);
      --open_;
      return opened.status();
    }
    return Lease(this, *std::move(opened));
  }

 private:
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !idle_.empty() || open_ < capacity_;
  }

  void GiveBack(std::unique_ptr<Connection> connection) {
    if (!connection->Usable()) connection.reset();
    absl::MutexLock lock(&mutex_);
    if (connection == nullptr) {
      --open_;
    } else {
      idle_.push_back(std::move(connection));
    }
  }

  const int capacity_;
  const Factory factory_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
  int open_ ABSL_GUARDED_BY(mutex_) = 0;  // idle or leased
};

}  // namespace kith::db

#endif  // KITH_COMMON_DB_POOL_H_
