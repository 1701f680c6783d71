#include "tests/support/fault_database.h"

#include <array>
#include <atomic>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"

namespace kith::test {

// The hooks and counters, shared with the transactions.
class FaultDatabase::State {
 public:
  void Set(DbHook& slot, DbHook hook) {
    absl::MutexLock lock(&mutex_);
    slot = std::move(hook);
  }

  // Announces an operation to the first hook and returns its event for the second.
  absl::StatusOr<DbEvent> Start(DbOperation operation, absl::Span<const db::Call> calls) {
    const DbEvent event{operation, ++counts_[static_cast<size_t>(operation)], calls};
    KITH_RETURN_IF_ERROR(Ask(before, event));
    return event;
  }

  absl::Status Finish(const DbEvent& event) { return Ask(after, event); }

  int64_t Count(DbOperation operation) const {
    return counts_[static_cast<size_t>(operation)];
  }

  DbHook before;
  DbHook after;

 private:
  absl::Status Ask(const DbHook& slot, const DbEvent& event) {
    DbHook hook;
    {
      absl::MutexLock lock(&mutex_);
      hook = slot;
    }
    return hook ? hook(event) : absl::OkStatus();
  }

  absl::Mutex mutex_;
  std::array<std::atomic<int64_t>, static_cast<size_t>(DbOperation::kBackup) + 1> counts_{};
};

class FaultDatabase::Transaction final : public db::WriteTransaction {
 public:
  // One of `read` and `write` is set.
  Transaction(std::shared_ptr<State> state, std::unique_ptr<db::ReadTransaction> read,
              std::unique_ptr<db::WriteTransaction> write)
      : state_(std::move(state)), read_(std::move(read)), write_(std::move(write)) {}

  absl::StatusOr<std::vector<db::Result>> QueryMany(
      absl::Span<const db::Call> calls) override {
    db::ReadTransaction* const inner = read_ != nullptr ? read_.get() : write_.get();
    return Guard(calls, inner, [&] { return inner->QueryMany(calls); });
  }

  absl::StatusOr<std::vector<int64_t>> ExecuteMany(absl::Span<const db::Call> calls) override {
    return Guard(calls, write_.get(), [&] { return write_->ExecuteMany(calls); });
  }

  absl::Status Commit(absl::Span<const db::Call> last) override {
    if (write_ == nullptr) return Over();
    absl::StatusOr<DbEvent> event = state_->Start(DbOperation::kCommit, last);
    if (!event.ok()) {
      write_.reset();
      return event.status();
    }
    const absl::Status committed = write_->Commit(last);
    write_.reset();
    KITH_RETURN_IF_ERROR(committed);
    const absl::Status lost = state_->Finish(*event);
    return lost.ok() ? lost : db::MarkCommitUnknown(lost);
  }

 private:
  static absl::Status Over() { return absl::InternalError("fault: the transaction is over"); }

  // Runs a batch between its two hooks; their errors end the inner transaction.
  template <typename Run>
  auto Guard(absl::Span<const db::Call> calls, const void* inner, Run run) -> decltype(run()) {
    if (inner == nullptr) return Over();
    const bool reads = read_ != nullptr;
    absl::StatusOr<DbEvent> event =
        state_->Start(reads ? DbOperation::kReadBatch : DbOperation::kWriteBatch, calls);
    absl::Status status = event.status();
    if (status.ok()) {
      auto result = run();
      if (!result.ok()) return result;
      status = state_->Finish(*event);
      if (status.ok()) return result;
    }
    read_.reset();
    write_.reset();
    return status;
  }

  const std::shared_ptr<State> state_;
  std::unique_ptr<db::ReadTransaction> read_;
  std::unique_ptr<db::WriteTransaction> write_;
};

FaultDatabase::FaultDatabase(std::unique_ptr<db::Database> inner)
    : state_(std::make_shared<State>()), inner_(std::move(inner)) {}

FaultDatabase::~FaultDatabase() = default;

void FaultDatabase::SetBefore(DbHook hook) { state_->Set(state_->before, std::move(hook)); }
void FaultDatabase::SetAfter(DbHook hook) { state_->Set(state_->after, std::move(hook)); }
int64_t FaultDatabase::Count(DbOperation operation) const { return state_->Count(operation); }

absl::StatusOr<std::unique_ptr<db::WriteTransaction>> FaultDatabase::BeginWrite(
    absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const DbEvent event, state_->Start(DbOperation::kBeginWrite, {}));
  KITH_ASSIGN_OR_RETURN(auto write, inner_->BeginWrite(deadline));
  KITH_RETURN_IF_ERROR(state_->Finish(event));
  return std::make_unique<Transaction>(state_, nullptr, std::move(write));
}

absl::StatusOr<std::unique_ptr<db::ReadTransaction>> FaultDatabase::BeginRead(
    absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const DbEvent event, state_->Start(DbOperation::kBeginRead, {}));
  KITH_ASSIGN_OR_RETURN(auto read, inner_->BeginRead(deadline));
  KITH_RETURN_IF_ERROR(state_->Finish(event));
  return std::make_unique<Transaction>(state_, std::move(read), nullptr);
}

absl::Status FaultDatabase::RunScript(absl::Span<const db::Call> before,
                                      absl::string_view sql) {
  KITH_ASSIGN_OR_RETURN(const DbEvent event, state_->Start(DbOperation::kScript, before));
  KITH_RETURN_IF_ERROR(inner_->RunScript(before, sql));
  return state_->Finish(event);
}

absl::Status FaultDatabase::Backup(const std::string& path) {
  KITH_ASSIGN_OR_RETURN(const DbEvent event, state_->Start(DbOperation::kBackup, {}));
  KITH_RETURN_IF_ERROR(inner_->Backup(path));
  return state_->Finish(event);
}

absl::string_view FaultDatabase::backend() const { return inner_->backend(); }

DbHook FailAt(DbOperation operation, int64_t ordinal, absl::Status status) {
  return [=](const DbEvent& event) {
    const bool hit = event.operation == operation && event.ordinal == ordinal;
    return hit ? status : absl::OkStatus();
  };
}

DbHook FailAlways(DbOperation operation, absl::Status status) {
  return [=](const DbEvent& event) {
    return event.operation == operation ? status : absl::OkStatus();
  };
}

absl::Status InjectedConflict() { return absl::AbortedError("injected conflict"); }
absl::Status InjectedConnectionLoss() {
  return absl::UnavailableError("injected connection loss");
}

}  // namespace kith::test
