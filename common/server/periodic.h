// Work that is done again and again until the service stops.
#ifndef KITH_COMMON_SERVER_PERIODIC_H_
#define KITH_COMMON_SERVER_PERIODIC_H_

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/server/service_main.h"

namespace kith::server {

// Calls RunOnce at once and then every `interval` of machine time, from a thread of its own.
// A failure is logged under `name`, and the next round is ten minutes later at most.
// Thread-safe. A derived class calls Stop in its destructor.
class Periodic : public Background {
 public:
  Periodic(std::string name, absl::Duration interval);
  ~Periodic() override;
  void Start() override;
  void Stop() override;
  virtual absl::Status RunOnce() = 0;

 protected:
  bool stopping();
  // The end of the next interval: a deadline of the store is machine time, whatever clock the
  // service goes by.
  absl::Time Deadline() const;

 private:
  void Loop();

  const std::string name_;
  const absl::Duration interval_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Deletes the responses that no client will ask for again: those older than `keep`.
class ResponseSweeper final : public Periodic {
 public:
  // The references must outlive it.
  ResponseSweeper(db::Database& database, const Clock& clock,
                  absl::Duration keep = absl::Hours(7 * 24),
                  absl::Duration interval = absl::Hours(24));
  ~ResponseSweeper() override { Stop(); }
  // Walks along all of them, in steps that hold the store for a moment only.
  absl::Status RunOnce() override;

 private:
  db::Database& database_;
  const Clock& clock_;
  const absl::Duration keep_;
};

// Keeps the store's statistics in step with its growth.
class StatisticsKeeper final : public Periodic {
 public:
  // `database` must outlive it.
  explicit StatisticsKeeper(db::Database& database,
                            absl::Duration interval = absl::Seconds(1));
  ~StatisticsKeeper() override { Stop(); }
  absl::Status RunOnce() override;

 private:
  db::Database& database_;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_PERIODIC_H_
