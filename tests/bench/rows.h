// The measurements. Each starts what it needs, measures in alternating rounds within one
// run, takes medians, and stops what it started.
#ifndef KITH_TESTS_BENCH_ROWS_H_
#define KITH_TESTS_BENCH_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/report.h"

namespace kith::bench {

struct Settings {
  absl::Duration round = absl::Seconds(3);  // of load
  int rounds = 5;
  int64_t customers = 10'000'000;  // of the survival row
  int64_t referrals = 10'000'000;  // stored when the large store is measured
};

// unary_vs_echo and latencies at half of the peak load.
std::vector<Row> UnaryRows(const Settings& settings);
// batch_vs_raw_sqlite.
std::vector<Row> BatchRows(const Settings& settings);
// pg_vs_per_request.
std::vector<Row> PostgresRows(const Settings& settings);
// survival_10m_ms and the rebuilding of its counters.
std::vector<Row> SurvivalRows(const Settings& settings);
// submit_vs_echo and convert_vs_echo: leads and payments under the full rule set.
std::vector<Row> ReferralUnaryRows(const Settings& settings);
// p99 of GetReferral and ExplainAttribution at half load.
std::vector<Row> ReferralReadRows(const Settings& settings);
// Batches of leads and payments, against the same final rows put straight into SQLite.
std::vector<Row> ReferralBatchRows(const Settings& settings);
// Leads and payments on PostgreSQL, against one transaction of plain statements for each.
std::vector<Row> ReferralPostgresRows(const Settings& settings);
// The cost of a conversion in a large store, against that in a small one.
std::vector<Row> ReferralGrowthRows(const Settings& settings);
// Memory at rest and cold start of each service.
std::vector<Row> ProcessRows(const Settings& settings);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_ROWS_H_
