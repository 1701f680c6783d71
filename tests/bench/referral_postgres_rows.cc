// Leads and payments on PostgreSQL under the full rule set, against the textbook shape: one
// request is one transaction that looks whether the request was seen, inserts the referral,
// two rewards and their ledger entries, and moves the balances.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/load_generator.h"
#include "tests/bench/plain_postgres.h"
#include "tests/bench/require.h"
#include "tests/bench/rows.h"
#include "tests/bench/stories.h"
#include "tests/support/postgres_cluster.h"

namespace kith::bench {
namespace {

constexpr int kInFlight = 64;
constexpr int kConnections = 4;  // as many as the service has for writing
constexpr int64_t kFirstCustomers = 10'000;

constexpr char kSchema[] = R"sql(
CREATE TABLE request (request_id TEXT PRIMARY KEY, response TEXT NOT NULL);
CREATE TABLE referral (program_id TEXT, referral_id TEXT, advocate_id TEXT NOT NULL,
  referee TEXT NOT NULL, submitted_time BIGINT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (program_id, referral_id), UNIQUE (program_id, referee));
CREATE INDEX referral_by_advocate ON referral (program_id, advocate_id);
CREATE TABLE reward (program_id TEXT, reward_id TEXT, referral_id TEXT NOT NULL,
  recipient_id TEXT NOT NULL, amount_minor BIGINT NOT NULL, currency TEXT NOT NULL,
  state TEXT NOT NULL, PRIMARY KEY (program_id, reward_id));
CREATE INDEX reward_by_recipient ON reward (program_id, recipient_id);
CREATE TABLE ledger_entry (entry_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id TEXT NOT NULL, reward_id TEXT NOT NULL, account TEXT NOT NULL,
  amount_minor BIGINT NOT NULL);
CREATE INDEX ledger_by_reward ON ledger_entry (program_id, reward_id);
CREATE TABLE balance (program_id TEXT, account TEXT, amount_minor BIGINT NOT NULL,
  PRIMARY KEY (program_id, account));
INSERT INTO balance VALUES ('bench', 'expense', 0), ('bench', 'liability', 0);
)sql";

void PrepareAll(PlainConnection& connection) {
  connection.Prepare("begin", "BEGIN");
  connection.Prepare("commit", "COMMIT");
  connection.Prepare("find_request", "SELECT response FROM request WHERE request_id = $1");
  connection.Prepare("put_request", "INSERT INTO request VALUES ($1, $2)");
  connection.Prepare("put_referral",
                     "INSERT INTO referral VALUES ($1, $2, $3, $4, 0, 'converted')");
  connection.Prepare("put_reward",
                     "INSERT INTO reward VALUES ($1, $2, $3, $4, 2500, 'USD', 'held')");
  connection.Prepare("put_entry",
                     "INSERT INTO ledger_entry (program_id, reward_id, account, amount_minor) "
                     "VALUES ($1, $2, $3, 2500)");
  connection.Prepare("move_balance",
                     "UPDATE balance SET amount_minor = amount_minor + 2500 "
                     "WHERE program_id = $1 AND account = $2");
}

void ReferOnce(PlainConnection& connection) {
  const std::string id = NewRequestId();
  const std::string program = StoryServer::kProgram;
  connection.Run("begin", {});
  connection.Run("find_request", {id});
  connection.Run("put_referral", {program, id, AdvocateOf(id.back()), id + "@home.example"});
  for (const char* side : {"referrer", "referee"}) {
    const std::string reward = absl::StrCat(id, ":", side);
    connection.Run("put_reward", {program, reward, id, AdvocateOf(id.back())});
    for (const char* account : {"expense", "liability"}) {
      connection.Run("put_entry", {program, reward, std::string(account)});
    }
  }
  for (const char* account : {"expense", "liability"}) {
    connection.Run("move_balance", {program, std::string(account)});
  }
  connection.Run("put_request", {id, std::string("done")});
  connection.Run("commit", {});
}

Row ToRow(const std::string& name, const std::vector<double>& service,
          const std::vector<double>& plain) {
  std::vector<double> ratios;
  for (size_t i = 0; i < service.size(); ++i) ratios.push_back(service[i] / plain[i]);
  return {
      name,
      Median(ratios),
      "ratio",
      8.0,
      std::nullopt,
      absl::StrFormat("%.0f durable/s with %d in flight; textbook on %d connections %.0f/s",
                      Median(service), kInFlight, kConnections, Median(plain))};
}

}  // namespace

std::vector<Row> ReferralPostgresRows(const Settings& settings) {
  test::PostgresCluster& cluster = test::PostgresCluster::Shared();
  StoryServer server(cluster.NewDatabaseUrl());
  const std::string plain_url = cluster.NewDatabaseUrl();
  PlainConnection(plain_url).Script(kSchema);
  server.SignUp(kFirstCustomers);
  ClosedLoop(server.Leads(1), kInFlight, settings.round / 3);
  double expected =
      ClosedLoop(server.Payments(1), kInFlight, absl::Milliseconds(200)).calls_per_second;
  std::vector<double> leads, payments, plain;
  for (int i = 0; i < settings.rounds; ++i) {
    server.SignUp(static_cast<int64_t>(2 * expected * absl::ToDoubleSeconds(settings.round)));
    const LoadResult submitted = ClosedLoop(server.Leads(1), kInFlight, settings.round);
    const LoadResult paid = ClosedLoop(server.Payments(1), kInFlight, settings.round);
    RequireNoFailures(submitted);
    RequireNoFailures(paid);
    leads.push_back(submitted.calls_per_second);
    payments.push_back(paid.calls_per_second);
    plain.push_back(PlainLoop(plain_url, kConnections, settings.round, PrepareAll, ReferOnce));
    expected = paid.calls_per_second;
  }
  return {ToRow("pg_submit_vs_textbook", leads, plain),
          ToRow("pg_convert_vs_textbook", payments, plain)};
}

}  // namespace kith::bench
