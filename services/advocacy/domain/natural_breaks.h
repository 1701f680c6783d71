// Natural breaks: the classes of numbers that lie close together.
#ifndef KITH_SERVICES_ADVOCACY_DOMAIN_NATURAL_BREAKS_H_
#define KITH_SERVICES_ADVOCACY_DOMAIN_NATURAL_BREAKS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace kith::advocacy::domain {

// How often a value occurs.
struct WeightedValue {
  int64_t value = 0;
  int64_t weight = 0;  // > 0
  friend bool operator==(const WeightedValue&, const WeightedValue&) = default;
};

// A partition into classes of neighbouring values.
struct NaturalBreaks {
  // The greatest value of each class, rising. Fewer classes than asked for when there are
  // not as many distinct values; none without values.
  std::vector<int64_t> class_maxima;
  // Goodness of variance fit, 1 - SSE/SST: 1 when each class is one value. 0 without values.
  double goodness_of_variance_fit = 0;
};

// Splits `values` (distinct, rising) into `classes` (> 0) classes with the least sum of
// squared deviations from the class means (Fisher 1958, Jenks 1977), exactly, by dynamic
// programming. Equal values are never parted. Among partitions that are equally good the one
// with the lowest breaks is taken. O(k·d·log d) for d distinct values and k classes, because
// the best break moves up as values are added.
NaturalBreaks FindNaturalBreaks(absl::Span<const WeightedValue> values, int classes);

// Counts how often each value occurs; the result is distinct and rising.
std::vector<WeightedValue> CountValues(std::vector<int64_t> values);

}  // namespace kith::advocacy::domain

#endif  // KITH_SERVICES_ADVOCACY_DOMAIN_NATURAL_BREAKS_H_
