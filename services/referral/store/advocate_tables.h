// Advocates, codes and touches in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_ADVOCATE_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_ADVOCATE_TABLES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

struct AdvocateTable {
  using Row = domain::Advocate;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, advocate_id, email_hash, code, enrolled_time, referrals, signups, "
      "conversions FROM advocate WHERE program_id = $1 AND advocate_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO advocate (program_id, advocate_id, email_hash, code, enrolled_time, "
      "referrals, signups, conversions) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (program_id, advocate_id) DO UPDATE SET referrals = excluded.referrals, "
      "signups = excluded.signups, conversions = excluded.conversions";
  static constexpr absl::string_view kDelete =
      "DELETE FROM advocate WHERE program_id = $1 AND advocate_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.advocate_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

struct CodeTable {
  using Row = domain::Code;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, code, advocate_id FROM advocate_code "
      "WHERE program_id = $1 AND code = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO advocate_code (program_id, code, advocate_id) VALUES ($1, $2, $3)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM advocate_code WHERE program_id = $1 AND code = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.code}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row) {
    return {row.program_id, row.code, row.advocate_id};
  }
  static Row Decode(const db::Row& row) { return {row.Text(0), row.Text(1), row.Text(2)}; }
};

struct TouchTable {
  using Row = domain::Touch;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, touch_id, code, visitor_id, advocate_id, touch_time FROM touch "
      "WHERE program_id = $1 AND touch_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO touch (program_id, touch_id, code, visitor_id, advocate_id, touch_time) "
      "VALUES ($1, $2, $3, $4, $5, $6)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM touch WHERE program_id = $1 AND touch_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.touch_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// The newest thousand touches of a visitor; older ones count for nothing.
struct TouchesByVisitor {
  using Table = TouchTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, touch_id, code, visitor_id, advocate_id, touch_time FROM touch "
      "WHERE program_id = $1 AND visitor_id = $2 ORDER BY touch_time DESC, touch_id "
      "LIMIT 1000";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    return Key(row.program_id, row.visitor_id);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_ADVOCATE_TABLES_H_
