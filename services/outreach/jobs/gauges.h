// Business gauges, read from the store every now and then. Never a label for a program: there
// is no bound to their number.
#ifndef KITH_SERVICES_OUTREACH_JOBS_GAUGES_H_
#define KITH_SERVICES_OUTREACH_JOBS_GAUGES_H_

#include <map>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/metrics/registry.h"
#include "common/server/service_main.h"

namespace kith::outreach {

// kith_outreach_contacts, _enrollments, _messages{state}, and _due_lag_seconds: how long the
// message that has been claimable longest has been so; 0 when none is. Thread-safe.
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
  metrics::Gauge& contacts_;
  metrics::Gauge& enrollments_;
  metrics::Gauge& due_lag_;
  std::map<std::string, metrics::Gauge*> messages_;  // by name of the state
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_JOBS_GAUGES_H_
