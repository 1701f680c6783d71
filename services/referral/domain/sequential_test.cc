#include "services/referral/domain/sequential_test.h"

#include <cmath>
#include <limits>

namespace kith::referral::domain {
namespace {

// More halvings than a double has digits.
constexpr int kHalvings = 60;

double Fallen(const SequentialTest& test) { return test.baseline * (1 - test.drop); }
// What a good and a bad outcome add to the statistic.
double GoodStep(const SequentialTest& test) { return std::log(Fallen(test) / test.baseline); }
double BadStep(const SequentialTest& test) {
  return std::log((1 - Fallen(test)) / (1 - test.baseline));
}

// Relative entropy of two coins.
double Divergence(double p, double q) {
  double sum = 0;
  if (p > 0) sum += p * std::log(p / q);
  if (p < 1) sum += (1 - p) * std::log((1 - p) / (1 - q));
  return sum;
}

}  // namespace

double Statistic(const SequentialTest& test, int64_t outcomes, int64_t successes) {
  return static_cast<double>(successes) * GoodStep(test) +
         static_cast<double>(outcomes - successes) * BadStep(test);
}

double AlarmBound(const SequentialTest& test) { return -std::log(test.risk); }

double Drift(const SequentialTest& test, double rate) {
  return rate * GoodStep(test) + (1 - rate) * BadStep(test);
}

double ExpectedOutcomes(const SequentialTest& test, double rate) {
  const double drift = Drift(test, rate);
  if (drift <= 0) return std::numeric_limits<double>::infinity();
  return AlarmBound(test) / drift;
}

double LowerRate(int64_t outcomes, int64_t successes, double risk) {
  const double seen = static_cast<double>(successes) / static_cast<double>(outcomes);
  const double allowed = -std::log(risk) / static_cast<double>(outcomes);
  double excluded = 0;  // too far below what was seen
  double possible = seen;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (excluded + possible) / 2;
    (Divergence(seen, middle) > allowed ? excluded : possible) = middle;
  }
  return excluded;
}

}  // namespace kith::referral::domain
