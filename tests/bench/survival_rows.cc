// The survival report over many customers, and the rebuilding of what it reads.
#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/rpc/channel.h"
#include "services/retention/app/rebuild_counters.h"
#include "tests/bench/life_events.h"
#include "tests/bench/raw_rows.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/support/test_database.h"

namespace kith::bench {
namespace {

namespace v1 = kith::retention::v1;

constexpr int kReports = 21;

// Three years of signups over four channels, the last of them two days ago; of three
// customers about one has left, early more often than late. $1: now, $2: program.
constexpr char kFill[] = R"sql(
WITH RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i + 1 < %d),
mixed AS (SELECT i, (i * 2654435761) %% 1000003 AS a, (i * 40503 + 977) %% 1009 AS b FROM number),
life AS (SELECT i, b, a %% 1095 + 2 AS age, %d - (a %% 1095 + 2) * 86400000000 AS signup,
  (a %% 37) * (b %% 41) AS stay FROM mixed),
ended AS (SELECT i, b, signup, CASE WHEN i %% 3 = 0 AND stay < age
  THEN signup + stay * 86400000000 + 1000 END AS churn FROM life)
INSERT INTO customer (program_id, customer_id, signup_event_at, signup_event_id,
  signup_channel, aha_progress, events, channel, referrer_id, plan, signup_at, onboarded_at,
  churn_at, closed_at)
SELECT '%s', printf('c-%%09d', i), signup, printf('e-%%09d', i), channel, '',
  CASE WHEN churn IS NULL THEN 1 ELSE 2 END, channel, '', 'basic', signup,
  CASE WHEN b < 600 THEN signup + 3600000000 END, churn, churn
FROM (SELECT *, CASE WHEN b %% 4 = 0 THEN 'referral' WHEN b %% 4 = 1 THEN 'organic'
  WHEN b %% 4 = 2 THEN 'ads' ELSE 'partners' END AS channel FROM ended)
)sql";

// Puts customers into the store of a stopped service.
void Fill(const std::string& file, int64_t customers) {
  const SqlitePtr db = OpenRaw(file);
  ExecRaw(db.get(), "PRAGMA synchronous=OFF; PRAGMA cache_size=-500000;");
  ExecRaw(db.get(), "BEGIN; DROP INDEX customer_closed;");
  ExecRaw(db.get(), absl::StrFormat(kFill, customers, absl::ToUnixMicros(SystemClock().Now()),
                                    RetentionServer::program()));
  ExecRaw(db.get(),
          "CREATE INDEX customer_closed ON customer (program_id, closed_at) "
          "WHERE closed_at IS NOT NULL; COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
}

double RebuildSeconds(const std::string& file) {
  auto database = test::OpenStore(absl::StrCat("sqlite:", file));
  const absl::Time start = SystemClock().Now();
  const auto rebuilt = retention::app::RebuildCounters(
      *database, std::string(RetentionServer::program()), start + absl::Minutes(30));
  RequireOk(rebuilt.status());
  return absl::ToDoubleSeconds(SystemClock().Now() - start);
}

// The time of one report; `customers` is how many it must be about.
double ReportMilliseconds(RetentionServer& server, int64_t customers) {
  v1::GetSurvivalRequest request;
  request.set_program_id(std::string(RetentionServer::program()));
  request.set_split_by(v1::DIMENSION_CHANNEL);
  v1::GetSurvivalResponse response;
  grpc::ClientContext context;
  rpc::SetTimeout(context, absl::Minutes(5));
  const absl::Time start = SystemClock().Now();
  RequireOk(server.stub().GetSurvival(&context, request, &response));
  const double took = absl::ToDoubleMilliseconds(SystemClock().Now() - start);
  int64_t seen = 0;
  for (const auto& group : response.groups()) seen += group.customers();
  if (seen != customers) Die(absl::StrCat("the report is about ", seen, " customers"));
  return took;
}

}  // namespace

std::vector<Row> SurvivalRows(const Settings& settings) {
  const std::string folder = test::TempDir();
  const std::string file = absl::StrCat(folder, "/retention.db");
  {
    RetentionServer server(file);
    server.process().Terminate();
  }
  Fill(file, settings.customers);
  const double rebuild = RebuildSeconds(file);
  std::vector<double> reports;
  {
    RetentionServer server(file);
    for (int i = 0; i < kReports; ++i) {
      reports.push_back(ReportMilliseconds(server, settings.customers));
    }
  }
  EmptyFolder(folder);
  return {{"survival_10m_ms", Median(reports), "ms", std::nullopt, std::nullopt,
           absl::StrFormat("GetSurvival by channel of %d customers, the first %.1f ms",
                           settings.customers, reports.front())},
          {"survival_rebuild_s", rebuild, "s", std::nullopt, std::nullopt,
           absl::StrFormat("counters of %d customers from the rows", settings.customers)}};
}

}  // namespace kith::bench
