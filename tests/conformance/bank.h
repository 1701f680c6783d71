// A tiny business for the conformance suites: accounts whose balances commands change.
#ifndef KITH_TESTS_CONFORMANCE_BANK_H_
#define KITH_TESTS_CONFORMANCE_BANK_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/executor/executor.h"
#include "common/executor/store_setup.h"
#include "tests/support/fault_database.h"

namespace kith::test {

struct Account {
  std::string program_id;
  std::string account_id;
  std::string owner;
  int64_t balance = 0;
};

// The sum of balances and the number of accounts of a program, maintained.
struct BankCounter {
  using Key = std::pair<std::string, std::string>;
  static constexpr absl::string_view kAdd =
      "INSERT INTO bank_counter (program_id, name, value) VALUES ($1, $2, $3) "
      "ON CONFLICT (program_id, name) DO UPDATE SET value = bank_counter.value + "
      "excluded.value";
  static constexpr absl::string_view kPrune =
      "DELETE FROM bank_counter WHERE program_id = $1 AND name = $2 AND value = 0";
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {key.first, key.second, delta};
  }
};

struct AccountTable {
  using Row = Account;
  using Key = std::pair<std::string, std::string>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, account_id, owner, balance FROM account "
      "WHERE program_id = $1 AND account_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO account (program_id, account_id, owner, balance) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (program_id, account_id) "
      "DO UPDATE SET owner = excluded.owner, balance = excluded.balance";
  static constexpr absl::string_view kDelete =
      "DELETE FROM account WHERE program_id = $1 AND account_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.account_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row) {
    return {row.program_id, row.account_id, row.owner, row.balance};
  }
  static Row Decode(const db::Row& row) {
    return {row.Text(0), row.Text(1), row.Text(2), row.Int(3)};
  }
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
    unit.Count<BankCounter>({row.program_id, "accounts"}, sign);
    unit.Count<BankCounter>({row.program_id, "balance"}, sign * row.balance);
  }
};

struct AccountsByOwner {
  using Table = AccountTable;
  using Key = std::pair<std::string, std::string>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, account_id, owner, balance FROM account "
      "WHERE program_id = $1 AND owner = $2";
  static std::optional<Key> KeyOf(const Account& row) {
    return Key{row.program_id, row.owner};
  }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};

// Every movement of money, appended. `movement_id` is unique: the same one twice spoils the
// transaction at the store.
struct MovementLog {
  using Row = std::pair<std::string, int64_t>;
  static constexpr absl::string_view kInsert =
      "INSERT INTO movement (movement_id, amount) VALUES ($1, $2)";
  static db::Params Encode(const Row& row) { return {row.first, row.second}; }
};

inline constexpr ErrorDef kOverdrawn{absl::StatusCode::kFailedPrecondition, "OVERDRAWN",
                                     "the balance would be negative"};

// Adds to an account, makes it if need be, publishes the fact, answers the new balance.
// Refuses to overdraw, but only after having changed the unit, so that undoing is seen.
class AddMoney final : public exec::Command {
 public:
  AddMoney(std::string program, std::string account, int64_t amount,
           std::string movement_id = {}, bool prefetch = true)
      : key_(std::move(program), std::move(account)),
        amount_(amount),
        movement_id_(std::move(movement_id)),
        prefetch_(prefetch) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const AccountTable::Key key_;
  const int64_t amount_;
  const std::string movement_id_;
  const bool prefetch_;
};

// Counts what the executor tells.
class CountingObserver final : public exec::ExecutorObserver {
 public:
  void OnBatch(int64_t commands, absl::Duration) override {
    ++batches;
    largest = std::max(largest.load(), commands);
  }
  void OnCommit(absl::Duration) override { ++commits; }
  void OnReplay() override { ++replays; }
  void OnRetry() override { ++retries; }
  void OnPrefetchMiss(int64_t n) override { misses += n; }
  void OnQueueDepth(int64_t) override {}
  std::atomic<int64_t> batches{0}, largest{0}, commits{0}, replays{0}, retries{0}, misses{0};
};

// A store with the tables of the bank and helpers to look into it.
class Bank {
 public:
  Bank(absl::string_view backend, int shards);

  FaultDatabase& database() { return *database_; }
  const exec::StoreInfo& info() const { return info_; }
  const std::string& url() const { return url_; }
  exec::ExecutorOptions Options();
  CountingObserver& observer() { return observer_; }
  const Clock& clock() const { return clock_; }
  // The only value of a query, as an integer.
  int64_t Ask(absl::string_view sql, db::Params params = {});
  int64_t Balance(const std::string& program, const std::string& account);

 private:
  std::string url_;
  std::unique_ptr<FaultDatabase> database_;
  exec::StoreInfo info_;
  CountingObserver observer_;
  ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
};

// A submission of `command` under `request_id`.
exec::Submission Submit(const std::string& program, const std::string& request_id,
                        std::unique_ptr<exec::Command> command,
                        const std::string& fingerprint = "same");

}  // namespace kith::test

#endif  // KITH_TESTS_CONFORMANCE_BANK_H_
