// Do groups leave at different rates?
#ifndef KITH_SERVICES_RETENTION_DOMAIN_LOG_RANK_H_
#define KITH_SERVICES_RETENTION_DOMAIN_LOG_RANK_H_

#include <vector>

#include "absl/types/span.h"
#include "services/retention/domain/tenure.h"

namespace kith::retention {

// The outcome of a test.
struct LogRankResult {
  double chi_square = 0;
  int degrees_of_freedom = 0;
  double p_value = 1;
};

// The groups that are compared, in the same order in every stratum.
using Groups = std::vector<Tenures>;

// The log-rank test of k groups, with weights S(t-)^rho of the pooled curve (Harrington and
// Fleming; 0 is the plain test, 1 is Peto and Peto's), over strata whose sums are added.
// E = sum d n1/n; V = sum d (n1/n)(1 - n1/n)(n - d)/(n - 1), the term 0 where n = 1; with
// more than two groups the quadratic form on k - 1 of them. A group without expectation
// (nobody of it was ever at risk when somebody left) takes no part.
LogRankResult LogRank(absl::Span<const Groups> strata, double rho = 0);
// One stratum.
LogRankResult LogRank(const Groups& groups, double rho = 0);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_LOG_RANK_H_
