#include "services/retention/domain/tenure.h"

#include <algorithm>

namespace kith::retention {
namespace {

constexpr int64_t kMicrosPerDay = int64_t{24} * 3600 * 1000000;

}  // namespace

TenureTotals Totals(const Tenures& tenures) {
  TenureTotals totals;
  for (const auto& [day, count] : tenures) {
    totals.customers += count.events + count.censored;
    totals.events += count.events;
  }
  return totals;
}

void Merge(const Tenures& from, Tenures& into) {
  for (const auto& [day, count] : from) {
    TenureCount& sum = into[day];
    sum.events += count.events;
    sum.censored += count.censored;
    sum.entered += count.entered;
  }
}

int64_t TenureDays(absl::Time signup, absl::Time until) {
  const int64_t micros = absl::ToUnixMicros(until) - absl::ToUnixMicros(signup);
  return std::max<int64_t>(micros, 0) / kMicrosPerDay;
}

int64_t FloorDay(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  return micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
}

int64_t CeilDay(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  return micros / kMicrosPerDay + (micros % kMicrosPerDay > 0 ? 1 : 0);
}

absl::Time DayStart(int64_t day) { return absl::FromUnixMicros(day * kMicrosPerDay); }

}  // namespace kith::retention
