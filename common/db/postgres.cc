#include "common/db/postgres.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/db/pg_connection.h"
#include "common/db/pool.h"

namespace kith::db {
namespace {

using PgPool = Pool<PgConnection>;

constexpr absl::string_view kBeginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
constexpr absl::string_view kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// A new table has no statistics until autovacuum comes by, a minute later at best. Until then
// all its indexes look alike, and a look-up by a unique key may walk along all rows of a
// program instead.
constexpr absl::string_view kGrownTable =
    "SELECT format('ANALYZE %I.%I', t.schemaname, t.relname) FROM pg_stat_user_tables t "
    "JOIN pg_class c ON c.oid = t.relid "
    "WHERE t.n_live_tup > 2 * GREATEST(c.reltuples, 0) + 100 "
    "AND pg_has_role(c.relowner, 'USAGE') ORDER BY random() LIMIT 1";
// Who waits for a table's lock keeps others from it; there is another time, or another table.
constexpr absl::string_view kBriefly = "SET LOCAL lock_timeout = '1s'";

// Both kinds of transaction; `begin` makes the difference.
class PgTransaction final : public WriteTransaction {
 public:
  PgTransaction(PgPool::Lease connection, absl::string_view begin, absl::Time deadline)
      : connection_(std::move(connection)), begin_(begin), deadline_(deadline) {}
  ~PgTransaction() override { End(); }

  absl::StatusOr<std::vector<Result>> QueryMany(absl::Span<const Call> calls) override {
    if (calls.empty()) return std::vector<Result>();
    return Run({.calls = calls, .want_rows = true});
  }

  absl::StatusOr<std::vector<int64_t>> ExecuteMany(absl::Span<const Call> calls) override {
    std::vector<int64_t> affected;
    if (calls.empty()) return affected;
    KITH_ASSIGN_OR_RETURN(std::vector<Result> results, Run({.calls = calls}));
    affected.reserve(results.size());
    for (const Result& result : results) affected.push_back(result.affected);
    return affected;
  }

  absl::Status Commit(absl::Span<const Call> last) override {
    if (!over_ && !begun_ && last.empty()) {
      End();
      return absl::OkStatus();
    }
    KITH_RETURN_IF_ERROR(Run({.calls = last, .commit = true}).status());
    End();
    return absl::OkStatus();
  }

  // Runs a script; for migrations.
  absl::Status Script(absl::string_view sql) {
    if (!begun_) KITH_RETURN_IF_ERROR(Run({}).status());
    const absl::Status status = connection_->Script(sql);
    if (!status.ok()) End();
    return status;
  }

 private:
  absl::StatusOr<std::vector<Result>> Run(PgBatch batch) {
    if (over_) return absl::InternalError("postgres: the transaction is over");
    if (!begun_) batch.begin = begin_;
    begun_ = true;
    absl::StatusOr<std::vector<Result>> results = connection_->Run(batch, deadline_);
    if (!results.ok()) End();
    return results;
  }

  void End() {
    if (over_) return;
    over_ = true;
    if (begun_) connection_->EndLater();
    connection_.Release();
  }

  PgPool::Lease connection_;
  const absl::string_view begin_;
  const absl::Time deadline_;
  bool begun_ = false;
  bool over_ = false;
};

class PgDatabase final : public Database {
 public:
  PgDatabase(const std::string& url, const OpenOptions& options)
      : writers_(options.write_connections, Opener(url)),
        readers_(options.read_connections, Opener(url)),
        keeper_(1, Opener(url)) {}

  // Connects once, to find a wrong URL at the start.
  absl::Status Check() { return writers_.Acquire(absl::InfiniteFuture()).status(); }

  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite(absl::Time deadline) override {
    KITH_ASSIGN_OR_RETURN(PgPool::Lease connection, writers_.Acquire(deadline));
    return std::make_unique<PgTransaction>(std::move(connection), kBeginWrite, deadline);
  }

  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead(absl::Time deadline) override {
    KITH_ASSIGN_OR_RETURN(PgPool::Lease connection, readers_.Acquire(deadline));
    return std::make_unique<PgTransaction>(std::move(connection), kBeginRead, deadline);
  }

  absl::Status RunScript(absl::Span<const Call> before, absl::string_view sql) override {
    KITH_ASSIGN_OR_RETURN(PgPool::Lease connection, writers_.Acquire(absl::InfiniteFuture()));
    PgTransaction transaction(std::move(connection), kBeginWrite, absl::InfiniteFuture());
    KITH_RETURN_IF_ERROR(transaction.ExecuteMany(before).status());
    KITH_RETURN_IF_ERROR(transaction.Script(sql));
    return transaction.Commit({});
  }

  absl::Status Backup(const std::string&) override {
    return absl::UnimplementedError("use pg_dump or the server's own backup");
  }

  absl::StatusOr<bool> RefreshStatistics(absl::Time deadline) override {
    KITH_ASSIGN_OR_RETURN(PgPool::Lease connection, keeper_.Acquire(deadline));
    PgTransaction transaction(std::move(connection), kBeginWrite, deadline);
    KITH_ASSIGN_OR_RETURN(const Result grown, transaction.Query(kGrownTable));
    if (grown.rows.empty()) return false;
    const std::vector<Call> analyze = {{kBriefly, {}}, {grown.rows[0].Text(0), {}}};
    KITH_RETURN_IF_ERROR(transaction.Commit(analyze));
    return true;
  }

  absl::string_view backend() const override { return "postgres"; }

 private:
  static PgPool::Factory Opener(const std::string& url) {
    return [url](absl::Time deadline) { return PgConnection::Open(url, deadline); };
  }

  PgPool writers_;
  PgPool readers_;
  PgPool keeper_;  // of statistics; connects when first used
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(absl::string_view url,
                                                       const OpenOptions& options) {
  const std::string text(url);
  KITH_RETURN_IF_ERROR(PgConnection::CheckUrl(text));
  auto database = std::make_unique<PgDatabase>(text, options);
  KITH_RETURN_IF_ERROR(database->Check());
  return database;
}

}  // namespace kith::db
