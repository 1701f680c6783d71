#include "common/db/pg_connection.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace kith::db {
namespace {

// A cancelled statement has this long to answer before the connection is given up.
constexpr absl::Duration kCancelGrace = absl::Seconds(2);
constexpr absl::Duration kConnectTimeout = absl::Seconds(10);
constexpr int kMaxParams = 65535;
// From this many calls on, one statement over arrays is cheaper.
constexpr size_t kMinBulk = 4;

// The session's statement_timeout is only a backstop for a client that died, so it is
// rounded up: most batches then find it as they need it.
int TimeoutMs(absl::Duration left) {
  for (const int ms : {1000, 2000, 5000, 10000, 30000, 60000, 300000}) {
    if (left <= absl::Milliseconds(ms)) return ms;
  }
  return 0;
}

// What every session must have, whatever the server's defaults: an acknowledged commit is on
// disk, and a client that went away without a word holds its locks (a shard's turn, say) for
// seconds, not hours. What the URL's own `options` say comes later and so holds.
constexpr absl::string_view kSessionOptions =
    "-c synchronous_commit=on -c idle_in_transaction_session_timeout=15000 "
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

// kSessionOptions, followed by the `options` of the URL.
std::string SessionOptions(const std::string& url) {
  std::string text(kSessionOptions);
  PQconninfoOption* const options = PQconninfoParse(url.c_str(), nullptr);
  for (const PQconninfoOption* o = options; o != nullptr && o->keyword != nullptr; ++o) {
    if (absl::string_view(o->keyword) == "options" && o->val != nullptr) {
      absl::StrAppend(&text, " ", o->val);
    }
  }
  PQconninfoFree(options);
  return text;
}

// What may be said about a failed connection: the reason, without the password.
std::string ConnectFailure(PGconn* conn) {
  std::string text = PQerrorMessage(conn);
  const char* password = PQpass(conn);
  if (password != nullptr && password[0] != '\0') {
    text = absl::StrReplaceAll(text, {{password, "***"}});
  }
  return absl::StrCat("postgres: cannot connect: ", text);
}

void IgnoreNotice(void*, const PGresult*) {}

}  // namespace

absl::Status PgConnection::CheckUrl(const std::string& url) {
  char* text = nullptr;
  PQconninfoOption* const options = PQconninfoParse(url.c_str(), &text);
  PQfreemem(text);  // quotes the URL
  if (options == nullptr) {
    return absl::InvalidArgumentError("postgres: the store's URL is not valid");
  }
  PQconninfoFree(options);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<PgConnection>> PgConnection::Open(const std::string& url,
                                                                 absl::Time deadline) {
  KITH_RETURN_IF_ERROR(CheckUrl(url));
  // What stands before the URL it may override; what stands after it may not.
  const char* const keys[] = {"tcp_user_timeout", "fallback_application_name",
                              "dbname",           "client_encoding",
                              "options",          nullptr};
  const std::string session = SessionOptions(url);
  const char* const values[] = {"15000", "kith",          url.c_str(),
                                "UTF8",  session.c_str(), nullptr};
  std::unique_ptr<PgConnection> connection(
      new PgConnection(PQconnectStartParams(keys, values, /*expand_dbname=*/1)));
  connection->deadline_ = std::min(deadline, SystemClock().Now() + kConnectTimeout);
  KITH_RETURN_IF_ERROR(connection->FinishConnecting());
  PGconn* const conn = connection->conn_;
  PQsetNoticeReceiver(conn, &IgnoreNotice, nullptr);
  if (PQsetnonblocking(conn, 1) != 0 || PQenterPipelineMode(conn) != 1) {
    return absl::UnavailableError("postgres: no pipeline mode");
  }
  return connection;
}

absl::Status PgConnection::FinishConnecting() {
  if (conn_ == nullptr) return absl::UnavailableError("postgres: out of memory");
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  if (PQstatus(conn_) == CONNECTION_BAD) state = PGRES_POLLING_FAILED;
  while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
    if (!PollFor(state == PGRES_POLLING_READING ? POLLIN : POLLOUT).ok()) {
      return absl::UnavailableError("postgres: the server did not answer in time");
    }
    state = PQconnectPoll(conn_);
  }
  if (state != PGRES_POLLING_OK) return absl::UnavailableError(ConnectFailure(conn_));
  return absl::OkStatus();
}

