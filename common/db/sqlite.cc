#include "common/db/sqlite.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/db/pool.h"
#include "common/db/sqlite_connection.h"

namespace kith::db {
namespace {

using SqlitePool = Pool<SqliteConnection>;

// See sqlite.h.
std::string Uncommented(absl::string_view script) {
  return absl::StrReplaceAll(script, {{"/* WITHOUT ROWID */", "WITHOUT ROWID"}});
}

// Both kinds of transaction; a reader's connection cannot write.
class SqliteTransaction final : public WriteTransaction {
 public:
  SqliteTransaction(SqlitePool::Lease connection, absl::Time deadline)
      : connection_(std::move(connection)), deadline_(deadline) {}
  ~SqliteTransaction() override { End(); }

  absl::StatusOr<std::vector<Result>> QueryMany(absl::Span<const Call> calls) override {
    std::vector<Result> results;
    results.reserve(calls.size());
    KITH_RETURN_IF_ERROR(RunAll(calls, /*want_rows=*/true,
                                [&](Result result) { results.push_back(std::move(result)); }));
    return results;
  }

  absl::StatusOr<std::vector<int64_t>> ExecuteMany(absl::Span<const Call> calls) override {
    std::vector<int64_t> affected;
    affected.reserve(calls.size());
    KITH_RETURN_IF_ERROR(RunAll(calls, /*want_rows=*/false, [&](const Result& result) {
      affected.push_back(result.affected);
    }));
    return affected;
  }

  absl::Status Commit(absl::Span<const Call> last) override {
    KITH_RETURN_IF_ERROR(RunAll(last, /*want_rows=*/false, [](const Result&) {}));
    const absl::Status status = connection_->Control("COMMIT");
    End();
    return status;
  }

 private:
  template <typename Take>
  absl::Status RunAll(absl::Span<const Call> calls, bool want_rows, Take take) {
    if (over_) return absl::InternalError("sqlite: the transaction is over");
    if (SystemClock().Now() >= deadline_) {
      End();
      return absl::DeadlineExceededError("sqlite: the transaction's deadline has passed");
    }
    for (const Call& call : calls) {
      absl::StatusOr<Result> result = connection_->Run(call.sql, call.params, want_rows);
      if (!result.ok()) {
        End();
        return result.status();
      }
      take(*std::move(result));
    }
    return absl::OkStatus();
  }

  void End() {
    if (over_) return;
    over_ = true;
    connection_->Rollback();
    connection_.Release();
  }

  SqlitePool::Lease connection_;
  const absl::Time deadline_;
  bool over_ = false;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const std::string& path, int readers)
      : path_(path),
        writers_(1, Opener(path, SqliteConnection::Mode::kWrite)),
        readers_(readers, Opener(path, SqliteConnection::Mode::kRead)) {}

  // Opens the writer, which creates the file.
  absl::Status Check() { return writers_.Acquire(absl::InfiniteFuture()).status(); }

  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite(absl::Time deadline) override {
    return Begin(writers_, "BEGIN IMMEDIATE", deadline);
  }

  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead(absl::Time deadline) override {
    return Begin(readers_, "BEGIN", deadline);
  }

  absl::Status RunScript(absl::Span<const Call> before, absl::string_view sql) override {
    KITH_ASSIGN_OR_RETURN(SqlitePool::Lease connection,
                          writers_.Acquire(absl::InfiniteFuture()));
    connection->SetDeadline(absl::InfiniteFuture());
    const absl::Status status = RunScriptOn(*connection, before, sql);
    connection->Rollback();
    return status;
  }

  absl::Status Backup(const std::string& path) override {
    if (access(path.c_str(), F_OK) == 0) {
      return absl::AlreadyExistsError("the backup's file exists");
    }
    // A half-written copy must not look like a backup.
    const std::string partial = absl::StrCat(path, ".partial");
    std::remove(partial.c_str());
    KITH_ASSIGN_OR_RETURN(auto source,
                          SqliteConnection::Open(path_, SqliteConnection::Mode::kRead));
    absl::Status status = source->CopyTo(partial);
    if (status.ok() && std::rename(partial.c_str(), path.c_str()) != 0) {
      status = absl::InternalError("the backup could not be renamed");
    }
    if (!status.ok()) std::remove(partial.c_str());
    return status;
  }

  // Its plans are fixed by its indexes.
  absl::StatusOr<bool> RefreshStatistics(absl::Time) override { return false; }
  absl::string_view backend() const override { return "sqlite"; }

 private:
  static SqlitePool::Factory Opener(const std::string& path, SqliteConnection::Mode mode) {
    return [path, mode](absl::Time) { return SqliteConnection::Open(path, mode); };
  }

  static absl::StatusOr<std::unique_ptr<SqliteTransaction>> Begin(SqlitePool& pool,
                                                                  absl::string_view begin,
                                                                  absl::Time deadline) {
    KITH_ASSIGN_OR_RETURN(SqlitePool::Lease connection, pool.Acquire(deadline));
    connection->SetDeadline(deadline);
    KITH_RETURN_IF_ERROR(connection->Control(begin));
    return std::make_unique<SqliteTransaction>(std::move(connection), deadline);
  }

  static absl::Status RunScriptOn(SqliteConnection& connection, absl::Span<const Call> before,
                                  absl::string_view sql) {
    KITH_RETURN_IF_ERROR(connection.Control("BEGIN IMMEDIATE"));
    for (const Call& call : before) {
      KITH_RETURN_IF_ERROR(connection.Run(call.sql, call.params, false).status());
    }
    KITH_RETURN_IF_ERROR(connection.Script(Uncommented(sql)));
    return connection.Control("COMMIT");
  }

  const std::string path_;
  // The writer goes last: its end moves the log into the file.
  SqlitePool writers_;
  SqlitePool readers_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path,
                                                     const OpenOptions& options) {
  auto database = std::make_unique<SqliteDatabase>(path, options.read_connections);
  if (const absl::Status status = database->Check(); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat(status.message(), ": ", path));
  }
  return database;
}

}  // namespace kith::db
