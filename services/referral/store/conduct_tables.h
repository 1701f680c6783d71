// Who and what is kept away, in the store: the blocklist and suspensions.
#ifndef KITH_SERVICES_REFERRAL_STORE_CONDUCT_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_CONDUCT_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

struct BlockedIdentityTable {
  using Row = domain::BlockedIdentity;
  using Key = std::tuple<std::string, std::string, std::string>;  // program, kind, hash
  static constexpr absl::string_view kColumns =
      "program_id, kind, hash, added_by, added_time, cause";
  static constexpr absl::string_view kSelect =
      "SELECT program_id, kind, hash, added_by, added_time, cause FROM blocked_identity "
      "WHERE program_id = $1 AND kind = $2 AND hash = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO blocked_identity (program_id, kind, hash, added_by, added_time, cause) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (program_id, kind, hash) DO UPDATE SET "
      "added_by = excluded.added_by, added_time = excluded.added_time, "
      "cause = excluded.cause";
  static constexpr absl::string_view kDelete =
      "DELETE FROM blocked_identity WHERE program_id = $1 AND kind = $2 AND hash = $3";
  static Key KeyOf(const Row& row);
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), FromHash(std::get<2>(key))};
  }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

struct SuspensionTable {
  using Row = domain::Suspension;
  using Key = std::tuple<std::string, std::string, int64_t>;  // program, advocate, sequence
  static constexpr absl::string_view kColumns =
      "program_id, advocate_id, sequence, decision_time, suspended, decided_by, cause";
  static constexpr absl::string_view kSelect =
      "SELECT program_id, advocate_id, sequence, decision_time, suspended, decided_by, cause "
      "FROM suspension WHERE program_id = $1 AND advocate_id = $2 AND sequence = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO suspension (program_id, advocate_id, sequence, decision_time, suspended, "
      "decided_by, cause) VALUES ($1, $2, $3, $4, $5, $6, $7)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM suspension WHERE program_id = $1 AND advocate_id = $2 AND sequence = $3";
  static Key KeyOf(const Row& row) { return {row.program_id, row.advocate_id, row.sequence}; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// An advocate's newest suspension or reinstatement, and those of this batch.
struct NewestSuspension {
  using Table = SuspensionTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, advocate_id, sequence, decision_time, suspended, decided_by, cause "
      "FROM suspension WHERE program_id = $1 AND advocate_id = $2 "
      "ORDER BY sequence DESC LIMIT 1";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    return Key(row.program_id, row.advocate_id);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_CONDUCT_TABLES_H_
