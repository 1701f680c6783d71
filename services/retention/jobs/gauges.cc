#include "services/retention/jobs/gauges.h"

#include "common/base/status_macros.h"
#include "services/retention/app/reports.h"

namespace kith::retention::jobs {

Gauges::Gauges(db::Database& database, metrics::Registry& registry, absl::Duration interval)
    : Periodic("gauges", interval),
      database_(database),
      customers_(registry.GetGauge("kith_retention_customers", "Customers with a signup.")),
      churned_(registry.GetGauge("kith_retention_churned_customers", "Customers who left.")),
      onboarded_(registry.GetGauge("kith_retention_onboarded_customers",
                                   "Customers who completed onboarding.")),
      aha_reached_(registry.GetGauge("kith_retention_aha_customers",
                                     "Customers who reached the success event.")),
      without_signup_(registry.GetGauge("kith_retention_customers_without_signup",
                                        "Customers known only by something else.")),
      events_(registry.GetGauge("kith_retention_events", "Lifecycle events recorded.")) {}

absl::Status Gauges::RunOnce() {
  KITH_ASSIGN_OR_RETURN(const ProgramCounts counts,
                        app::CountAllPrograms(database_, Deadline()));
  customers_.Set(static_cast<double>(counts.all.customers));
  churned_.Set(static_cast<double>(counts.all.churned));
  onboarded_.Set(static_cast<double>(counts.all.onboarded));
  aha_reached_.Set(static_cast<double>(counts.all.aha_reached));
  without_signup_.Set(static_cast<double>(counts.without_signup));
  events_.Set(static_cast<double>(counts.events));
  return absl::OkStatus();
}

}  // namespace kith::retention::jobs
