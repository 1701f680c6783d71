// Tenures: how long customers stayed, grouped by whole days so that ten million customers
// are a few thousand numbers.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_TENURE_H_
#define KITH_SERVICES_RETENTION_DOMAIN_TENURE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"

namespace kith::retention {

// What happened at one tenure.
struct TenureCount {
  int64_t events = 0;    // left
  int64_t censored = 0;  // were still there when last seen
  int64_t entered = 0;   // came under observation only then (late entry); 0 for signups
  friend bool operator==(const TenureCount&, const TenureCount&) = default;
};

// By tenure in days, ascending. A customer who entered late counts at two tenures.
using Tenures = std::map<int64_t, TenureCount>;
// By name of the group, ascending.
using TenuresByGroup = std::map<std::string, Tenures>;

// Customers, and those of them who left.
struct TenureTotals {
  int64_t customers = 0;
  int64_t events = 0;
};
TenureTotals Totals(const Tenures& tenures);

// Adds `from` to `into`.
void Merge(const Tenures& from, Tenures& into);

// Whole days of 24 hours from `signup` to `until`, rounded down; 0 when `until` is earlier.
int64_t TenureDays(absl::Time signup, absl::Time until);

// Number (days since 1970 UTC) of the first midnight UTC at or after `time`. For any
// midnight m at or after `time`, m - CeilDay(time) = TenureDays(time, m): the tenure of a
// customer who stays is known from a day number alone.
int64_t CeilDay(absl::Time time);

// Number of the last midnight UTC at or before `time`.
int64_t FloorDay(absl::Time time);

// The midnight UTC with this number.
absl::Time DayStart(int64_t day);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_TENURE_H_
