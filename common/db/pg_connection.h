// One PostgreSQL connection in pipeline mode with its prepared statements.
#ifndef KITH_COMMON_DB_PG_CONNECTION_H_
#define KITH_COMMON_DB_PG_CONNECTION_H_

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/db/db.h"
#include "common/db/pg_bulk.h"
#include "common/db/pg_types.h"

namespace kith::db {

// Statements that travel together: `begin` (unless empty), `calls`, and COMMIT if asked.
struct PgBatch {
  absl::string_view begin = {};
  absl::Span<const Call> calls = {};
  bool commit = false;
  bool want_rows = false;
};

// Used by one thread at a time. Never blocks in a send, so that a batch larger than the
// buffers of the network cannot deadlock with its own answers.
class PgConnection {
 public:
  // INVALID_ARGUMENT when `url` is no libpq URI. Messages never contain its password.
  static absl::Status CheckUrl(const std::string& url);
  // UNAVAILABLE when the server cannot be reached by `deadline`.
  static absl::StatusOr<std::unique_ptr<PgConnection>> Open(const std::string& url,
                                                            absl::Time deadline);
  ~PgConnection() { PQfinish(conn_); }
  PgConnection(const PgConnection&) = delete;
  PgConnection& operator=(const PgConnection&) = delete;

  // False when the connection is known to be lost. Looks at the socket; no round trip.
  bool Usable();

  // Runs a batch in one round trip; one result for each call. After an error the server
  // has done nothing of what followed, and the transaction must be ended with EndLater.
  // When the connection is lost with COMMIT under way, the error is IsCommitUnknown.
  absl::StatusOr<std::vector<Result>> Run(const PgBatch& batch, absl::Time deadline);
  // Sends ROLLBACK without waiting for the answer, which the next batch reads.
  void EndLater();
  // Runs several statements without parameters, in the open transaction.
  absl::Status Script(absl::string_view sql);

 private:
  struct Statement {
    std::string name;
    std::string sql;
    bool prepared = false;
    bool described = false;       // its types have been asked for
    std::optional<PgBulk> bulk;   // known some time after they were
    Statement* single = nullptr;  // of a bulk statement: what it stands for
  };
  // An answer that the server owes us.
  enum class Kind { kPrepare, kDescribe, kControl, kCall, kBulk, kSync };
  struct Slot {
    Kind kind;
    Statement* statement = nullptr;
    size_t call = 0;   // the first
    size_t calls = 0;  // of kBulk
  };
  // Where the answers of a batch go.
  struct Answers {
    const PgBatch* batch = nullptr;
    std::vector<Result> results;
    absl::Status error;  // the first
  };

  explicit PgConnection(PGconn* conn) : conn_(conn) {}
  absl::Status FinishConnecting();
  absl::Status Lost();

  absl::Status SendBatch(const PgBatch& batch);
  absl::Status SendTimeout();
  absl::Status SendCalls(const PgBatch& batch, size_t first, size_t count);
  // Sends calls of one statement as its bulk form; false when they must go one by one.
  absl::StatusOr<bool> TrySendBulk(const PgBatch& batch, size_t first, size_t count);
  absl::Status Describe(Statement& statement);
  absl::Status Send(absl::string_view sql, const Params& params, Kind kind, size_t call);
  absl::Status Sync();
  Statement& Find(absl::string_view sql);

  absl::Status Drain(Answers& answers);
  absl::Status Take(const Slot& slot, Answers& answers);
  void TakeResult(const Slot& slot, const PGresult* result, Answers& answers);
  absl::Status TakeRows(const Slot& slot, const PGresult* result, Answers& answers);
  void TakeTypes(Statement& statement, const PGresult* result);
  void TakeError(const Slot& slot, const PGresult* result, Answers& answers);
  absl::StatusOr<PgResult> NextResult();
  absl::Status AwaitInput();
  absl::Status PollFor(short events);
  void Cancel();

  PGconn* const conn_;
  absl::Time deadline_ = absl::InfiniteFuture();  // of the batch under way
  bool lost_ = false;
  bool retired_ = false;  // works, but is not to be used again
  int timeout_ms_ = 0;    // the session's statement_timeout
  std::vector<Slot> slots_;
  PgParams params_;
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
  Statement* last_ = nullptr;  // batches repeat one text many times
};

}  // namespace kith::db

#endif  // KITH_COMMON_DB_PG_CONNECTION_H_
