// People's decisions about attribution in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_OVERRIDE_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_OVERRIDE_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/referral/domain/override.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_OVERRIDE_COLUMNS                                                        \
  "program_id, customer_id, number, old_advocate_id, advocate_id, old_referral_id, " \
  "referral_id, decided_by, cause, decided_time"

// Rows are never changed.
struct OverrideTable {
  using Row = domain::AttributionOverride;
  using Key = std::tuple<std::string, std::string, int64_t>;
  static constexpr absl::string_view kColumns = KITH_OVERRIDE_COLUMNS;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_OVERRIDE_COLUMNS
      " FROM attribution_override "
      "WHERE program_id = $1 AND customer_id = $2 AND number = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO attribution_override (" KITH_OVERRIDE_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM attribution_override "
      "WHERE program_id = $1 AND customer_id = $2 AND number = $3";
  static Key KeyOf(const Row& row) { return {row.program_id, row.customer_id, row.number}; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// The newest decision about a customer.
struct NewestOverride {
  using Table = OverrideTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_OVERRIDE_COLUMNS
      " FROM attribution_override "
      "WHERE program_id = $1 AND customer_id = $2 ORDER BY number DESC LIMIT 1";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    return Key(row.program_id, row.customer_id);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

#undef KITH_OVERRIDE_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_OVERRIDE_TABLES_H_
