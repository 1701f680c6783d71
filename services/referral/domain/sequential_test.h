// A one-sided sequential test that a rate has fallen: Wald's sequential probability ratio test
// of outcomes that are good with probability `p0` (the baseline) or `p1 = p0 (1 - drop)`.
//
// After n outcomes, s of them good, the statistic is the log likelihood ratio
//
//   L = s ln(p1 / p0) + (n - s) ln((1 - p1) / (1 - p0)),
//
// a function of two counts alone: it is computed afresh each time, so that nothing drifts. The
// alarm is raised when L reaches ln(1 / risk).
//
// False alarms. While the true rate is p0 or better, exp(L) is a non-negative supermartingale
// that starts at 1, so that the probability that it *ever* reaches 1 / risk is at most `risk`,
// however long the campaign runs and however often one looks (Ville 1939, "Étude critique de
// la notion de collectif", p. 101). A baseline that is estimated from n outcomes is replaced
// by a lower confidence bound that is above the true rate with probability `risk / 2` at most
// (Chernoff's inequality in its relative entropy form: Hoeffding 1963, theorem 1), and the
// test runs at risk / 2: together they stay below the stated risk. This costs power.
//
// Power. When the rate is p < p0, L grows on average by
//
//   D(p) = p ln(p1 / p0) + (1 - p) ln((1 - p1) / (1 - p0))
//
// an outcome; for D(p) > 0 the alarm comes with certainty, after about ln(1 / risk) / D(p)
// outcomes on average (Wald 1947, "Sequential Analysis"; without the overshoot).
// At p0 = 50 %, drop 50 %, risk 1 %: 35 outcomes at p = 25 %, 19 at 15 %, 16 at 10 %.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_SEQUENTIAL_TEST_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_SEQUENTIAL_TEST_H_

#include <cstdint>

namespace kith::referral::domain {

struct SequentialTest {
  double baseline = 0.5;  // p0, between 0 and 1
  double drop = 0.5;      // the share of p0 that is lost, between 0 and 1
  double risk = 0.01;     // bound of the false alarm rate
};

// L. 0 without outcomes.
double Statistic(const SequentialTest& test, int64_t outcomes, int64_t successes);
// What L must reach.
double AlarmBound(const SequentialTest& test);
// D(p): how much L grows by an outcome on average when the rate is `rate`.
double Drift(const SequentialTest& test, double rate);
// Outcomes until the alarm on average; infinity when it need not come.
double ExpectedOutcomes(const SequentialTest& test, double rate);

// A rate that `successes` of `outcomes` (> 0) exclude the true one from being below of, but
// for the probability `risk`: the least q with outcomes · KL(successes / outcomes ‖ q) ≤ ln(1
// / risk).
double LowerRate(int64_t outcomes, int64_t successes, double risk);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_SEQUENTIAL_TEST_H_
