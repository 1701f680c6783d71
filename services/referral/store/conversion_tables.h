// Conversions in the store.
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
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_CONVERSION_COLUMNS                                                    \
  "program_id, conversion_id, given_customer_id, given_referral_id, customer_id, " \
  "referral_id, conversion_time, amount_minor, currency, program_version, "        \
  "reversal_time, cause, event, annual_minor, lines, attributes, success, order_id"

struct ConversionTable {
  using Row = domain::Conversion;
  using Key = IdKey;
  static constexpr absl::string_view kColumns = KITH_CONVERSION_COLUMNS;
  static constexpr absl::string_view kSelect = "SELECT " KITH_CONVERSION_COLUMNS
                                               " FROM conversion "
                                               "WHERE program_id = $1 AND conversion_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO conversion (" KITH_CONVERSION_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18) "
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

// A page of a program's conversions by time and id: those behind (after_micros, after_id) and
// before to_micros, as they are in the store.
struct ConversionsByTime {
  using Table = ConversionTable;
  // Program, after_micros, after_id, to_micros, limit.
  using Key = std::tuple<std::string, int64_t, std::string, int64_t, int64_t>;
  static constexpr bool kSnapshot = true;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CONVERSION_COLUMNS
      " FROM conversion WHERE program_id = $1 "
      "AND (conversion_time, conversion_id) > ($2, $3) AND conversion_time < $4 "
      "ORDER BY conversion_time, conversion_id LIMIT $5";
  static std::optional<Key> KeyOf(const Table::Row&) { return std::nullopt; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
            std::get<4>(key)};
  }
};

#undef KITH_CONVERSION_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_CONVERSION_TABLES_H_
