// Asks the store now and then whether it is there, and tells the health service.
#ifndef KITH_COMMON_SERVER_STORE_PROBE_H_
#define KITH_COMMON_SERVER_STORE_PROBE_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/metrics/registry.h"

namespace kith::server {

// Thread-safe.
class StoreProbe {
 public:
  // `report` is told after every probe whether the store answered; kith_store_up has it too.
  StoreProbe(db::Database& database, metrics::Registry& registry,
             std::function<void(bool)> report, absl::Duration interval = absl::Seconds(2));
  ~StoreProbe();  // stops
  // Probes once at once, then from a thread of its own.
  void Start();
  void Stop();

 private:
  void Probe();
  void Loop();

  db::Database& database_;
  metrics::Gauge& up_;
  const std::function<void(bool)> report_;
  const absl::Duration interval_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_STORE_PROBE_H_
