#include "services/advocacy/domain/natural_breaks.h"

#include <algorithm>
#include <limits>

namespace kith::advocacy::domain {
namespace {

using Real = long double;

// Sums over prefixes of the values, so that the error of any class is had at once. The
// values are taken relative to their mean: sums of squares of large numbers lose digits.
class Errors {
 public:
  explicit Errors(absl::Span<const WeightedValue> values)
      : weight_(values.size() + 1), sum_(weight_), square_(weight_) {
    Real total = 0, weight = 0;
    for (const auto& [value, w] : values) {
      total += Real(value) * Real(w);
      weight += Real(w);
    }
    const Real mean = weight > 0 ? total / weight : 0;
    for (size_t i = 0; i < values.size(); ++i) {
      const Real x = Real(values[i].value) - mean, w = Real(values[i].weight);
      weight_[i + 1] = weight_[i] + w;
      sum_[i + 1] = sum_[i] + w * x;
      square_[i + 1] = square_[i] + w * x * x;
    }
  }
  // The squared error of the class of values [from, to).
  Real Of(size_t from, size_t to) const {
    const Real weight = weight_[to] - weight_[from], sum = sum_[to] - sum_[from];
    return std::max<Real>(square_[to] - square_[from] - sum * sum / weight, 0);
  }

 private:
  std::vector<Real> weight_, sum_, square_;
};

// One more class at each step: best[i] is the least error of the first i values, and
// starts[c][i] where the last of c + 1 classes then begins.
class Partition {
 public:
  Partition(absl::Span<const WeightedValue> values, size_t classes)
      : errors_(values), size_(values.size()), best_(size_ + 1) {
    tolerance_ = errors_.Of(0, size_) * 1e-15L;
    for (size_t i = 1; i <= size_; ++i) best_[i] = errors_.Of(0, i);
    starts_.emplace_back(size_ + 1, 0);
    for (size_t c = 1; c < classes; ++c) AddClass(c);
  }
  // Where each class ends.
  std::vector<size_t> Ends() const {
    std::vector<size_t> ends;
    size_t end = size_;
    for (size_t c = starts_.size(); c-- > 0; end = starts_[c][end]) ends.push_back(end);
    std::reverse(ends.begin(), ends.end());
    return ends;
  }
  Real error() const { return best_[size_]; }
  Real total_error() const { return errors_.Of(0, size_); }

 private:
  void AddClass(size_t c) {
    previous_ = best_;
    starts_.emplace_back(size_ + 1, 0);
    Solve(c, c + 1, size_, c, size_ - 1);
  }
  // Fills best and starts for [low, high], whose classes begin in [first, last].
  void Solve(size_t c, size_t low, size_t high, size_t first, size_t last) {
    if (low > high) return;
    const size_t middle = low + (high - low) / 2;
    Real least = std::numeric_limits<Real>::infinity();
    size_t start = first;
    for (size_t s = first; s <= std::min(last, middle - 1); ++s) {
      const Real error = previous_[s] + errors_.Of(s, middle);
      // Not by a rounding error: ties must go to the lowest break.
      if (error < least - tolerance_) {
        least = error;
        start = s;
      }
    }
    best_[middle] = least;
    starts_[c][middle] = start;
    Solve(c, low, middle - 1, first, start);
    Solve(c, middle + 1, high, start, last);
  }

  const Errors errors_;
  const size_t size_;
  Real tolerance_ = 0;
  std::vector<Real> best_, previous_;
  std::vector<std::vector<size_t>> starts_;
};

}  // namespace

NaturalBreaks FindNaturalBreaks(absl::Span<const WeightedValue> values, int classes) {
  NaturalBreaks breaks;
  if (values.empty() || classes <= 0) return breaks;
  const Partition partition(values, std::min<size_t>(classes, values.size()));
  for (const size_t end : partition.Ends()) {
    breaks.class_maxima.push_back(values[end - 1].value);
  }
  const Real total = partition.total_error();
  breaks.goodness_of_variance_fit =
      total > 0 ? static_cast<double>(1 - partition.error() / total) : 1;
  return breaks;
}

std::vector<WeightedValue> CountValues(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  std::vector<WeightedValue> counted;
  for (const int64_t value : values) {
    if (counted.empty() || counted.back().value != value) counted.push_back({value, 0});
    ++counted.back().weight;
  }
  return counted;
}

}  // namespace kith::advocacy::domain
