#include "tests/conformance/bank.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/db/migrator.h"
#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

constexpr db::Migration kBankMigrations[] = {
    {1, "bank",
     "CREATE TABLE account (program_id TEXT NOT NULL, account_id TEXT NOT NULL, "
     "owner TEXT NOT NULL, balance BIGINT NOT NULL, PRIMARY KEY (program_id, account_id));"
     "CREATE TABLE bank_counter (program_id TEXT NOT NULL, name TEXT NOT NULL, "
     "value BIGINT NOT NULL, PRIMARY KEY (program_id, name));"
     "CREATE TABLE movement (movement_id TEXT NOT NULL PRIMARY KEY, amount BIGINT NOT "
     "NULL);"}};

void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

}  // namespace

void AddMoney::Prefetch(exec::Loader& loader) const {
  if (!prefetch_) return;
  loader.Want<AccountTable>(key_);
  loader.WantAll<AccountsByOwner>({key_.first, "owner-of-" + key_.second});
}

absl::StatusOr<std::string> AddMoney::Decide(exec::Unit& unit, absl::Time) const {
  const Account* found = unit.Find<AccountTable>(key_);
  Account account = found != nullptr
                        ? *found
                        : Account{key_.first, key_.second, "owner-of-" + key_.second, 0};
  account.balance += amount_;
  const int64_t balance = account.balance;
  unit.Put<AccountTable>(std::move(account));
  if (!movement_id_.empty()) unit.Append<MovementLog>({movement_id_, amount_});
  kith::events::v1::Fact fact;
  fact.mutable_advocate_enrolled()->set_advocate_id(absl::StrCat(key_.second, "=", balance));
  feed::Emit(unit, key_.first, fact);
  if (balance < 0) return MakeError(kOverdrawn);
  return absl::StrCat(balance);
}

Bank::Bank(absl::string_view backend, int shards) : url_(FreshStoreUrl(backend)) {
  db::OpenOptions options;
  options.write_connections = 8;
  database_ = std::make_unique<FaultDatabase>(OpenStore(url_, options));
  Require(
      db::Migrate(*database_, "common", exec::Migrations(), db::MigrateMode::kAuto, clock_));
  Require(db::Migrate(*database_, "bank", kBankMigrations, db::MigrateMode::kAuto, clock_));
  auto info = exec::SetUpStore(*database_, shards, clock_);
  Require(info.status());
  info_ = *info;
}

exec::ExecutorOptions Bank::Options() {
  exec::ExecutorOptions options;
  options.shards = info_.shards;
  options.writer_threads = database_->backend() == "sqlite" ? 1 : 4;
  options.observer = &observer_;
  return options;
}

int64_t Bank::Ask(absl::string_view sql, db::Params params) {
  auto transaction = database_->BeginRead(Soon());
  Require(transaction.status());
  auto result = (*transaction)->Query(sql, std::move(params));
  Require(result.status());
  return result->rows.empty() ? 0 : result->rows[0].Int(0);
}

int64_t Bank::Balance(const std::string& program, const std::string& account) {
  return Ask("SELECT balance FROM account WHERE program_id = $1 AND account_id = $2",
             {program, account});
}

exec::Submission Submit(const std::string& program, const std::string& request_id,
                        std::unique_ptr<exec::Command> command,
                        const std::string& fingerprint) {
  exec::Submission submission;
  submission.program_id = program;
  submission.method = "AddMoney";
  submission.request_id = request_id;
  submission.fingerprint = fingerprint;
  submission.command = std::move(command);
  return submission;
}

}  // namespace kith::test
