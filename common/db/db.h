// The one storage seam: a database with transactions, the same for SQLite and PostgreSQL.
//
// SQL is portable: `$1` placeholders, `ON CONFLICT`, `RETURNING`; BIGINT microseconds
// UTC, TEXT, BYTEA, DOUBLE PRECISION. `CAST(SUM(x) AS BIGINT)` because a sum of BIGINT is
// NUMERIC on PostgreSQL.
//
// Errors (absl codes; the message is for the log, never for a client):
//   ABORTED            the transaction lost a conflict (40001, 40P01, SQLITE_BUSY): run the
//                      whole of it again
//   UNAVAILABLE        no connection, or it was lost; disk full; I/O error. `IsCommitUnknown`
//                      tells whether the transaction may have been committed all the same
//   ALREADY_EXISTS     a unique constraint
//   FAILED_PRECONDITION another constraint (CHECK, NOT NULL, foreign key)
//   DEADLINE_EXCEEDED  the statement took longer than the deadline
//   INVALID_ARGUMENT   a text that no store keeps (with a NUL, or not UTF-8 on PostgreSQL)
//   INTERNAL           anything else (bad SQL, damage)
#ifndef KITH_COMMON_DB_DB_H_
#define KITH_COMMON_DB_DB_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace kith::db {

// Bytes that are not text.
struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};
// NULL.
using Null = std::monostate;

using Value = std::variant<Null, int64_t, double, std::string, Blob>;
using Params = std::vector<Value>;

// A time as the store keeps it: microseconds since 1970 UTC.
inline Value FromTime(absl::Time time) { return absl::ToUnixMicros(time); }
inline Value FromOptional(const std::optional<absl::Time>& time) {
  return time.has_value() ? FromTime(*time) : Value(Null());
}
inline Value FromBool(bool value) { return int64_t{value}; }

// One row of a result. An accessor of the wrong type returns the type's zero.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  size_t size() const { return values_.size(); }
  const Value& operator[](size_t i) const { return values_[i]; }
  bool IsNull(size_t i) const { return std::holds_alternative<Null>(values_[i]); }
  int64_t Int(size_t i) const;
  double Double(size_t i) const;  // an integer is converted
  const std::string& Text(size_t i) const;
  const std::string& Bytes(size_t i) const;
  bool Bool(size_t i) const { return Int(i) != 0; }
  absl::Time Time(size_t i) const { return absl::FromUnixMicros(Int(i)); }
  std::optional<absl::Time> OptionalTime(size_t i) const {
    return IsNull(i) ? std::nullopt : std::optional(Time(i));
  }

 private:
  std::vector<Value> values_;
};

// A statement with its parameters. The text is prepared once for each connection and kept
// by its content; it must come from a bounded set. It must outlive the call only.
struct Call {
  absl::string_view sql;
  Params params;
};

// What a statement did.
struct Result {
  std::vector<Row> rows;  // of a SELECT or RETURNING
  int64_t affected = 0;   // rows inserted, updated or deleted
};

// Reads of one snapshot. Not thread-safe. Ends with its destructor.
class ReadTransaction {
 public:
  virtual ~ReadTransaction() = default;
  // Runs the statements in order, in one round trip; one result for each. On an error the
  // transaction is over.
  virtual absl::StatusOr<std::vector<Result>> QueryMany(absl::Span<const Call> calls) = 0;
  // One statement.
  absl::StatusOr<Result> Query(absl::string_view sql, Params params = {});
};

// A transaction that writes. Rolled back by its destructor unless committed.
class WriteTransaction : public ReadTransaction {
 public:
  // Like QueryMany, for statements whose rows do not matter: returns the numbers of
  // affected rows.
  virtual absl::StatusOr<std::vector<int64_t>> ExecuteMany(absl::Span<const Call> calls) = 0;
  absl::StatusOr<int64_t> Execute(absl::string_view sql, Params params = {});
  // Runs `last` and commits, all in one round trip. Afterwards the transaction is over.
  virtual absl::Status Commit(absl::Span<const Call> last) = 0;
  absl::Status Commit() { return Commit({}); }
};

// A database. Thread-safe. Outlives its transactions.
class Database {
 public:
  virtual ~Database() = default;
  // Waits for a connection until `deadline` (then UNAVAILABLE), which is also the deadline
  // of the transaction's statements. SQLite has one writer at a time.
  virtual absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite(
      absl::Time deadline) = 0;
  virtual absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead(absl::Time deadline) = 0;
  // Runs `before` and then a script of several statements (no parameters), in one
  // transaction of its own without a deadline. For migrations.
  virtual absl::Status RunScript(absl::Span<const Call> before, absl::string_view sql) = 0;
  absl::Status RunScript(absl::string_view sql) { return RunScript({}, sql); }
  // Writes a consistent copy to a new file (SQLite) or fails with UNIMPLEMENTED.
  virtual absl::Status Backup(const std::string& path) = 0;
  // Has the store look again at a table that has more than doubled since it last did, so that
  // it plans statements for a table of that size. False when there is none, which costs
  // little; always on SQLite.
  virtual absl::StatusOr<bool> RefreshStatistics(absl::Time deadline) = 0;
  // "sqlite" or "postgres".
  virtual absl::string_view backend() const = 0;
};

struct OpenOptions {
  int write_connections = 4;  // PostgreSQL; SQLite always has one
  int read_connections = 4;
};

// Opens `sqlite:PATH` or `postgres://…`/`postgresql://…` (a libpq URI). Creates the file.
// INVALID_ARGUMENT for another scheme; UNAVAILABLE when it cannot be reached.
absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view url,
                                               const OpenOptions& options = {});

// Whether `status`, of a failed Commit, leaves open if the transaction was committed.
bool IsCommitUnknown(const absl::Status& status);
// Marks `status` so.
absl::Status MarkCommitUnknown(absl::Status status);
// Whether running the whole transaction again may succeed: ABORTED or UNAVAILABLE.
bool IsRetryable(const absl::Status& status);

}  // namespace kith::db

#endif  // KITH_COMMON_DB_DB_H_
