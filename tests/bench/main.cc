// Measures the suite: prints a table and writes JSON. See rows.h for what is measured.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "tests/bench/report.h"
#include "tests/bench/rows.h"

int main(int argc, char** argv) {
  using kith::bench::Row;
  // As the services do: the load generator shares the machine with what it measures.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  kith::bench::Settings settings;
  std::string out = "build/bench.json";
  std::vector<std::string> only;
  double round_seconds = 3;
  CLI::App app{"Measures Kith; ratios are within this one run."};
  app.add_option("--out", out, "Where to write the figures as JSON");
  app.add_option("--rounds", settings.rounds, "Rounds of each measurement")
      ->check(CLI::Range(1, 100));
  app.add_option("--seconds", round_seconds, "Length of a round")
      ->check(CLI::Range(0.2, 60.0));
  app.add_option("--customers", settings.customers, "Customers of the survival row");
  app.add_option("--referrals", settings.referrals, "Referrals of the growth row")
      ->check(CLI::Range(int64_t{100'000}, int64_t{1'000'000'000}));
  app.add_option("--only", only,
                 "Only these groups: unary batch postgres survival "
                 "process referral_unary referral_read referral_batch referral_postgres "
                 "referral_growth");
  CLI11_PARSE(app, argc, argv);
  settings.round = absl::Seconds(round_seconds);

  struct Group {
    const char* name;
    std::vector<Row> (*run)(const kith::bench::Settings&);
  };
  const Group groups[] = {{"unary", kith::bench::UnaryRows},
                          {"batch", kith::bench::BatchRows},
                          {"postgres", kith::bench::PostgresRows},
                          {"referral_unary", kith::bench::ReferralUnaryRows},
                          {"referral_read", kith::bench::ReferralReadRows},
                          {"referral_batch", kith::bench::ReferralBatchRows},
                          {"referral_postgres", kith::bench::ReferralPostgresRows},
                          {"referral_growth", kith::bench::ReferralGrowthRows},
                          {"survival", kith::bench::SurvivalRows},
                          {"process", kith::bench::ProcessRows}};
  std::vector<Row> rows;
  for (const Group& group : groups) {
    if (!only.empty() && std::find(only.begin(), only.end(), group.name) == only.end())
      continue;
    std::fprintf(stderr, "measuring %s ...\n", group.name);
    for (Row& row : group.run(settings)) rows.push_back(std::move(row));
  }
  std::fputs(kith::bench::Table(rows).c_str(), stdout);
  std::ofstream(out) << kith::bench::Json(rows);
  bool ok = true;
  for (const Row& row : rows) ok = ok && row.ok();
  return ok ? 0 : 1;
}
