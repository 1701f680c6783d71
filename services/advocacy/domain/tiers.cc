#include "services/advocacy/domain/tiers.h"

#include <algorithm>

namespace kith::advocacy::domain {
namespace {

// The index of the lowest tier that needs more than `points`.
size_t NextTier(const ScoringPolicy& policy, int64_t points) {
  const auto it = std::upper_bound(
      policy.tiers.begin(), policy.tiers.end(), points,
      [](int64_t value, const Tier& tier) { return value < tier.min_points; });
  return static_cast<size_t>(it - policy.tiers.begin());
}

}  // namespace

TierStanding StandingOf(const ScoringPolicy& policy, int64_t points) {
  const size_t next = NextTier(policy, points);
  TierStanding standing;
  if (next > 0) standing.tier = &policy.tiers[next - 1];
  if (next < policy.tiers.size()) {
    standing.next = &policy.tiers[next];
    standing.points_to_next = standing.next->min_points - points;
  }
  return standing;
}

std::string TierName(const ScoringPolicy& policy, int64_t points) {
  const TierStanding standing = StandingOf(policy, points);
  return standing.tier == nullptr ? std::string() : standing.tier->name;
}

Range PointsOf(const ScoringPolicy& policy, absl::string_view tier) {
  Range range;
  bool found = tier.empty();
  for (const Tier& candidate : policy.tiers) {
    if (found) {
      range.max = candidate.min_points - 1;
      return range;
    }
    if (candidate.name == tier) {
      found = true;
      range.min = candidate.min_points;
    }
  }
  return found ? range : kEmptyRange;
}

std::vector<TierSize> CountTiers(const ScoringPolicy& policy,
                                 const std::vector<PointsCount>& counts) {
  std::vector<TierSize> sizes(1);
  for (const Tier& tier : policy.tiers) sizes.push_back({tier.name, 0});
  for (const PointsCount& count : counts) {
    sizes[NextTier(policy, count.points)].advocates += count.advocates;
  }
  return sizes;
}

}  // namespace kith::advocacy::domain
