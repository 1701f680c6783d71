#include "services/retention/domain/log_rank.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "services/retention/domain/chi_square.h"

namespace kith::retention {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;

// What the strata add up to.
struct Sums {
  explicit Sums(size_t k) : expected(k), difference(k), variance(k, Vector(k)) {}
  Vector expected;    // unweighted: says who takes part
  Vector difference;  // weighted observed - expected
  Matrix variance;
};

// One day: `at_risk` and `events` by group.
void AddDay(const std::vector<int64_t>& at_risk, const std::vector<int64_t>& events,
            double weight, Sums& sums) {
  double n = 0;
  double d = 0;
  for (size_t g = 0; g < at_risk.size(); ++g) {
    n += static_cast<double>(at_risk[g]);
    d += static_cast<double>(events[g]);
  }
  const double spread = n > 1 ? weight * weight * d * (n - d) / (n - 1) : 0;
  for (size_t g = 0; g < at_risk.size(); ++g) {
    if (at_risk[g] == 0) continue;
    const double share = static_cast<double>(at_risk[g]) / n;
    sums.expected[g] += d * share;
    sums.difference[g] += weight * (static_cast<double>(events[g]) - d * share);
    for (size_t h = 0; h < at_risk.size(); ++h) {
      const double other = static_cast<double>(at_risk[h]) / n;
      sums.variance[g][h] += spread * share * ((g == h ? 1 : 0) - other);
    }
  }
}

int64_t AtRiskFirst(const Tenures& tenures) {
  int64_t at_risk = Totals(tenures).customers;
  for (const auto& [day, count] : tenures) at_risk -= count.entered;
  return at_risk;
}

void AddStratum(const Groups& groups, double rho, Sums& sums) {
  Tenures pooled;
  std::vector<int64_t> at_risk;
  for (const Tenures& group : groups) {
    Merge(group, pooled);
    at_risk.push_back(AtRiskFirst(group));
  }
  int64_t n = AtRiskFirst(pooled);
  double survival = 1;
  for (const auto& [day, all] : pooled) {
    std::vector<int64_t> events(groups.size());
    std::vector<int64_t> change(groups.size());
    for (size_t g = 0; g < groups.size(); ++g) {
      const auto it = groups[g].find(day);
      if (it == groups[g].end()) continue;
      events[g] = it->second.events;
      change[g] = it->second.entered - it->second.events - it->second.censored;
    }
    if (all.events > 0) {
      AddDay(at_risk, events, std::pow(survival, rho), sums);
      survival *= static_cast<double>(n - all.events) / static_cast<double>(n);
    }
    for (size_t g = 0; g < groups.size(); ++g) at_risk[g] += change[g];
    n += all.entered - all.events - all.censored;
  }
}

// v' A^- v for a positive semi-definite A by elimination with the greatest pivot first;
// directions without variance count for nothing.
double QuadraticForm(Matrix a, Vector v) {
  const size_t k = v.size();
  double greatest = 0;
  for (size_t i = 0; i < k; ++i) greatest = std::max(greatest, a[i][i]);
  std::vector<bool> used(k, false);
  double sum = 0;
  for (size_t step = 0; step < k; ++step) {
    size_t p = k;
    for (size_t i = 0; i < k; ++i) {
      if (!used[i] && (p == k || a[i][i] > a[p][p])) p = i;
    }
    if (a[p][p] <= greatest * 1e-12) break;
    used[p] = true;
    sum += v[p] * v[p] / a[p][p];
    for (size_t i = 0; i < k; ++i) {
      if (used[i]) continue;
      const double factor = a[i][p] / a[p][p];
      v[i] -= factor * v[p];
      for (size_t j = 0; j < k; ++j) a[i][j] -= factor * a[p][j];
    }
  }
  return sum;
}

}  // namespace

LogRankResult LogRank(absl::Span<const Groups> strata, double rho) {
  if (strata.empty()) return {};
  Sums sums(strata.front().size());
  for (const Groups& groups : strata) AddStratum(groups, rho, sums);
  std::vector<size_t> part;
  for (size_t g = 0; g < sums.expected.size(); ++g) {
    if (sums.expected[g] > 0) part.push_back(g);
  }
  if (part.size() < 2) return {};
  part.erase(part.begin());  // the differences add up to 0: one group is redundant
  Matrix variance(part.size(), Vector(part.size()));
  Vector difference(part.size());
  for (size_t i = 0; i < part.size(); ++i) {
    difference[i] = sums.difference[part[i]];
    for (size_t j = 0; j < part.size(); ++j) {
      variance[i][j] = sums.variance[part[i]][part[j]];
    }
  }
  LogRankResult result;
  result.chi_square = QuadraticForm(std::move(variance), std::move(difference));
  result.degrees_of_freedom = static_cast<int>(part.size());
  result.p_value = ChiSquareSurvival(result.chi_square, result.degrees_of_freedom);
  return result;
}

LogRankResult LogRank(const Groups& groups, double rho) {
  return LogRank(absl::MakeConstSpan(&groups, 1), rho);
}

}  // namespace kith::retention
