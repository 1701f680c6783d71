// What the read RPCs read. All functions read within the caller's snapshot; their errors are
// those of the store.
#ifndef KITH_SERVICES_ADVOCACY_STORE_QUERIES_H_
#define KITH_SERVICES_ADVOCACY_STORE_QUERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/db.h"
#include "services/advocacy/domain/natural_breaks.h"
#include "services/advocacy/domain/policy.h"
#include "services/advocacy/domain/scoring.h"
#include "services/advocacy/domain/tiers.h"

namespace kith::advocacy::store {

// What most reads need of a program: one round trip, a few hundred rows.
struct Overview {
  bool known = false;
  std::optional<domain::PolicyVersion> newest;   // absent: the defaults hold
  std::vector<domain::WeightedValue> successes;  // advocates by successes, rising
};
absl::StatusOr<Overview> ReadOverview(db::ReadTransaction& transaction,
                                      const std::string& program_id);

absl::StatusOr<std::optional<domain::PolicyVersion>> ReadPolicy(
    db::ReadTransaction& transaction, const std::string& program_id, int64_t version);

absl::StatusOr<std::optional<domain::Advocate>> ReadAdvocate(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& advocate_id);

struct AdvocateFilter {
  std::string program_id;
  domain::Range points;
  domain::Range successes;
};
// The advocates that pass the filter in order of id, the first `limit` after `after`.
absl::StatusOr<std::vector<domain::Advocate>> ListAdvocates(db::ReadTransaction& transaction,
                                                            const AdvocateFilter& filter,
                                                            const std::string& after,
                                                            int64_t limit);

// The sums of a program.
struct Totals {
  std::vector<domain::PointsCount> points;  // advocates by points, rising
  int64_t activities = 0;                   // acts that count
};
absl::StatusOr<Totals> ReadTotals(db::ReadTransaction& transaction,
                                  const std::string& program_id);

// Sums over all programs, for gauges.
struct ServiceTotals {
  int64_t programs = 0;
  int64_t advocates = 0;
  int64_t successes = 0;
  int64_t activities = 0;
  int64_t points = 0;
};
absl::StatusOr<ServiceTotals> ReadServiceTotals(db::ReadTransaction& transaction);

}  // namespace kith::advocacy::store

#endif  // KITH_SERVICES_ADVOCACY_STORE_QUERIES_H_
