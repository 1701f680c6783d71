// Survival curves.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_KAPLAN_MEIER_H_
#define KITH_SERVICES_RETENTION_DOMAIN_KAPLAN_MEIER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/retention/domain/tenure.h"

namespace kith::retention {

// A step of a curve: a day on which somebody left.
struct SurvivalPoint {
  int64_t day = 0;
  int64_t at_risk = 0;  // just before
  int64_t events = 0;
  double survival = 1;          // after it
  double greenwood = 0;         // variance of ln S; infinite at S = 0
  std::optional<double> lower;  // 95 %, log-log; absent at S = 0
  std::optional<double> upper;
};

// A curve. The median is the first day with S <= 1/2; absent when more than half stay. Its
// 95 % interval (Brookmeyer and Crowley) runs from the first day on which the lower limit of
// S is <= 1/2 to the first on which the upper limit is; each absent when there is none.
struct SurvivalCurve {
  int64_t customers = 0;
  int64_t events = 0;
  std::vector<SurvivalPoint> points;
  std::optional<int64_t> median_days;
  std::optional<int64_t> median_lower_days;
  std::optional<int64_t> median_upper_days;
};

// Kaplan and Meier's estimate: S(t) = prod (1 - d/n). Whoever is censored on a day was at
// risk on it (events come before censorings at ties); whoever enters late is at risk from
// the day after. Greenwood's variance G = sum d / (n (n - d)); with s = sqrt(G) / |ln S| the
// interval is S^exp(+zs) to S^exp(-zs).
SurvivalCurve KaplanMeier(const Tenures& tenures);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_KAPLAN_MEIER_H_
