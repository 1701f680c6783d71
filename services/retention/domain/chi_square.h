// The chi-square distribution.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_CHI_SQUARE_H_
#define KITH_SERVICES_RETENTION_DOMAIN_CHI_SQUARE_H_

namespace kith::retention {

// The 97.5 % quantile of the normal distribution: the z of every 95 % interval.
inline constexpr double kZ95 = 1.959963984540054;

// P(X >= x) for X chi-square with `degrees_of_freedom`, to a relative error of about 1e-13.
// 1 when x <= 0 or there are no degrees of freedom.
//
// A whole number of degrees of freedom has a finite sum of positive terms (Abramowitz and
// Stegun, 26.4.4 and 26.4.5), so that nothing cancels however small the result.
double ChiSquareSurvival(double x, int degrees_of_freedom);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_CHI_SQUARE_H_
