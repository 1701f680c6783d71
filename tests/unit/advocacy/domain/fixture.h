// The company of the product's figures: 200 advocates, of whom 140 brought nobody, 48 one or
// two, and 12 between 8 and 25. The derived values come from an independent recomputation
// (Python, straight from the definitions).
#ifndef KITH_TESTS_UNIT_ADVOCACY_DOMAIN_FIXTURE_H_
#define KITH_TESTS_UNIT_ADVOCACY_DOMAIN_FIXTURE_H_

#include <cstdint>
#include <vector>

#include "services/advocacy/domain/natural_breaks.h"

namespace kith::advocacy::domain {

inline constexpr int64_t kFixtureSuccesses = 223;
inline constexpr double kFixtureGini = 0.8718161434977578;
inline constexpr double kFixtureTop1 = 0.21973094170403587;  // of 2 advocates
inline constexpr double kFixtureTop5 = 0.6278026905829597;   // of 10
inline constexpr double kFixtureTop10 = 0.7757847533632287;  // of 20
inline constexpr double kFixtureTop20 = 0.9103139013452914;  // of 40
inline constexpr double kFixtureGvf = 0.7860648475376054;    // of the positives in two

inline std::vector<int64_t> FixtureValues() {
  std::vector<int64_t> values(140, 0);
  values.insert(values.end(), 30, 1);
  values.insert(values.end(), 18, 2);
  values.insert(values.end(), {8, 9, 9, 10, 10, 11, 12, 12, 13, 14, 24, 25});
  return values;
}
inline std::vector<WeightedValue> FixtureCounts() { return CountValues(FixtureValues()); }

}  // namespace kith::advocacy::domain

#endif  // KITH_TESTS_UNIT_ADVOCACY_DOMAIN_FIXTURE_H_
