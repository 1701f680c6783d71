#include "services/advocacy/jobs/gauges.h"

#include "common/base/status_macros.h"
#include "services/advocacy/app/service_totals.h"

namespace kith::advocacy::jobs {

Gauges::Gauges(db::Database& database, metrics::Registry& registry, absl::Duration interval)
    : Periodic("gauges", interval),
      database_(database),
      programs_(registry.GetGauge("kith_advocacy_programs", "Programs known.")),
      advocates_(registry.GetGauge("kith_advocacy_advocates", "Advocates known.")),
      successes_(registry.GetGauge("kith_advocacy_successes", "Live conversions.")),
      activities_(registry.GetGauge("kith_advocacy_activities", "Activities that count.")),
      points_(registry.GetGauge("kith_advocacy_points", "Points of all advocates.")) {}

absl::Status Gauges::RunOnce() {
  KITH_ASSIGN_OR_RETURN(const app::ServiceTotals totals,
                        app::GetServiceTotals(database_, Deadline()));
  programs_.Set(static_cast<double>(totals.programs));
  advocates_.Set(static_cast<double>(totals.advocates));
  successes_.Set(static_cast<double>(totals.successes));
  activities_.Set(static_cast<double>(totals.activities));
  points_.Set(static_cast<double>(totals.points));
  return absl::OkStatus();
}

}  // namespace kith::advocacy::jobs