absl::Status PgConnection::Lost() {
  lost_ = true;
  slots_.clear();
  return absl::UnavailableError("postgres: the connection was lost");
}

bool PgConnection::Usable() {
  // A dead server's farewell and the end of the stream may come one after the other.
  for (int i = 0; i < 3 && !lost_; ++i) {
    pollfd socket{PQsocket(conn_), POLLIN, 0};
    if (poll(&socket, 1, 0) <= 0) break;
    if (PQconsumeInput(conn_) == 0) lost_ = true;
  }
  return !lost_ && !retired_ && PQstatus(conn_) == CONNECTION_OK;
}

absl::StatusOr<std::vector<Result>> PgConnection::Run(const PgBatch& batch,
                                                      absl::Time deadline) {
  if (lost_) return Lost();
  if (SystemClock().Now() >= deadline) {
    return absl::DeadlineExceededError("postgres: the transaction's deadline has passed");
  }
  deadline_ = deadline;
  Answers answers;
  answers.batch = &batch;
  answers.results.resize(batch.calls.size());
  // A call that cannot be sent leaves out the rest, COMMIT included; the others' answers
  // still have to be read.
  const absl::Status sent = SendBatch(batch);
  absl::Status status = Sync();
  if (status.ok()) status = Drain(answers);
  if (!status.ok()) lost_ = true;
  if (status.ok()) status = sent.ok() ? answers.error : sent;
  const bool in_doubt = lost_ || (sent.ok() && absl::IsUnavailable(status));
  if (!status.ok() && batch.commit && in_doubt) {
    return MarkCommitUnknown(
        lost_ ? absl::UnavailableError("postgres: the connection was lost during COMMIT")
              : status);
  }
  if (!status.ok()) return status;
  return std::move(answers.results);
}

void PgConnection::EndLater() {
  if (lost_ || PQtransactionStatus(conn_) == PQTRANS_IDLE) return;
  static const Params* const kNone = new Params();
  if (!Send("ROLLBACK", *kNone, Kind::kControl, 0).ok() || !Sync().ok() ||
      PQflush(conn_) < 0) {
    lost_ = true;
  }
}

absl::Status PgConnection::Script(absl::string_view sql) {
  if (lost_ || PQexitPipelineMode(conn_) != 1) return Lost();
  const std::string text(sql);
  PgResult result(PQexec(conn_, text.c_str()));
  absl::Status status;
  if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) {
    status = PgError(result.get(), "script");
  }
  if (PQstatus(conn_) != CONNECTION_OK || PQenterPipelineMode(conn_) != 1) return Lost();
  return status;
}

absl::Status PgConnection::SendBatch(const PgBatch& batch) {
  static const Params* const kNone = new Params();
  if (!batch.begin.empty()) {
    KITH_RETURN_IF_ERROR(SendTimeout());
    KITH_RETURN_IF_ERROR(Send(batch.begin, *kNone, Kind::kControl, 0));
  }
  for (size_t first = 0; first < batch.calls.size();) {
    size_t end = first + 1;
    while (end < batch.calls.size() && batch.calls[end].sql == batch.calls[first].sql) ++end;
    KITH_RETURN_IF_ERROR(SendCalls(batch, first, end - first));
    first = end;
  }
  if (batch.commit) return Send("COMMIT", *kNone, Kind::kControl, 0);
  return absl::OkStatus();
}

