#include "services/advocacy/domain/concentration.h"

#include <algorithm>

namespace kith::advocacy::domain {
namespace {

using Real = long double;  // 64 bits of mantissa: products of counts stay exact

}  // namespace

int64_t TotalAdvocates(absl::Span<const WeightedValue> counts) {
  int64_t total = 0;
  for (const auto& [successes, advocates] : counts) total += advocates;
  return total;
}

int64_t TotalSuccesses(absl::Span<const WeightedValue> counts) {
  int64_t total = 0;
  for (const auto& [successes, advocates] : counts) total += successes * advocates;
  return total;
}

double Gini(absl::Span<const WeightedValue> counts) {
  const int64_t n = TotalAdvocates(counts), total = TotalSuccesses(counts);
  if (total == 0) return 0;
  Real sum = 0;
  int64_t before = 0;
  for (const auto& [successes, advocates] : counts) {
    // The ranks before+1 … before+advocates have the same value: Σ(2i-n-1) in one.
    sum += Real(successes) * Real(advocates) * Real(2 * before + advocates - n);
    before += advocates;
  }
  return static_cast<double>(sum / (Real(n) * Real(total)));
}

double TopShare(absl::Span<const WeightedValue> counts, int64_t percent) {
  const int64_t total = TotalSuccesses(counts);
  if (total == 0) return 0;
  int64_t left = (TotalAdvocates(counts) * percent + 99) / 100;
  int64_t sum = 0;
  for (auto it = counts.rbegin(); it != counts.rend() && left > 0; ++it) {
    const int64_t taken = std::min(left, it->weight);
    sum += taken * it->value;
    left -= taken;
  }
  return static_cast<double>(Real(sum) / Real(total));
}

std::vector<LorenzPoint> LorenzCurve(absl::Span<const WeightedValue> counts, int points) {
  const int last = std::max(points, 2) - 1;
  const int64_t n = TotalAdvocates(counts), total = TotalSuccesses(counts);
  std::vector<LorenzPoint> curve;
  size_t at = 0;
  int64_t advocates = 0, successes = 0;  // of the values before `at`
  for (int i = 0; i <= last; ++i) {
    const Real share = Real(i) / Real(last);
    if (total == 0 || i == last) {
      curve.push_back({static_cast<double>(share), static_cast<double>(share)});
      continue;
    }
    const Real rank = Real(n) * Real(i) / Real(last);
    while (Real(advocates + counts[at].weight) < rank) {
      advocates += counts[at].weight;
      successes += counts[at].weight * counts[at].value;
      ++at;
    }
    const Real sum = Real(successes) + (rank - Real(advocates)) * Real(counts[at].value);
    curve.push_back({static_cast<double>(share), static_cast<double>(sum / Real(total))});
  }
  return curve;
}

}  // namespace kith::advocacy::domain
