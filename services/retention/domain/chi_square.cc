#include "services/retention/domain/chi_square.h"

#include <cmath>

namespace kith::retention {

double ChiSquareSurvival(double x, int degrees_of_freedom) {
  if (x <= 0 || degrees_of_freedom <= 0) return 1;
  const double y = x / 2;
  const bool odd = degrees_of_freedom % 2 == 1;
  double sum = odd ? std::erfc(std::sqrt(y)) : 0;
  // The terms are e^-y y^p / Gamma(p + 1) for p = 0, 1, … or 1/2, 3/2, …; their logarithms
  // are kept because e^-y alone may be 0 where the terms are not.
  double log_term = odd ? std::log(y) / 2 - y - std::log(std::tgamma(1.5)) : -y;
  double power = odd ? 0.5 : 0;
  while (power < degrees_of_freedom / 2.0) {
    sum += std::exp(log_term);
    power += 1;
    log_term += std::log(y / power);
  }
  return std::fmin(sum, 1);
}

}  // namespace kith::retention
