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
};

// unary_vs_echo and latencies at half of the peak load.
std::vector<Row> UnaryRows(const Settings& settings);
// batch_vs_raw_sqlite.
std::vector<Row> BatchRows(const Settings& settings);
// pg_vs_per_request.
std::vector<Row> PostgresRows(const Settings& settings);
// survival_10m_ms and the rebuilding of its counters.
std::vector<Row> SurvivalRows(const Settings& settings);
// Memory at rest and cold start of each service.
std::vector<Row> ProcessRows(const Settings& settings);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_ROWS_H_
