// Counts over all programs, for the gauges.
#ifndef KITH_SERVICES_OUTREACH_APP_SERVICE_TOTALS_H_
#define KITH_SERVICES_OUTREACH_APP_SERVICE_TOTALS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"

namespace kith::outreach {

struct ServiceTotals {
  int64_t contacts = 0;
  int64_t enrollments = 0;
  std::map<std::string, int64_t> messages;    // by name of the state
  std::optional<absl::Time> claimable_since;  // the earliest of any message; may be ahead
};
absl::StatusOr<ServiceTotals> GetServiceTotals(db::Database& database, absl::Time deadline);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_SERVICE_TOTALS_H_
