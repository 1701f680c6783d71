// Churn by month of tenure.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_CHURN_H_
#define KITH_SERVICES_RETENTION_DOMAIN_CHURN_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/retention/domain/tenure.h"

namespace kith::retention {

// A month of tenure has this many days.
inline constexpr int64_t kDaysPerMonth = 30;

// The month, from 1, of a churn on day `day`: ceil(day / 30), day 0 in month 1.
int64_t MonthOf(int64_t day);

// One month of one group.
struct ChurnMonth {
  int32_t month = 0;
  int64_t at_risk = 0;  // tenure over 30 (month - 1) days; all for month 1
  int64_t events = 0;
  double hazard = 0;  // events / at risk
};

// The months from 1 to the last with somebody at risk. Tenures without late entry.
std::vector<ChurnMonth> ChurnByMonth(const Tenures& tenures);

// Months that are compared, both included, from 1.
struct MonthWindow {
  int64_t from = 2;
  int64_t to = 4;
};

// Events and time under observation in a window. A customer of tenure T days spent the
// overlap of (0, T] and (30 (from - 1), 30 to] in it.
struct Exposure {
  int64_t events = 0;
  int64_t person_days = 0;
};
Exposure ExposureIn(const Tenures& tenures, const MonthWindow& window);

// The ratio of two rates, with its 95 % interval exp(ln ratio ± z sqrt(1/d1 + 1/d2)).
struct RateRatio {
  std::optional<double> ratio;  // absent: no events below, or nobody observed
  std::optional<double> lower;  // absent also when either has no events
  std::optional<double> upper;
  Exposure numerator;
  Exposure denominator;
};
RateRatio CompareRates(const Exposure& numerator, const Exposure& denominator);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_CHURN_H_
