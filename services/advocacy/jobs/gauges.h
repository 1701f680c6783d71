// Business gauges, read from the maintained counts every now and then. Never a label for a
// program: there is no bound to their number.
#ifndef KITH_SERVICES_ADVOCACY_JOBS_GAUGES_H_
#define KITH_SERVICES_ADVOCACY_JOBS_GAUGES_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/metrics/registry.h"
#include "common/server/service_main.h"

namespace kith::advocacy::jobs {

// kith_advocacy_programs, _advocates, _successes, _activities and _points. Thread-safe.
class Gauges final : public server::Background {
 public:
  // The references must outlive it.
  Gauges(db::Database& database, const Clock& clock, metrics::Registry& registry,
         absl::Duration interval = absl::Seconds(15));
  ~Gauges() override { Stop(); }
  void Start() override;
  void Stop() override;
  // Reads once. When the store does not answer the gauges keep their values.
  absl::Status RunOnce();

 private:
  void Loop();

  db::Database& database_;
  const Clock& clock_;
  const absl::Duration interval_;
  metrics::Gauge& programs_;
  metrics::Gauge& advocates_;
  metrics::Gauge& successes_;
  metrics::Gauge& activities_;
  metrics::Gauge& points_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kith::advocacy::jobs

#endif  // KITH_SERVICES_ADVOCACY_JOBS_GAUGES_H_
