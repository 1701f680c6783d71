// One SQLite connection with its prepared statements.
#ifndef KITH_COMMON_DB_SQLITE_CONNECTION_H_
#define KITH_COMMON_DB_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"

namespace kith::db {

// Used by one thread at a time.
class SqliteConnection {
 public:
  enum class Mode { kWrite, kRead };

  // Opens and configures a connection, and checks that the settings which durability rests
  // on took effect. A reader needs an existing file.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path,
                                                                Mode mode);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // For the pool: a file is never lost the way a network connection is.
  bool Usable() const { return true; }

  // From now on waits for another process's lock, and runs statements, until `deadline`.
  void SetDeadline(absl::Time deadline);

  // Runs one statement to its end. Rows are kept only when `want_rows`.
  absl::StatusOr<Result> Run(absl::string_view sql, const Params& params, bool want_rows);
  // Runs a statement without parameters or rows.
  absl::Status Control(absl::string_view sql);
  // Runs several statements without parameters.
  absl::Status Script(absl::string_view sql);
  // Writes a consistent copy to `path`, which must not exist.
  absl::Status CopyTo(const std::string& path);
  // Ends the open transaction, if any, undoing it.
  void Rollback();

 private:
  struct Statement {
    ~Statement() { sqlite3_finalize(handle); }
    sqlite3_stmt* handle = nullptr;
    std::vector<int> ordinals;  // of SQLite's parameter i + 1: the n of `$n`
    int params = 0;             // the greatest n
  };

  explicit SqliteConnection(sqlite3* db) : db_(db) {}
  absl::Status Configure(Mode mode);
  absl::Status Expect(absl::string_view pragma, absl::string_view value);
  absl::StatusOr<Statement*> Prepare(absl::string_view sql);
  absl::Status NumberParameters(absl::string_view sql, Statement& statement);
  absl::Status Bind(Statement& statement, absl::string_view sql, const Params& params);
  absl::Status Error(absl::string_view what) const;
  static int OnProgress(void* self);

  sqlite3* const db_;
  absl::Time deadline_ = absl::InfiniteFuture();
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
  // The last statement used, because batches repeat one text many times.
  absl::string_view last_sql_;
  Statement* last_ = nullptr;
};

}  // namespace kith::db

#endif  // KITH_COMMON_DB_SQLITE_CONNECTION_H_
