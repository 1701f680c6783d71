// Rewards, what caps have used up, and the ledger, in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_REWARD_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_REWARD_TABLES_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/counting.h"
#include "services/referral/domain/ledger.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

// Also of the queries in fulfilment_tables.h.
#define KITH_REWARD_COLUMNS                                                             \
  "program_id, reward_id, referral_id, conversion_id, rule_id, program_version, side, " \
  "recipient_id, kind, amount_minor, currency, available_time, created_time, "          \
  "reversal_time, cause, campaign, trigger_name, occasion_time, state, released, "      \
  "announced, expiry_time, fulfilled_time, item, wanted_minor, explanation, "           \
  "recalculated_version, closed_by, retry_time, failed"

// A reward counts in the summary by its state: a held one as available from when that is
// announced, which due work does as soon as it is, and as fulfilling while it is to be tried
// again. What it counts in caps and books in the ledger is not done here (see app/grants.h).
struct RewardTable {
  using Row = domain::Reward;
  using Key = IdKey;
  static constexpr absl::string_view kColumns = KITH_REWARD_COLUMNS;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REWARD_COLUMNS " FROM reward WHERE program_id = $1 AND reward_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO reward (" KITH_REWARD_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) "
      "ON CONFLICT (program_id, reward_id) DO UPDATE SET referral_id = excluded.referral_id, "
      "program_version = excluded.program_version, side = excluded.side, "
      "recipient_id = excluded.recipient_id, kind = excluded.kind, "
      "currency = excluded.currency, item = excluded.item, "
      "available_time = excluded.available_time, created_time = excluded.created_time, "
      "amount_minor = excluded.amount_minor, reversal_time = excluded.reversal_time, "
      "cause = excluded.cause, state = excluded.state, released = excluded.released, "
      "announced = excluded.announced, expiry_time = excluded.expiry_time, "
      "fulfilled_time = excluded.fulfilled_time, wanted_minor = excluded.wanted_minor, "
      "explanation = excluded.explanation, "
      "recalculated_version = excluded.recalculated_version, closed_by = excluded.closed_by, "
      "retry_time = excluded.retry_time, failed = excluded.failed";
  static constexpr absl::string_view kDelete =
      "DELETE FROM reward WHERE program_id = $1 AND reward_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.reward_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// All rewards that are for a referral.
struct RewardsByReferral {
  using Table = RewardTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REWARD_COLUMNS " FROM reward WHERE program_id = $1 AND referral_id = $2";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    return Key(row.program_id, row.referral_id);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

// All rewards of an advocate that are over counts: milestones and Nth successes.
struct RewardsOverCounts {
  using Table = RewardTable;
  using Key = IdKey;  // program and advocate
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REWARD_COLUMNS
      " FROM reward WHERE program_id = $1 AND recipient_id = $2 "
      "AND trigger_name IN ('milestone', 'nth_success')";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    if (!domain::IsOverCounts(row.trigger)) return std::nullopt;
    return Key(row.program_id, row.recipient_id);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

// What has been granted under a key of caps and is owed, or paid, still.
struct CapUse {
  std::string program_id;
  domain::CapKey key;
  domain::CapCount count;
};

struct CapUseTable {
  using Row = CapUse;
  // Program, holder, recipient, name of the period, its beginning in microseconds.
  using Key = std::tuple<std::string, std::string, std::string, std::string, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, holder, recipient_id, period, period_start, rewards, minor "
      "FROM cap_use WHERE program_id = $1 AND holder = $2 AND recipient_id = $3 "
      "AND period = $4 AND period_start = $5";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO cap_use (program_id, holder, recipient_id, period, period_start, rewards, "
      "minor) VALUES ($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT (program_id, holder, recipient_id, period, period_start) "
      "DO UPDATE SET rewards = excluded.rewards, minor = excluded.minor";
  static constexpr absl::string_view kDelete =
      "DELETE FROM cap_use WHERE program_id = $1 AND holder = $2 AND recipient_id = $3 "
      "AND period = $4 AND period_start = $5";
  static Key ToKey(const std::string& program_id, const domain::CapKey& key);
  static Key KeyOf(const Row& row) { return ToKey(row.program_id, row.key); }
  static db::Params KeyParams(const Key& key);
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

struct LedgerLog {
  using Row = domain::LedgerEntry;
  static constexpr absl::string_view kColumns =
      "program_id, reward_id, kind, account, sequence, currency, amount_minor, entry_time";
  static constexpr absl::string_view kInsert =
      "INSERT INTO ledger_entry (program_id, reward_id, kind, account, sequence, currency, "
      "amount_minor, entry_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);  // of kColumns
};

// Appends the two entries of a booking and counts them in the summary.
void Book(exec::Unit& unit, std::array<domain::LedgerEntry, 2> entries);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_REWARD_TABLES_H_
