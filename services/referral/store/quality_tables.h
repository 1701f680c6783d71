// The counts of the quality-collapse alarm in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_QUALITY_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_QUALITY_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/quality.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_QUALITY_TEST_COLUMNS                                                 \
  "program_id, campaign, metric, outcomes, successes, first_time, last_time, "    \
  "baseline_ppm, stated, drop_basis_points, false_alarm_ppm, baseline_outcomes, " \
  "baseline_successes, baseline_micros, alarm_time, reset_time, reset_by, reset_cause"

// Of kQualification; conversions have a table of their own, since they are counted by time.
struct QualityBaselineTable {
  using Row = domain::QualityBaseline;
  using Key = IdKey;  // program and metric
  static constexpr absl::string_view kSelect =
      "SELECT program_id, metric, outcomes, successes, first_time FROM quality_baseline "
      "WHERE program_id = $1 AND metric = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO quality_baseline (program_id, metric, outcomes, successes, first_time) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id, metric) DO UPDATE SET "
      "outcomes = excluded.outcomes, successes = excluded.successes, "
      "first_time = excluded.first_time";
  static constexpr absl::string_view kDelete =
      "DELETE FROM quality_baseline WHERE program_id = $1 AND metric = $2";
  static Key KeyOf(const Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

struct ConversionBaselineTable {
  using Row = domain::QualityBaseline;          // of kConversion
  using Key = std::pair<std::string, int64_t>;  // program and time in microseconds
  static constexpr absl::string_view kSelect =
      "SELECT program_id, within_micros, outcomes, successes, first_time "
      "FROM conversion_baseline WHERE program_id = $1 AND within_micros = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO conversion_baseline (program_id, within_micros, outcomes, successes, "
      "first_time) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id, within_micros) "
      "DO UPDATE SET outcomes = excluded.outcomes, successes = excluded.successes, "
      "first_time = excluded.first_time";
  static constexpr absl::string_view kDelete =
      "DELETE FROM conversion_baseline WHERE program_id = $1 AND within_micros = $2";
  static Key ToKey(const std::string& program_id, absl::Duration within);
  static Key KeyOf(const Row& row) { return ToKey(row.program_id, row.within); }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

struct QualityTestTable {
  using Row = domain::QualityTest;
  using Key = std::tuple<std::string, std::string, std::string>;  // program, campaign, metric
  static constexpr absl::string_view kColumns = KITH_QUALITY_TEST_COLUMNS;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_QUALITY_TEST_COLUMNS
      " FROM quality_test WHERE program_id = $1 AND campaign = $2 AND metric = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO quality_test (" KITH_QUALITY_TEST_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18) ON CONFLICT (program_id, campaign, metric) DO UPDATE SET "
      "outcomes = excluded.outcomes, successes = excluded.successes, "
      "first_time = excluded.first_time, last_time = excluded.last_time, "
      "baseline_ppm = excluded.baseline_ppm, stated = excluded.stated, "
      "drop_basis_points = excluded.drop_basis_points, "
      "false_alarm_ppm = excluded.false_alarm_ppm, "
      "baseline_outcomes = excluded.baseline_outcomes, "
      "baseline_successes = excluded.baseline_successes, "
      "baseline_micros = excluded.baseline_micros, alarm_time = excluded.alarm_time, "
      "reset_time = excluded.reset_time, reset_by = excluded.reset_by, "
      "reset_cause = excluded.reset_cause";
  static constexpr absl::string_view kDelete =
      "DELETE FROM quality_test WHERE program_id = $1 AND campaign = $2 AND metric = $3";
  static Key KeyOf(const Row& row);
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  // Alarms that are raised: kAlarms.
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// The tests of a campaign, one for each metric.
struct TestsOfCampaign {
  using Table = QualityTestTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_QUALITY_TEST_COLUMNS
      " FROM quality_test WHERE program_id = $1 AND campaign = $2";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    return Key(row.program_id, row.campaign);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

#undef KITH_QUALITY_TEST_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_QUALITY_TABLES_H_
