// The rows of the advocacy store, for the executor's working set.
#ifndef KITH_SERVICES_ADVOCACY_STORE_TABLES_H_
#define KITH_SERVICES_ADVOCACY_STORE_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "common/executor/unit.h"
#include "services/advocacy/domain/policy.h"
#include "services/advocacy/domain/scoring.h"

namespace kith::advocacy::store {

using TwoIds = std::pair<std::string, std::string>;  // the program's and another

// A program that the service knows.
struct Program {
  std::string program_id;
  int64_t policy_version = 0;  // the newest; 0: the defaults hold
};
struct ProgramTable {
  using Row = Program;
  using Key = std::string;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, policy_version FROM program WHERE program_id = $1";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO program (program_id, policy_version) VALUES ($1, $2) "
      "ON CONFLICT (program_id) DO UPDATE SET policy_version = excluded.policy_version";
  static constexpr absl::string_view kDelete = "DELETE FROM program WHERE program_id = $1";
  static Key KeyOf(const Row& row) { return row.program_id; }
  static db::Params KeyParams(const Key& key) { return {key}; }
  static db::Params Encode(const Row& row) { return {row.program_id, row.policy_version}; }
  static Row Decode(const db::Row& row) { return {row.Text(0), row.Int(1)}; }
};

// The versions of policies; never changed once stored.
struct PolicyTable {
  using Row = domain::PolicyVersion;
  using Key = std::pair<std::string, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, version, effective_at, content FROM scoring_policy "
      "WHERE program_id = $1 AND version = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO scoring_policy (program_id, version, effective_at, content) "
      "VALUES ($1, $2, $3, $4)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM scoring_policy WHERE program_id = $1 AND version = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.version}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};
// All versions of a program, rising.
struct PoliciesByProgram {
  using Table = PolicyTable;
  using Key = std::string;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, version, effective_at, content FROM scoring_policy "
      "WHERE program_id = $1";
  static std::optional<Key> KeyOf(const Table::Row& row) { return row.program_id; }
  static db::Params KeyParams(const Key& key) { return {key}; }
};

struct AdvocateTable {
  using Row = domain::Advocate;
  using Key = TwoIds;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, advocate_id, points, successes, activities, tier, enrolled_at "
      "FROM advocate WHERE program_id = $1 AND advocate_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO advocate (program_id, advocate_id, points, successes, activities, tier, "
      "enrolled_at) VALUES ($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT (program_id, advocate_id) DO UPDATE SET points = excluded.points, "
      "successes = excluded.successes, activities = excluded.activities, "
      "tier = excluded.tier, enrolled_at = excluded.enrolled_at";
  static constexpr absl::string_view kDelete =
      "DELETE FROM advocate WHERE program_id = $1 AND advocate_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.advocate_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

struct ActivityTable {
  using Row = domain::Activity;
  using Key = TwoIds;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, activity_id, advocate_id, behaviour, occurred_at, time_given, "
      "channel, url, policy_version, worth, counted, cap_max, cap_days, cap_period, "
      "reversed_at, reversal_cause, entries "
      "FROM activity WHERE program_id = $1 AND activity_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO activity (program_id, activity_id, advocate_id, behaviour, occurred_at, "
      "time_given, channel, url, policy_version, worth, counted, cap_max, cap_days, "
      "cap_period, reversed_at, reversal_cause, entries) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
      "ON CONFLICT (program_id, activity_id) DO UPDATE SET counted = excluded.counted, "
      "reversed_at = excluded.reversed_at, reversal_cause = excluded.reversal_cause, "
      "entries = excluded.entries";
  static constexpr absl::string_view kDelete =
      "DELETE FROM activity WHERE program_id = $1 AND activity_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.activity_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};
// The acts of one advocate and behaviour that were judged under a cap, in one period: program,
// advocate, behaviour, length of the period in days, period.
struct ActivitiesByCapPeriod {
  using Table = ActivityTable;
  using Key = std::tuple<std::string, std::string, std::string, int64_t, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, activity_id, advocate_id, behaviour, occurred_at, time_given, "
      "channel, url, policy_version, worth, counted, cap_max, cap_days, cap_period, "
      "reversed_at, reversal_cause, entries "
      "FROM activity WHERE program_id = $1 AND advocate_id = $2 AND behaviour = $3 "
      "AND cap_days = $4 AND cap_period = $5 AND cap_days IS NOT NULL";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key);
};

struct SuccessTable {
  using Row = domain::Success;
  using Key = TwoIds;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, conversion_id, referral_id, advocate_id, occurred_at, points, "
      "reversed_at, entries FROM success WHERE program_id = $1 AND conversion_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO success (program_id, conversion_id, referral_id, advocate_id, "
      "occurred_at, points, reversed_at, entries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (program_id, conversion_id) DO UPDATE SET "
      "referral_id = excluded.referral_id, advocate_id = excluded.advocate_id, "
      "occurred_at = excluded.occurred_at, points = excluded.points, "
      "reversed_at = excluded.reversed_at, entries = excluded.entries";
  static constexpr absl::string_view kDelete =
      "DELETE FROM success WHERE program_id = $1 AND conversion_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.conversion_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// The ledger of points.
struct PointLedger {
  using Row = domain::PointEntry;
  static constexpr absl::string_view kInsert =
      "INSERT INTO point_entry (program_id, source, source_id, number, advocate_id, points, "
      "occurred_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
  static db::Params Encode(const Row& row);
};

}  // namespace kith::advocacy::store

#endif  // KITH_SERVICES_ADVOCACY_STORE_TABLES_H_
