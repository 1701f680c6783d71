#include "services/retention/domain/churn.h"

#include <algorithm>
#include <cmath>

#include "services/retention/domain/chi_square.h"

namespace kith::retention {

int64_t MonthOf(int64_t day) {
  return std::max<int64_t>(1, (day + kDaysPerMonth - 1) / kDaysPerMonth);
}

std::vector<ChurnMonth> ChurnByMonth(const Tenures& tenures) {
  std::vector<ChurnMonth> months;
  int64_t at_risk = Totals(tenures).customers;
  if (at_risk == 0) return months;
  // A tenure of d days ends in month MonthOf(d): it is at risk up to that month.
  const int64_t last = MonthOf(tenures.rbegin()->first);
  auto it = tenures.begin();
  for (int64_t month = 1; month <= last; ++month) {
    ChurnMonth row{.month = static_cast<int32_t>(month), .at_risk = at_risk};
    for (; it != tenures.end() && MonthOf(it->first) == month; ++it) {
      row.events += it->second.events;
      at_risk -= it->second.events + it->second.censored;
    }
    row.hazard = static_cast<double>(row.events) / static_cast<double>(row.at_risk);
    months.push_back(row);
  }
  return months;
}

Exposure ExposureIn(const Tenures& tenures, const MonthWindow& window) {
  const int64_t start = kDaysPerMonth * (window.from - 1);
  const int64_t end = kDaysPerMonth * window.to;
  Exposure exposure;
  for (const auto& [day, count] : tenures) {
    const int64_t month = MonthOf(day);
    if (month >= window.from && month <= window.to) exposure.events += count.events;
    const int64_t days = std::max<int64_t>(0, std::min(day, end) - start);
    exposure.person_days += days * (count.events + count.censored);
  }
  return exposure;
}

RateRatio CompareRates(const Exposure& numerator, const Exposure& denominator) {
  RateRatio result;
  result.numerator = numerator;
  result.denominator = denominator;
  if (denominator.events == 0 || numerator.person_days == 0) return result;
  if (denominator.person_days == 0) return result;
  const auto rate = [](const Exposure& exposure) {
    return static_cast<double>(exposure.events) / static_cast<double>(exposure.person_days);
  };
  result.ratio = rate(numerator) / rate(denominator);
  if (numerator.events == 0) return result;
  const double error = std::sqrt(1.0 / static_cast<double>(numerator.events) +
                                 1.0 / static_cast<double>(denominator.events));
  result.lower = *result.ratio * std::exp(-kZ95 * error);
  result.upper = *result.ratio * std::exp(kZ95 * error);
  return result;
}

}  // namespace kith::retention
