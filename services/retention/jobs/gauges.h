// Business gauges, read from the maintained counters every now and then. Never a label for a
// program: there is no bound to their number.
#ifndef KITH_SERVICES_RETENTION_JOBS_GAUGES_H_
#define KITH_SERVICES_RETENTION_JOBS_GAUGES_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/metrics/registry.h"
#include "common/server/periodic.h"

namespace kith::retention::jobs {

// kith_retention_customers, _churned_customers, _onboarded_customers, _aha_customers,
// _customers_without_signup and _events. Thread-safe.
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
  metrics::Gauge& customers_;
  metrics::Gauge& churned_;
  metrics::Gauge& onboarded_;
  metrics::Gauge& aha_reached_;
  metrics::Gauge& without_signup_;
  metrics::Gauge& events_;
};

}  // namespace kith::retention::jobs

#endif  // KITH_SERVICES_RETENTION_JOBS_GAUGES_H_
