#include "common/db/sqlite_connection.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/base/call_once.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace kith::db {
namespace {

constexpr absl::Duration kLongestWait = absl::Seconds(30);
constexpr int kProgressSteps = 4000;  // virtual machine steps between looks at the clock

// The counters of SQLite's allocator cost a process-wide lock on each allocation.
void ConfigureLibrary() {
  static absl::once_flag once;
  absl::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

absl::StatusCode CodeOf(int rc) {
  switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return absl::StatusCode::kAlreadyExists;
    default:
      break;
  }
  switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::StatusCode::kAborted;
    case SQLITE_CONSTRAINT:
      return absl::StatusCode::kFailedPrecondition;
    case SQLITE_INTERRUPT:
      return absl::StatusCode::kDeadlineExceeded;
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

Value ReadColumn(sqlite3_stmt* stmt, int i) {
  switch (sqlite3_column_type(stmt, i)) {
    case SQLITE_INTEGER:
      return int64_t{sqlite3_column_int64(stmt, i)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(stmt, i);
    case SQLITE_TEXT: {
      const char* text = reinterpret_cast<const char*>(sqlite3_column_text(stmt, i));
      return std::string(text, sqlite3_column_bytes(stmt, i));
    }
    case SQLITE_BLOB: {
      const char* bytes = static_cast<const char*>(sqlite3_column_blob(stmt, i));
      const size_t size = sqlite3_column_bytes(stmt, i);
      return Blob{size == 0 ? std::string() : std::string(bytes, size)};
    }
    default:
      return Null();
  }
}

Row ReadRow(sqlite3_stmt* stmt) {
  const int columns = sqlite3_data_count(stmt);
  std::vector<Value> values;
  values.reserve(columns);
  for (int i = 0; i < columns; ++i) values.push_back(ReadColumn(stmt, i));
  return Row(std::move(values));
}

// The parameters outlive the statement's run and are bound anew for the next, so nothing
// needs to be copied.
struct Binder {
  sqlite3_stmt* stmt;
  int index;
  int operator()(Null) const { return sqlite3_bind_null(stmt, index); }
  int operator()(int64_t value) const { return sqlite3_bind_int64(stmt, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(stmt, index, value); }
  int operator()(const std::string& value) const {
    return sqlite3_bind_text64(stmt, index, value.data(), value.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  int operator()(const Blob& value) const {
    return sqlite3_bind_blob64(stmt, index, value.bytes.data(), value.bytes.size(),
                               SQLITE_STATIC);
  }
};

bool HasNul(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  return text != nullptr && std::memchr(text->data(), '\0', text->size()) != nullptr;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(
    const std::string& path, Mode mode) {
  ConfigureLibrary();
  const int access =
      mode == Mode::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* db = nullptr;
  const int rc = sqlite3_open_v2(path.c_str(), &db, access | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(db));
  if (rc != SQLITE_OK) return connection->Error("open");
  sqlite3_extended_result_codes(db, 1);
  KITH_RETURN_IF_ERROR(connection->Configure(mode));
  return connection;
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close_v2(db_);
}

absl::Status SqliteConnection::Configure(Mode mode) {
  SetDeadline(absl::InfiniteFuture());
  sqlite3_progress_handler(db_, kProgressSteps, &OnProgress, this);
  if (mode == Mode::kWrite) {
    // The log grows to 16 MB before a commit pays for moving it into the file. The page
    // cache takes memory only as pages are used.
    KITH_RETURN_IF_ERROR(
        Script("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=4000;"
               "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32000;"));
  } else {
    KITH_RETURN_IF_ERROR(Script("PRAGMA cache_size=-4000;"));
  }
  KITH_RETURN_IF_ERROR(
      Script("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"));
  KITH_RETURN_IF_ERROR(Expect("PRAGMA journal_mode", "wal"));
  KITH_RETURN_IF_ERROR(Expect("PRAGMA synchronous", "2"));
  return Expect("PRAGMA foreign_keys", "1");
}

absl::Status SqliteConnection::Expect(absl::string_view pragma, absl::string_view value) {
  KITH_ASSIGN_OR_RETURN(Result result, Run(pragma, {}, /*want_rows=*/true));
  if (result.rows.size() == 1) {
    const Row& row = result.rows[0];
    const std::string text = row.Text(0).empty() ? absl::StrCat(row.Int(0)) : row.Text(0);
    if (text == value) return absl::OkStatus();
  }
  return absl::InternalError(absl::StrCat("sqlite: ", pragma, " is not ", value));
}

void SqliteConnection::SetDeadline(absl::Time deadline) {
  deadline_ = deadline;
  const absl::Duration wait =
      std::clamp(deadline - SystemClock().Now(), absl::ZeroDuration(), kLongestWait);
  sqlite3_busy_timeout(db_, static_cast<int>(absl::ToInt64Milliseconds(wait)));
}

int SqliteConnection::OnProgress(void* self) {
  const absl::Time deadline = static_cast<SqliteConnection*>(self)->deadline_;
  return deadline != absl::InfiniteFuture() && SystemClock().Now() >= deadline;
}

absl::StatusOr<Result> SqliteConnection::Run(absl::string_view sql, const Params& params,
                                             bool want_rows) {
  KITH_ASSIGN_OR_RETURN(Statement * statement, Prepare(sql));
  KITH_RETURN_IF_ERROR(Bind(*statement, sql, params));
  sqlite3_stmt* const stmt = statement->handle;
  const int64_t changes = sqlite3_total_changes64(db_);
  Result result;
  int rc;
  while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
    if (want_rows) result.rows.push_back(ReadRow(stmt));
  }
  // The message is that of the step only before the reset.
  absl::Status status = rc == SQLITE_DONE ? absl::OkStatus() : Error(sql);
  sqlite3_reset(stmt);
  if (!status.ok()) return status;
  // SELECT and DDL leave the last statement's count behind.
  if (sqlite3_total_changes64(db_) != changes) result.affected = sqlite3_changes64(db_);
  return result;
}

absl::Status SqliteConnection::Control(absl::string_view sql) {
  return Run(sql, {}, /*want_rows=*/false).status();
}

absl::Status SqliteConnection::Script(absl::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Error("script");
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::CopyTo(const std::string& path) {
  sqlite3* target = nullptr;
  int rc = sqlite3_open_v2(path.c_str(), &target,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                           nullptr);
  SqliteConnection copy(target);
  if (rc != SQLITE_OK) return copy.Error("open the copy");
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", db_, "main");
  if (backup == nullptr) return copy.Error("begin the copy");
  sqlite3_backup_step(backup, -1);
  rc = sqlite3_backup_finish(backup);
  return rc == SQLITE_OK ? absl::OkStatus() : copy.Error("copy");
}

void SqliteConnection::Rollback() {
  SetDeadline(absl::InfiniteFuture());
  if (sqlite3_get_autocommit(db_) == 0) Control("ROLLBACK").IgnoreError();
}

absl::StatusOr<SqliteConnection::Statement*> SqliteConnection::Prepare(absl::string_view sql) {
  // The text at this address may have changed since, so the address alone proves nothing.
  if (last_ != nullptr && sql == last_sql_) return last_;
  auto it = statements_.find(sql);
  if (it == statements_.end()) {
    auto statement = std::make_unique<Statement>();
    const char* tail = nullptr;
    const int rc = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement->handle, &tail);
    if (rc != SQLITE_OK) return Error(sql);
    const absl::string_view rest(tail, sql.data() + sql.size() - tail);
    if (statement->handle == nullptr || !absl::StripAsciiWhitespace(rest).empty()) {
      return absl::InternalError(absl::StrCat("sqlite: not one statement: ", sql));
    }
    KITH_RETURN_IF_ERROR(NumberParameters(sql, *statement));
    it = statements_.emplace(sql, std::move(statement)).first;
  }
  last_ = it->second.get();
  last_sql_ = sqlite3_sql(last_->handle);
  return last_;
}

// SQLite numbers parameters in the order of their appearance, whatever their names.
absl::Status SqliteConnection::NumberParameters(absl::string_view sql, Statement& statement) {
  const int count = sqlite3_bind_parameter_count(statement.handle);
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement.handle, i);
    int ordinal = 0;
    if (name == nullptr || name[0] != '$' || !absl::SimpleAtoi(name + 1, &ordinal) ||
        ordinal < 1) {
      return absl::InternalError(absl::StrCat("sqlite: a parameter is not $n: ", sql));
    }
    statement.ordinals.push_back(ordinal);
    statement.params = std::max(statement.params, ordinal);
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::Bind(Statement& statement, absl::string_view sql,
                                    const Params& params) {
  if (statement.params != static_cast<int>(params.size())) {
    return absl::InternalError(absl::StrCat("sqlite: ", params.size(), " parameters for ",
                                            statement.params, " in ", sql));
  }
  int index = 0;
  for (const int ordinal : statement.ordinals) {
    const Value& value = params[ordinal - 1];
    if (HasNul(value)) return absl::InvalidArgumentError("sqlite: a text with a NUL");
    if (std::visit(Binder{statement.handle, ++index}, value) != SQLITE_OK) return Error(sql);
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::Error(absl::string_view what) const {
  const int rc = sqlite3_extended_errcode(db_);
  return absl::Status(CodeOf(rc),
                      absl::StrCat("sqlite ", rc, ": ", sqlite3_errmsg(db_), " (", what, ")"));
}

}  // namespace kith::db
