// Business gauges, read from the maintained counts every now and then. Never a label for a
// program: there is no bound to their number.
#ifndef KITH_SERVICES_ADVOCACY_JOBS_GAUGES_H_
#define KITH_SERVICES_ADVOCACY_JOBS_GAUGES_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/metrics/registry.h"
#include "common/server/periodic.h"

namespace kith::advocacy::jobs {

// kith_advocacy_programs, _advocates, _successes, _activities and _points. Thread-safe.
class Gauges final : public server::Periodic {
 public:
  // The references must outlive it.
  Gauges(db::Database& database, metrics::Registry& registry,
         absl::Duration interval = absl::Seconds(15));
  ~Gauges() override { Stop(); }
  // Reads once. When the store does not answer the gauges keep their values.
  absl::Status RunOnce() override;

 private:
  db::Database& database_;
  metrics::Gauge& programs_;
  metrics::Gauge& advocates_;
  metrics::Gauge& successes_;
  metrics::Gauge& activities_;
  metrics::Gauge& points_;
};

}  // namespace kith::advocacy::jobs

#endif  // KITH_SERVICES_ADVOCACY_JOBS_GAUGES_H_
