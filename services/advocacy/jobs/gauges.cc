#include "services/advocacy/jobs/gauges.h"

#include "common/base/status_macros.h"
#include "services/advocacy/app/service_totals.h"

namespace kith::advocacy::jobs {

Gauges::Gauges(db::Database& database, const Clock& clock, metrics::Registry& registry,
               absl::Duration interval)
    : database_(database),
      clock_(clock),
      interval_(interval),
      programs_(registry.GetGauge("kith_advocacy_programs", "Programs known.")),
      advocates_(registry.GetGauge("kith_advocacy_advocates", "Advocates known.")),
      successes_(registry.GetGauge("kith_advocacy_successes", "Live conversions.")),
      activities_(registry.GetGauge("kith_advocacy_activities", "Activities that count.")),
      points_(registry.GetGauge("kith_advocacy_points", "Points of all advocates.")) {}

void Gauges::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void Gauges::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Gauges::RunOnce() {
  KITH_ASSIGN_OR_RETURN(const app::ServiceTotals totals,
                        app::GetServiceTotals(database_, clock_.Now() + interval_));
  programs_.Set(static_cast<double>(totals.programs));
  advocates_.Set(static_cast<double>(totals.advocates));
  successes_.Set(static_cast<double>(totals.successes));
  activities_.Set(static_cast<double>(totals.activities));
  points_.Set(static_cast<double>(totals.points));
  return absl::OkStatus();
}

void Gauges::Loop() {
  bool stop = false;
  while (!stop) {
    // The next round tries again.
    RunOnce().IgnoreError();
    absl::MutexLock lock(&mutex_);
    stop = mutex_.AwaitWithTimeout(absl::Condition(&stopping_), interval_);
  }
}

}  // namespace kith::advocacy::jobs
