// How unevenly successes are spread over advocates.
#ifndef KITH_SERVICES_ADVOCACY_DOMAIN_CONCENTRATION_H_
#define KITH_SERVICES_ADVOCACY_DOMAIN_CONCENTRATION_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/advocacy/domain/natural_breaks.h"

namespace kith::advocacy::domain {

// All functions take the number of advocates for each number of successes, distinct and
// rising, those without successes included.

// Number of advocates.
int64_t TotalAdvocates(absl::Span<const WeightedValue> counts);
// Number of successes.
int64_t TotalSuccesses(absl::Span<const WeightedValue> counts);

// Gini coefficient Σ(2i-n-1)x₍ᵢ₎/(nΣx) over the values in rising order; 0 when all are 0.
double Gini(absl::Span<const WeightedValue> counts);

// The share of successes of the most successful ⌈percent·n/100⌉; 0 when there are none.
// `percent` is in [0, 100].
double TopShare(absl::Span<const WeightedValue> counts, int64_t percent);

struct LorenzPoint {
  double share_of_advocates = 0;
  double share_of_successes = 0;
  friend bool operator==(const LorenzPoint&, const LorenzPoint&) = default;
};
// `points` (at least 2) points of the Lorenz curve at equal distances from (0, 0) to (1, 1),
// poorest first; between advocates the curve is straight. The diagonal when all are 0.
std::vector<LorenzPoint> LorenzCurve(absl::Span<const WeightedValue> counts, int points);

}  // namespace kith::advocacy::domain

#endif  // KITH_SERVICES_ADVOCACY_DOMAIN_CONCENTRATION_H_