absl::Status PgConnection::SendCalls(const PgBatch& batch, size_t first, size_t count) {
  KITH_ASSIGN_OR_RETURN(const bool sent, TrySendBulk(batch, first, count));
  if (sent) return absl::OkStatus();
  for (size_t i = first; i < first + count; ++i) {
    const Call& call = batch.calls[i];
    KITH_RETURN_IF_ERROR(Send(call.sql, call.params, Kind::kCall, i));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> PgConnection::TrySendBulk(const PgBatch& batch, size_t first,
                                               size_t count) {
  // The number of rows that each call affected is known only one by one.
  if (count < kMinBulk || !(batch.want_rows || batch.commit)) return false;
  Statement& statement = Find(batch.calls[first].sql);
  if (!statement.prepared) return false;
  if (!statement.described) {
    KITH_RETURN_IF_ERROR(Describe(statement));
    return false;
  }
  if (!statement.bulk.has_value() || statement.bulk->is_select() != batch.want_rows) {
    return false;
  }
  const auto arrays = statement.bulk->Encode(batch.calls.subspan(first, count));
  if (!arrays.has_value()) return false;
  Find(statement.bulk->sql()).single = &statement;
  KITH_RETURN_IF_ERROR(Send(statement.bulk->sql(), *arrays, Kind::kBulk, first));
  slots_.back().calls = count;
  return true;
}

absl::Status PgConnection::Describe(Statement& statement) {
  if (PQsendDescribePrepared(conn_, statement.name.c_str()) != 1) return Lost();
  statement.described = true;
  slots_.push_back({Kind::kDescribe, &statement});
  return absl::OkStatus();
}

absl::Status PgConnection::SendTimeout() {
  const int ms = TimeoutMs(deadline_ - SystemClock().Now());
  if (ms == timeout_ms_) return absl::OkStatus();
  timeout_ms_ = ms;
  // Its own Sync, or the transaction's rollback would undo the setting.
  KITH_RETURN_IF_ERROR(
      Send(absl::StrCat("SET statement_timeout = ", ms), {}, Kind::kControl, 0));
  return Sync();
}

absl::Status PgConnection::Send(absl::string_view sql, const Params& params, Kind kind,
                                size_t call) {
  if (params.size() > kMaxParams) return absl::InternalError("postgres: 65535 parameters");
  KITH_RETURN_IF_ERROR(params_.Encode(params));
  Statement& statement = Find(sql);
  if (!statement.prepared) {
    if (PQsendPrepare(conn_, statement.name.c_str(), statement.sql.c_str(), 0, nullptr) != 1) {
      return Lost();
    }
    // Holds for the rest of the pipeline; taken back when the answer is an error.
    statement.prepared = true;
    slots_.push_back({Kind::kPrepare, &statement});
  }
  if (PQsendQueryPrepared(conn_, statement.name.c_str(), params_.count(), params_.values(),
                          params_.lengths(), params_.formats(), /*resultFormat=*/1) != 1) {
    return Lost();
  }
  slots_.push_back({kind, &statement, call});
  return absl::OkStatus();
}

absl::Status PgConnection::Sync() {
  if (lost_ || PQpipelineSync(conn_) != 1) return Lost();
  slots_.push_back({Kind::kSync});
  return absl::OkStatus();
}

PgConnection::Statement& PgConnection::Find(absl::string_view sql) {
  if (last_ != nullptr && last_->sql == sql) return *last_;
  std::unique_ptr<Statement>& entry = statements_[sql];
  if (entry == nullptr) {
    entry = std::make_unique<Statement>();
    entry->name = absl::StrCat("k", statements_.size());
    entry->sql = std::string(sql);
  }
  last_ = entry.get();
  return *last_;
}

absl::Status PgConnection::Drain(Answers& answers) {
  for (const Slot& slot : slots_) {
    KITH_RETURN_IF_ERROR(Take(slot, answers));
  }
  slots_.clear();
  return absl::OkStatus();
}

absl::Status PgConnection::Take(const Slot& slot, Answers& answers) {
  KITH_ASSIGN_OR_RETURN(PgResult result, NextResult());
  if (result == nullptr) return absl::UnavailableError("postgres: an answer is missing");
  const bool is_sync = PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
  if (is_sync != (slot.kind == Kind::kSync)) {
    return absl::UnavailableError("postgres: the connection was lost");
  }
  if (is_sync) return absl::OkStatus();
  TakeResult(slot, result.get(), answers);
  KITH_ASSIGN_OR_RETURN(result, NextResult());
  // libpq ends each statement's answers so; anything else is a broken connection.
  return result == nullptr ? absl::OkStatus()
                           : absl::UnavailableError("postgres: the connection was lost");
}

void PgConnection::TakeResult(const Slot& slot, const PGresult* result, Answers& answers) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      break;
    default:
      return TakeError(slot, result, answers);
  }
  if (slot.kind == Kind::kDescribe) TakeTypes(*slot.statement, result);
  if (answers.error.ok()) answers.error = TakeRows(slot, result, answers);
}

