// Advocates and their codes in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_ADVOCATE_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_ADVOCATE_TABLES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_ADVOCATE_COLUMNS                                                            \
  "program_id, advocate_id, email_hash, code, enrolled_time, referrals, signups, "       \
  "conversions, kind, attributes, domain_hash, phone_hash, device_hash, payment_hash, "  \
  "ip_hash, tier, segment, qualified, frauds, suspended_time, suspension_cause, leads, " \
  "counted_qualified, counted_successes"
#define KITH_CODE_COLUMNS                                                      \
  "program_id, code, advocate_id, kind, campaign, issued_time, retired_time, " \
  "honoured_until"

struct AdvocateTable {
  using Row = domain::Advocate;
  using Key = IdKey;
  static constexpr absl::string_view kColumns = KITH_ADVOCATE_COLUMNS;
  static constexpr absl::string_view kSelect = "SELECT " KITH_ADVOCATE_COLUMNS
                                               " FROM advocate "
                                               "WHERE program_id = $1 AND advocate_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO advocate (" KITH_ADVOCATE_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18, $19, $20, $21, $22, $23, $24) "
      "ON CONFLICT (program_id, advocate_id) DO UPDATE SET "
      "email_hash = excluded.email_hash, code = excluded.code, kind = excluded.kind, "
      "attributes = excluded.attributes, domain_hash = excluded.domain_hash, "
      "phone_hash = excluded.phone_hash, device_hash = excluded.device_hash, "
      "payment_hash = excluded.payment_hash, ip_hash = excluded.ip_hash, "
      "referrals = excluded.referrals, signups = excluded.signups, "
      "conversions = excluded.conversions, tier = excluded.tier, "
      "segment = excluded.segment, qualified = excluded.qualified, "
      "frauds = excluded.frauds, suspended_time = excluded.suspended_time, "
      "suspension_cause = excluded.suspension_cause, leads = excluded.leads, "
      "counted_qualified = excluded.counted_qualified, "
      "counted_successes = excluded.counted_successes";
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
  static constexpr absl::string_view kColumns = KITH_CODE_COLUMNS;
  static constexpr absl::string_view kSelect = "SELECT " KITH_CODE_COLUMNS
                                               " FROM advocate_code "
                                               "WHERE program_id = $1 AND code = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO advocate_code (" KITH_CODE_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (program_id, code) DO UPDATE SET retired_time = excluded.retired_time, "
      "honoured_until = excluded.honoured_until";
  static constexpr absl::string_view kDelete =
      "DELETE FROM advocate_code WHERE program_id = $1 AND code = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.code}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// The codes of an advocate, retired ones included: the first thousand.
struct CodesByAdvocate {
  using Table = CodeTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CODE_COLUMNS
      " FROM advocate_code WHERE program_id = $1 AND advocate_id = $2 "
      "ORDER BY code LIMIT 1000";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    return Key(row.program_id, row.advocate_id);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

#undef KITH_ADVOCATE_COLUMNS
#undef KITH_CODE_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_ADVOCATE_TABLES_H_
