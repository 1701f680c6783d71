#include "services/retention/domain/kaplan_meier.h"

#include <cmath>

#include "services/retention/domain/chi_square.h"

namespace kith::retention {
namespace {

// Products of ratios that are 1/2 exactly may come out a rounding error above it.
constexpr double kHalf = 0.5 + 1e-12;

void SetInterval(SurvivalPoint& point) {
  if (point.survival <= 0) return;
  const double sigma = std::sqrt(point.greenwood) / std::fabs(std::log(point.survival));
  point.lower = std::pow(point.survival, std::exp(kZ95 * sigma));
  point.upper = std::pow(point.survival, std::exp(-kZ95 * sigma));
}

void SetMedian(const SurvivalPoint& point, SurvivalCurve& curve) {
  const auto reach = [&](std::optional<double> value, std::optional<int64_t>& day) {
    if (!day.has_value() && value.has_value() && *value <= kHalf) day = point.day;
  };
  reach(point.survival, curve.median_days);
  reach(point.lower, curve.median_lower_days);
  reach(point.upper, curve.median_upper_days);
}

}  // namespace

SurvivalCurve KaplanMeier(const Tenures& tenures) {
  const TenureTotals totals = Totals(tenures);
  SurvivalCurve curve;
  curve.customers = totals.customers;
  curve.events = totals.events;
  int64_t at_risk = totals.customers;
  for (const auto& [day, count] : tenures) at_risk -= count.entered;
  double survival = 1;
  double greenwood = 0;
  for (const auto& [day, count] : tenures) {
    if (count.events > 0) {
      const double n = static_cast<double>(at_risk);
      const double d = static_cast<double>(count.events);
      survival *= (n - d) / n;
      greenwood += d / (n * (n - d));
      SurvivalPoint point{day, at_risk, count.events, survival, greenwood, {}, {}};
      SetInterval(point);
      SetMedian(point, curve);
      curve.points.push_back(point);
    }
    at_risk += count.entered - count.events - count.censored;
  }
  return curve;
}

}  // namespace kith::retention
