// Durable touches on PostgreSQL, against a plain loop of one transaction for each.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/executor/stored_response.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/program_tables.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/plain_postgres.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/bench/touches.h"
#include "tests/support/postgres_cluster.h"

namespace kith::bench {
namespace {

using exec::StoredResponseTable;
using referral::store::CodeTable;
using referral::store::CustomersByVisitor;
using referral::store::ProgramKeyTable;
using referral::store::TouchTable;
using referral::store::VersionsOfProgram;

constexpr int kInFlight = 64;
constexpr int kWriters = 4;  // the service's connections for writing

void PrepareAll(PlainConnection& connection) {
  connection.Prepare("begin", "BEGIN");
  connection.Prepare("commit", "COMMIT");
  connection.Prepare("find_response", StoredResponseTable::kSelect);
  connection.Prepare("find_versions", VersionsOfProgram::kSelect);
  connection.Prepare("find_program_key", ProgramKeyTable::kSelect);
  connection.Prepare("find_touch", TouchTable::kSelect);
  connection.Prepare("find_code", CodeTable::kSelect);
  connection.Prepare("find_customers", CustomersByVisitor::kSelect);
  connection.Prepare("put_touch", TouchTable::kUpsert);
  connection.Prepare("put_response", StoredResponseTable::kUpsert);
}

// The statements that the service's command runs, one after another. Left out is only the
// shard's turn, which would make the loop's connections wait for each other.
void TouchOnce(PlainConnection& connection, const std::string& code) {
  const std::string id = NewRequestId();
  const absl::Time now = SystemClock().Now();
  const referral::domain::Touch touch{.program_id = TouchServer::kProgram,
                                      .touch_id = id,
                                      .code = code,
                                      .visitor_id = "visitor-1",
                                      .advocate_id = "advocate-1",
                                      .touch_time = now,
                                      .source = "",
                                      .campaign = ""};
  const exec::StoredResponse response{
      id, TouchServer::kProgram, "RecordTouches", std::string(16, 'f'), std::string(16, 'r'),
      now};
  connection.Run("begin", {});
  connection.Run("find_response",
                 StoredResponseTable::KeyParams(StoredResponseTable::KeyOf(response)));
  connection.Run("find_versions", VersionsOfProgram::KeyParams(TouchServer::kProgram));
  connection.Run("find_program_key", ProgramKeyTable::KeyParams(TouchServer::kProgram));
  connection.Run("find_touch", TouchTable::KeyParams(TouchTable::KeyOf(touch)));
  connection.Run("find_code", CodeTable::KeyParams({TouchServer::kProgram, code}));
  connection.Run("find_customers",
                 CustomersByVisitor::KeyParams({TouchServer::kProgram, touch.visitor_id}));
  connection.Run("put_touch", TouchTable::Encode(touch));
  connection.Run("put_response", StoredResponseTable::Encode(response));
  connection.Run("commit", {});
}

}  // namespace

std::vector<Row> PostgresRows(const Settings& settings) {
  test::PostgresCluster& cluster = test::PostgresCluster::Shared();
  TouchServer server(cluster.NewDatabaseUrl());
  // The other database gets its tables, program and code from a service too.
  const std::string plain_url = cluster.NewDatabaseUrl();
  std::string plain_code;
  {
    TouchServer other(plain_url);
    plain_code = other.code();
    other.process().Terminate();
  }
  const Load load = server.TouchLoad();
  std::vector<double> service, plain, ratios;
  ClosedLoop(load, kInFlight, settings.round / 3);
  for (int i = 0; i < settings.rounds; ++i) {
    const LoadResult result = ClosedLoop(load, kInFlight, settings.round);
    RequireNoFailures(result);
    service.push_back(result.calls_per_second);
    plain.push_back(
        PlainLoop(plain_url, kWriters, settings.round, PrepareAll,
                  [&](PlainConnection& connection) { TouchOnce(connection, plain_code); }));
    ratios.push_back(service.back() / plain.back());
  }
  return {{"pg_vs_per_request", Median(ratios), "ratio", 4.0, std::nullopt,
           absl::StrFormat("%.0f durable/s with %d in flight; plain loop on %d connections "
                           "%.0f/s",
                           Median(service), kInFlight, kWriters, Median(plain))}};
}

}  // namespace kith::bench