absl::Status PgConnection::TakeRows(const Slot& slot, const PGresult* result,
                                    Answers& answers) {
  const bool want_rows = answers.batch->want_rows;
  if (slot.kind == Kind::kBulk && want_rows) {
    return DecodeBulkRows(result,
                          absl::MakeSpan(answers.results).subspan(slot.call, slot.calls));
  }
  if (slot.kind != Kind::kCall) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(answers.results[slot.call], DecodePgResult(result, want_rows));
  return absl::OkStatus();
}

void PgConnection::TakeTypes(Statement& statement, const PGresult* result) {
  std::vector<Oid> types;
  for (int i = 0; i < PQnparams(result); ++i) types.push_back(PQparamtype(result, i));
  statement.bulk = PgBulk::Make(statement.sql, types);
}

void PgConnection::TakeError(const Slot& slot, const PGresult* result, Answers& answers) {
  if (slot.kind == Kind::kPrepare) slot.statement->prepared = false;
  if (slot.kind == Kind::kDescribe) slot.statement->described = false;
  if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED || !answers.error.ok()) return;
  answers.error = PgError(result, slot.statement->sql);
  Statement* const single = slot.statement->single;
  if (slot.kind == Kind::kPrepare && single != nullptr && absl::IsInternal(answers.error)) {
    // Whatever the server does not like of the bulk form: the next attempt goes one by one.
    single->bulk.reset();
    answers.error = absl::AbortedError(answers.error.message());
  }
  if (slot.kind != Kind::kPrepare && IsStalePlan(result)) {
    // Another connection prepares everything anew.
    retired_ = true;
    answers.error = absl::AbortedError(answers.error.message());
  }
}

absl::StatusOr<PgResult> PgConnection::NextResult() {
  while (PQisBusy(conn_)) {
    absl::Status status = AwaitInput();
    if (status.ok()) continue;
    if (!absl::IsDeadlineExceeded(status) || retired_) return status;
    Cancel();
    deadline_ = SystemClock().Now() + kCancelGrace;
  }
  return PgResult(PQgetResult(conn_));
}

absl::Status PgConnection::AwaitInput() {
  const int unsent = PQflush(conn_);
  if (unsent < 0) return absl::UnavailableError("postgres: the connection was lost");
  KITH_RETURN_IF_ERROR(PollFor(unsent > 0 ? POLLIN | POLLOUT : POLLIN));
  if (PQconsumeInput(conn_) == 0) {
    return absl::UnavailableError("postgres: the connection was lost");
  }
  return absl::OkStatus();
}

absl::Status PgConnection::PollFor(short events) {
  while (true) {
    const absl::Duration left = deadline_ - SystemClock().Now();
    if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError("postgres: the deadline passed");
    }
    const int64_t ms = absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1)));
    pollfd socket{PQsocket(conn_), events, 0};
    const int ready = poll(&socket, 1, static_cast<int>(std::min<int64_t>(ms, 60000)));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return absl::UnavailableError("postgres: poll failed");
  }
}

// The request may overtake the statement and hit a later one, so the connection is not used
// again.
void PgConnection::Cancel() {
  retired_ = true;
  char ignored[256];
  PGcancel* const cancel = PQgetCancel(conn_);
  if (cancel != nullptr) PQcancel(cancel, ignored, sizeof(ignored));
  PQfreeCancel(cancel);
}

}  // namespace kith::db
