// Sums over all programs, for gauges.
#ifndef KITH_SERVICES_ADVOCACY_APP_SERVICE_TOTALS_H_
#define KITH_SERVICES_ADVOCACY_APP_SERVICE_TOTALS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"

namespace kith::advocacy::app {

struct ServiceTotals {
  int64_t programs = 0;
  int64_t advocates = 0;
  int64_t successes = 0;   // live conversions
  int64_t activities = 0;  // that count
  int64_t points = 0;
};
absl::StatusOr<ServiceTotals> GetServiceTotals(db::Database& database, absl::Time deadline);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_SERVICE_TOTALS_H_
