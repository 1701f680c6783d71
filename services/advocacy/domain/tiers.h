// Which tier points make, and what is missing to the next.
#ifndef KITH_SERVICES_ADVOCACY_DOMAIN_TIERS_H_
#define KITH_SERVICES_ADVOCACY_DOMAIN_TIERS_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/advocacy/domain/policy.h"

namespace kith::advocacy::domain {

// Where some points stand among the tiers.
struct TierStanding {
  const Tier* tier = nullptr;  // nullptr: below the lowest
  const Tier* next = nullptr;  // nullptr: at the top
  int64_t points_to_next = 0;  // 0 at the top
};

// The standing of `points`; points into `policy`.
TierStanding StandingOf(const ScoringPolicy& policy, int64_t points);

// The name of the tier of `points`; empty for none.
std::string TierName(const ScoringPolicy& policy, int64_t points);

// All whole numbers from `min` to `max`, both included; empty when min > max.
struct Range {
  int64_t min = std::numeric_limits<int64_t>::min();
  int64_t max = std::numeric_limits<int64_t>::max();
  bool Contains(int64_t value) const { return min <= value && value <= max; }
  friend bool operator==(const Range&, const Range&) = default;
};
inline constexpr Range kEmptyRange{1, 0};

// The points that make the tier of that name (empty: no tier); kEmptyRange when the policy
// has no such tier.
Range PointsOf(const ScoringPolicy& policy, absl::string_view tier);

// Some advocates that share a number of points.
struct PointsCount {
  int64_t points = 0;
  int64_t advocates = 0;
};
// How many advocates each tier has.
struct TierSize {
  std::string tier;
  int64_t advocates = 0;
  friend bool operator==(const TierSize&, const TierSize&) = default;
};
// One entry for each tier, lowest first, after one without a name for no tier.
std::vector<TierSize> CountTiers(const ScoringPolicy& policy,
                                 const std::vector<PointsCount>& counts);

}  // namespace kith::advocacy::domain

#endif  // KITH_SERVICES_ADVOCACY_DOMAIN_TIERS_H_
