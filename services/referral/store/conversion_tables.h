// Conversions, rewards and the ledger in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_CONVERSION_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_CONVERSION_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_CONVERSION_COLUMNS                                                    \
  "program_id, conversion_id, given_customer_id, given_referral_id, customer_id, " \
  "referral_id, conversion_time, amount_minor, currency, program_version, "        \
  "reversal_time, cause"
#define KITH_REWARD_COLUMNS                                                             \
  "program_id, reward_id, referral_id, conversion_id, rule_id, program_version, side, " \
  "recipient_id, kind, amount_minor, currency, available_time, created_time, "          \
  "reversal_time, cause"

struct ConversionTable {
  using Row = domain::Conversion;
  using Key = IdKey;
  static constexpr absl::string_view kSelect = "SELECT " KITH_CONVERSION_COLUMNS
                                               " FROM conversion "
                                               "WHERE program_id = $1 AND conversion_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO conversion (" KITH_CONVERSION_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
      "ON CONFLICT (program_id, conversion_id) DO UPDATE SET "
      "customer_id = excluded.customer_id, referral_id = excluded.referral_id, "
      "reversal_time = excluded.reversal_time, cause = excluded.cause";
  static constexpr absl::string_view kDelete =
      "DELETE FROM conversion WHERE program_id = $1 AND conversion_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.conversion_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// A customer's conversions that are not reversed.
struct OpenByCustomer {
  using Table = ConversionTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CONVERSION_COLUMNS
      " FROM conversion WHERE program_id = $1 "
      "AND customer_id = $2 AND customer_id <> '' AND reversal_time IS NULL";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

// The conversions that count for a referral and are not reversed.
struct OpenByReferral {
  using Table = ConversionTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CONVERSION_COLUMNS
      " FROM conversion WHERE program_id = $1 "
      "AND referral_id = $2 AND referral_id <> '' AND reversal_time IS NULL";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

// A reward also counts in RewardCountTable: put it only when that row is loaded.
struct RewardTable {
  using Row = domain::Reward;
  using Key = IdKey;
  static constexpr absl::string_view kColumns = KITH_REWARD_COLUMNS;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REWARD_COLUMNS " FROM reward WHERE program_id = $1 AND reward_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO reward (" KITH_REWARD_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
      "ON CONFLICT (program_id, reward_id) DO UPDATE SET "
      "reversal_time = excluded.reversal_time, cause = excluded.cause";
  static constexpr absl::string_view kDelete =
      "DELETE FROM reward WHERE program_id = $1 AND reward_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.reward_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// How many rewards of a rule a recipient has that are not reversed.
struct RewardCount {
  std::string program_id;
  std::string rule_id;
  std::string recipient_id;
  int64_t rewards = 0;
};

struct RewardCountTable {
  using Row = RewardCount;
  using Key = std::tuple<std::string, std::string, std::string>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, rule_id, recipient_id, rewards FROM reward_count "
      "WHERE program_id = $1 AND rule_id = $2 AND recipient_id = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO reward_count (program_id, rule_id, recipient_id, rewards) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (program_id, rule_id, recipient_id) "
      "DO UPDATE SET rewards = excluded.rewards";
  static constexpr absl::string_view kDelete =
      "DELETE FROM reward_count WHERE program_id = $1 AND rule_id = $2 AND recipient_id = $3";
  static Key KeyOf(const Row& row) { return {row.program_id, row.rule_id, row.recipient_id}; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row) {
    return {row.program_id, row.rule_id, row.recipient_id, row.rewards};
  }
  static Row Decode(const db::Row& row) {
    return {row.Text(0), row.Text(1), row.Text(2), row.Int(3)};
  }
};

struct LedgerLog {
  using Row = domain::LedgerEntry;
  static constexpr absl::string_view kInsert =
      "INSERT INTO ledger_entry (program_id, reward_id, kind, account, currency, "
      "amount_minor, entry_time) VALUES ($1, $2, $3, $4, $5, $6, $7)";
  static db::Params Encode(const Row& row);
};

// Appends the two lines of a booking and counts them in the summary.
void Book(exec::Unit& unit, const domain::Reward& reward, domain::EntryKind kind,
          absl::Time now);

#undef KITH_CONVERSION_COLUMNS
#undef KITH_REWARD_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_CONVERSION_TABLES_H_
