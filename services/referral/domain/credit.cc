#include "services/referral/domain/credit.h"

#include <algorithm>
#include <cmath>

#include "common/base/money.h"
#include "services/referral/domain/withdrawal.h"

namespace kith::referral::domain {
namespace {

constexpr int64_t kWhole = 10000;                 // basis points
constexpr double kFullWeight = int64_t{1} << 40;  // of the newest point under time decay

std::vector<int64_t> UShapedWeights(size_t n) {
  if (n <= 2) return std::vector<int64_t>(n, 1);
  // 40 : 20 / (n - 2) : 40, in whole numbers.
  std::vector<int64_t> weights(n, 1);
  weights.front() = weights.back() = 2 * static_cast<int64_t>(n - 2);
  return weights;
}

std::vector<int64_t> DecayWeights(absl::Span<const CreditPoint> points,
                                  absl::Duration half_life) {
  // Only the proportions matter: ages count from the newest point, so that nothing becomes 0
  // because all is old.
  std::vector<int64_t> weights;
  for (const CreditPoint& point : points) {
    const double half_lives = absl::FDivDuration(points.back().time - point.time, half_life);
    weights.push_back(std::llround(kFullWeight * std::exp2(-half_lives)));
  }
  return weights;
}

std::vector<int64_t> Weights(absl::Span<const CreditPoint> points, CreditModel model,
                             absl::Duration half_life) {
  switch (model) {
    case CreditModel::kLinear:
      break;
    case CreditModel::kUShaped:
      return UShapedWeights(points.size());
    case CreditModel::kTimeDecay:
      return DecayWeights(points, half_life);
  }
  return std::vector<int64_t>(points.size(), 1);
}

bool CountsForCredit(const Candidate& candidate) {
  const EvidenceKind kind = candidate.evidence.kind;
  return (kind == EvidenceKind::kLead || kind == EvidenceKind::kTouch) &&
         (candidate.rejection.empty() || candidate.rejection == rejections::kOutranked);
}

}  // namespace

std::vector<CreditPoint> CreditPoints(const Customer& customer, const Weighed& weighed) {
  const Judgement& judgement = customer.judgement;
  if (IsWithdrawn(judgement)) return {};
  std::vector<CreditPoint> points;
  bool winner_has_one = false;
  if (judgement.evidence != EvidenceKind::kOverride) {
    for (const Candidate& candidate : weighed.candidates) {
      if (!CountsForCredit(candidate)) continue;
      points.push_back({candidate.evidence.advocate_id, candidate.evidence.time});
      winner_has_one |= candidate.evidence.advocate_id == judgement.advocate_id;
    }
  }
  if (!winner_has_one) {
    points.clear();
    if (!judgement.advocate_id.empty()) {
      points.push_back({judgement.advocate_id, customer.signup_time});
    }
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const CreditPoint& a, const CreditPoint& b) { return a.time < b.time; });
  return points;
}

std::vector<CreditShare> DivideCredit(absl::Span<const CreditPoint> points, CreditModel model,
                                      absl::Duration half_life, int64_t amount_minor) {
  if (points.empty()) return {};
  const std::vector<int64_t> by_point = Weights(points, model, half_life);
  std::vector<CreditShare> shares;
  std::vector<int64_t> weights;
  for (size_t i = 0; i < points.size(); ++i) {
    const auto known = std::find_if(shares.begin(), shares.end(), [&](const CreditShare& s) {
      return s.advocate_id == points[i].advocate_id;
    });
    const size_t index = known - shares.begin();
    if (known == shares.end()) {
      shares.push_back({.advocate_id = points[i].advocate_id});
      weights.push_back(0);
    }
    ++shares[index].points;
    weights[index] += by_point[i];
  }
  const std::vector<int64_t> basis_points = SplitByLargestRemainder(kWhole, weights);
  const std::vector<int64_t> amounts = SplitByLargestRemainder(amount_minor, weights);
  for (size_t i = 0; i < shares.size(); ++i) {
    shares[i].basis_points = basis_points[i];
    shares[i].amount_minor = amounts[i];
  }
  std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) {
    return a.basis_points > b.basis_points;
  });
  return shares;
}

}  // namespace kith::referral::domain
