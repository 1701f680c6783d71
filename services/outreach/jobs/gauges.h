// Business gauges, read from the store every now and then. Never a label for a program: there
// is no bound to their number.
#ifndef KITH_SERVICES_OUTREACH_JOBS_GAUGES_H_
#define KITH_SERVICES_OUTREACH_JOBS_GAUGES_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/metrics/registry.h"
#include "common/server/periodic.h"

namespace kith::outreach {

// kith_outreach_contacts, _enrollments, _messages{state}, and _due_lag_seconds: how long the
// message that has been claimable longest has been so; 0 when none is. Thread-safe.
class Gauges final : public server::Periodic {
 public:
  // The references must outlive it.
  Gauges(db::Database& database, const Clock& clock, metrics::Registry& registry,
         absl::Duration interval = absl::Seconds(15));
  ~Gauges() override { Stop(); }
  // Reads once. When the store does not answer the gauges keep their values.
  absl::Status RunOnce() override;

 private:
  db::Database& database_;
  const Clock& clock_;
  metrics::Gauge& contacts_;
  metrics::Gauge& enrollments_;
  metrics::Gauge& due_lag_;
  std::map<std::string, metrics::Gauge*> messages_;  // by name of the state
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_JOBS_GAUGES_H_
