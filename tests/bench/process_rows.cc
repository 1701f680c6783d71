// Memory at rest and the time from start to serving on an existing store.
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/rows.h"
#include "tests/support/server_process.h"

namespace kith::bench {

std::vector<Row> ProcessRows(const Settings& settings) {
  test::Suite suite;
  suite.StartAll();
  std::vector<Row> rows;
  for (const std::string& name : test::Suite::Names()) {
    rows.push_back({"rss_at_rest_" + name,
                    static_cast<double>(suite.process(name).ResidentKilobytes()) / 1024, "MB",
                    std::nullopt, 40.0, ""});
    std::vector<double> starts;
    for (int i = 0; i < settings.rounds; ++i) {
      suite.process(name).Terminate();
      const absl::Time start = SystemClock().Now();
      suite.process(name).Start();
      suite.AwaitServing(name);
      starts.push_back(absl::ToDoubleMilliseconds(SystemClock().Now() - start));
    }
    rows.push_back({"cold_start_" + name, Median(starts), "ms", std::nullopt, 500.0, ""});
  }
  return rows;
}

}  // namespace kith::bench
