// A database that fails when it is told to.
#ifndef KITH_TESTS_SUPPORT_FAULT_DATABASE_H_
#define KITH_TESTS_SUPPORT_FAULT_DATABASE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "common/db/db.h"

namespace kith::test {

enum class DbOperation {
  kBeginRead,
  kBeginWrite,
  kReadBatch,   // QueryMany of a read transaction
  kWriteBatch,  // QueryMany or ExecuteMany of a write transaction
  kCommit,      // before: nothing is sent yet; after: the server has committed
  kScript,
  kBackup,
};

// What is about to happen, or has just happened and succeeded.
struct DbEvent {
  DbOperation operation;
  // Counts the operations of this kind on this database, from 1.
  int64_t ordinal;
  // Of a batch or commit; empty otherwise.
  absl::Span<const db::Call> calls;
};

// Returns the error to inject, or OK to go on. May block, to delay the operation. Called by
// the operation's thread, with no lock held.
using DbHook = std::function<absl::Status(const DbEvent&)>;

// Passes everything on to `inner`, asking the hooks before and after each operation.
//   before(…) fails: the operation does not happen; a transaction is rolled back for real.
//   after(…) fails: the operation happened and its answer is lost. Of a commit that is
//   reported as MarkCommitUnknown(status), as the backends do; any other operation rolls
//   the transaction back.
// Thread-safe.
class FaultDatabase final : public db::Database {
 public:
  explicit FaultDatabase(std::unique_ptr<db::Database> inner);
  ~FaultDatabase() override;

  // An empty hook removes it.
  void SetBefore(DbHook hook);
  void SetAfter(DbHook hook);
  // How many operations of the kind have begun.
  int64_t Count(DbOperation operation) const;

  absl::StatusOr<std::unique_ptr<db::WriteTransaction>> BeginWrite(
      absl::Time deadline) override;
  absl::StatusOr<std::unique_ptr<db::ReadTransaction>> BeginRead(absl::Time deadline) override;
  using db::Database::RunScript;
  absl::Status RunScript(absl::Span<const db::Call> before, absl::string_view sql) override;
  absl::Status Backup(const std::string& path) override;
  absl::StatusOr<bool> RefreshStatistics(absl::Time deadline) override {
    return inner_->RefreshStatistics(deadline);
  }
  absl::string_view backend() const override;

 private:
  class State;
  class Transaction;
  const std::shared_ptr<State> state_;
  const std::unique_ptr<db::Database> inner_;
};

// A hook that injects `status` once: at the `ordinal`-th operation of the kind, counted
// from 1 since the database was made.
DbHook FailAt(DbOperation operation, int64_t ordinal, absl::Status status);
// A hook that injects `status` at every operation of the kind.
DbHook FailAlways(DbOperation operation, absl::Status status);

// The errors of the two conflicts that a store reports.
absl::Status InjectedConflict();        // ABORTED
absl::Status InjectedConnectionLoss();  // UNAVAILABLE

}  // namespace kith::test

#endif  // KITH_TESTS_SUPPORT_FAULT_DATABASE_H_
