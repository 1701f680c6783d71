// Events through batches of an RPC, against SQLite alone.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/life_events.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/raw_rows.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

constexpr int kInFlight = 4;

struct Rates {
  std::vector<double> service, raw, ratio;
};

void MeasureOnce(Customers customers, absl::Duration duration, Rates& rates) {
  const std::string folder = test::TempDir();
  const std::string file = absl::StrCat(folder, "/retention.db");
  LoadResult result;
  {
    RetentionServer server(file);
    result = ClosedLoop(EventLoad(server, customers), kInFlight, duration);
    RequireNoFailures(result);
    server.process().Terminate();
  }
  const RawRows rows(file);
  const absl::Duration raw = rows.TimeInsertion(absl::StrCat(folder, "/raw.db"), result.calls);
  rates.service.push_back(result.calls_per_second * kBatchEvents);
  rates.raw.push_back(static_cast<double>(result.calls) * kBatchEvents /
                      absl::ToDoubleSeconds(raw));
  rates.ratio.push_back(rates.service.back() / rates.raw.back());
  EmptyFolder(folder);
}

Row ToRow(const std::string& name, std::optional<double> at_least, const Rates& rates) {
  return {name,
          Median(rates.ratio),
          "ratio",
          at_least,
          std::nullopt,
          absl::StrFormat("%.0f events/s in batches of %d, %d in flight; alone %.0f events/s",
                          Median(rates.service), kBatchEvents, kInFlight, Median(rates.raw))};
}

}  // namespace

std::vector<Row> BatchRows(const Settings& settings) {
  Rates together, scattered;
  for (int i = 0; i < settings.rounds; ++i) {
    MeasureOnce(Customers::kTogether, settings.round, together);
    MeasureOnce(Customers::kScattered, settings.round, scattered);
  }
  return {ToRow("batch_vs_raw_sqlite", 0.35, together),
          ToRow("batch_vs_raw_sqlite_scattered", std::nullopt, scattered)};
}

}  // namespace kith::bench
