// Leads and payments in batches under the full rule set, against SQLite alone.
#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/raw_rows.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/bench/stories.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

constexpr int kInFlight = 4;
constexpr int kItems = StoryServer::kMaxItems;

struct Rates {
  std::vector<double> service, raw, ratio, rows_each;
};

// What is measured, and how many customers must have signed up before.
struct Batch {
  std::function<Load(const StoryServer&)> load;
  int64_t customers = 0;
};

// The rows that the batches left are read from the store before and after them.
void MeasureOnce(const Batch& batch, absl::Duration duration, Rates& rates) {
  const std::string folder = test::TempDir();
  const std::string file = absl::StrCat(folder, "/referral.db");
  const std::string before = absl::StrCat(folder, "/before.db");
  {
    StoryServer server(absl::StrCat("sqlite:", file));
    server.SignUp(batch.customers);
    server.process().Terminate();
  }
  std::filesystem::copy_file(file, before);
  LoadResult result;
  {
    StoryServer server(absl::StrCat("sqlite:", file), batch.customers);
    result = ClosedLoop(batch.load(server), kInFlight, duration);
    RequireNoFailures(result);
    server.process().Terminate();
  }
  const RawRows rows(file, before);
  const absl::Duration raw = rows.TimeInsertion(absl::StrCat(folder, "/raw.db"), result.calls);
  const double items = static_cast<double>(result.calls) * kItems;
  rates.service.push_back(result.calls_per_second * kItems);
  rates.raw.push_back(items / absl::ToDoubleSeconds(raw));
  rates.ratio.push_back(rates.service.back() / rates.raw.back());
  rates.rows_each.push_back(static_cast<double>(rows.size()) / items);
  EmptyFolder(folder);
}

Row ToRow(const std::string& name, const Rates& rates) {
  return {name,
          Median(rates.ratio),
          "ratio",
          0.3,
          std::nullopt,
          absl::StrFormat("%.0f items/s in batches of %d, %d in flight; the %.1f rows of each "
                          "alone %.0f items/s",
                          Median(rates.service), kItems, kInFlight, Median(rates.rows_each),
                          Median(rates.raw))};
}

}  // namespace

std::vector<Row> ReferralBatchRows(const Settings& settings) {
  // More payments a second than any machine records.
  constexpr double kMostPayments = 40'000;
  const Batch leads = {[](const StoryServer& server) { return server.Leads(kItems); }, 0};
  const Batch payments = {
      [](const StoryServer& server) { return server.Payments(kItems); },
      static_cast<int64_t>(kMostPayments * absl::ToDoubleSeconds(settings.round)) +
          kItems * kInFlight};
  Rates of_leads, of_payments;
  for (int i = 0; i < settings.rounds; ++i) {
    MeasureOnce(leads, settings.round, of_leads);
    MeasureOnce(payments, settings.round, of_payments);
  }
  return {ToRow("submit_batch_vs_raw_sqlite", of_leads),
          ToRow("convert_batch_vs_raw_sqlite", of_payments)};
}

}  // namespace kith::bench
