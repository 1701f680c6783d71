// A durable touch, one a call, against a bare echo.
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/bench/touches.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

constexpr int kInFlight = 64;

}  // namespace

std::vector<Row> UnaryRows(const Settings& settings) {
  const int echo_port = test::FreePort();
  test::ServerProcess echo(test::BinaryPath("kith_bench_echo"), {absl::StrCat(echo_port)},
                           absl::StrCat(test::TempDir(), "/echo.log"));
  echo.Start();
  TouchServer server(absl::StrCat("sqlite:", test::TempDir(), "/referral.db"));
  const Load durable = server.TouchLoad();
  Load bare = durable;
  bare.address = absl::StrCat("127.0.0.1:", echo_port);
  bare.method = "/kith.bench.v1.EchoService/Echo";

  std::vector<double> ratios, durable_rates, echo_rates;
  ClosedLoop(bare, kInFlight, settings.round / 3);  // warm both up
  ClosedLoop(durable, kInFlight, settings.round / 3);
  for (int i = 0; i < settings.rounds; ++i) {
    const LoadResult e = ClosedLoop(bare, kInFlight, settings.round);
    const LoadResult d = ClosedLoop(durable, kInFlight, settings.round);
    RequireNoFailures(e);
    RequireNoFailures(d);
    echo_rates.push_back(e.calls_per_second);
    durable_rates.push_back(d.calls_per_second);
    ratios.push_back(d.calls_per_second / e.calls_per_second);
  }
  const double peak = Median(durable_rates);
  const double open_peak = OpenLoopPeak(durable, peak, settings.round);
  const double echo_open_peak = OpenLoopPeak(bare, Median(echo_rates), settings.round);
  const LoadResult half = OpenLoop(durable, open_peak / 2, settings.round);
  const LoadResult echo_half = OpenLoop(bare, echo_open_peak / 2, settings.round);
  const double loaded_mb = static_cast<double>(server.process().ResidentKilobytes()) / 1024;
  return {{"unary_vs_echo", Median(ratios), "ratio", 0.60, std::nullopt,
           absl::StrFormat("%.0f durable/s, %.0f echo/s, %d in flight", peak,
                           Median(echo_rates), kInFlight)},
          {"unary_p50_half_load", half.p50_us / 1000, "ms", std::nullopt, std::nullopt,
           absl::StrFormat("echo %.3f ms", echo_half.p50_us / 1000)},
          {"unary_p99_half_load", half.p99_us / 1000, "ms", std::nullopt, std::nullopt,
           absl::StrFormat("echo %.3f ms", echo_half.p99_us / 1000)},
          {"rss_under_load", loaded_mb, "MB", std::nullopt, std::nullopt, "kith-referral"}};
}

}  // namespace kith::bench
