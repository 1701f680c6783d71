// What other services told of those whom this one does not know yet, in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_LIFE_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_LIFE_TABLES_H_

#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::referral::store {

inline constexpr absl::string_view kCustomerRole = "customer";
inline constexpr absl::string_view kAdvocateRole = "advocate";

struct EarlyLife {
  std::string program_id;
  std::string role;
  std::string subject_id;
  std::optional<absl::Time> aha_time;      // of a customer
  std::optional<absl::Time> churned_time;  // of a customer
  std::optional<std::string> tier;         // of an advocate
  std::optional<std::string> segment;      // of an advocate
};

struct EarlyLifeTable {
  using Row = EarlyLife;
  using Key = std::tuple<std::string, std::string, std::string>;  // program, role, subject
  static constexpr absl::string_view kSelect =
      "SELECT program_id, role, subject_id, aha_time, churned_time, tier, segment "
      "FROM early_life WHERE program_id = $1 AND role = $2 AND subject_id = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO early_life (program_id, role, subject_id, aha_time, churned_time, tier, "
      "segment) VALUES ($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT (program_id, role, subject_id) DO UPDATE SET "
      "aha_time = excluded.aha_time, churned_time = excluded.churned_time, "
      "tier = excluded.tier, segment = excluded.segment";
  static constexpr absl::string_view kDelete =
      "DELETE FROM early_life WHERE program_id = $1 AND role = $2 AND subject_id = $3";
  static Key KeyOf(const Row& row) { return {row.program_id, row.role, row.subject_id}; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row) {
    return {row.program_id,
            row.role,
            row.subject_id,
            db::FromOptional(row.aha_time),
            db::FromOptional(row.churned_time),
            row.tier.has_value() ? db::Value(*row.tier) : db::Value(db::Null()),
            row.segment.has_value() ? db::Value(*row.segment) : db::Value(db::Null())};
  }
  static Row Decode(const db::Row& row) {
    Row life{row.Text(0),         row.Text(1),  row.Text(2), row.OptionalTime(3),
             row.OptionalTime(4), std::nullopt, std::nullopt};
    if (!row.IsNull(5)) life.tier = row.Text(5);
    if (!row.IsNull(6)) life.segment = row.Text(6);
    return life;
  }
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_LIFE_TABLES_H_
