#include "services/referral/store/quality_tables.h"

#include "services/referral/domain/rule_names.h"
#include "services/referral/store/summary.h"

namespace kith::referral::store {
namespace {

std::string MetricText(domain::QualityMetric metric) {
  return std::string(domain::Name(metric));
}

domain::QualityMetric ToMetric(const std::string& name) {
  return domain::ParseName<domain::QualityMetric>(name).value_or(
      domain::QualityMetric::kQualification);
}

}  // namespace

QualityBaselineTable::Key QualityBaselineTable::KeyOf(const Row& row) {
  return {row.program_id, MetricText(row.metric)};
}

db::Params QualityBaselineTable::Encode(const Row& row) {
  return {row.program_id, MetricText(row.metric), row.outcomes, row.successes,
          db::FromTime(row.first_time)};
}

domain::QualityBaseline QualityBaselineTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .metric = ToMetric(row.Text(1)),
          .outcomes = row.Int(2),
          .successes = row.Int(3),
          .first_time = row.Time(4)};
}

ConversionBaselineTable::Key ConversionBaselineTable::ToKey(const std::string& program_id,
                                                            absl::Duration within) {
  return {program_id, absl::ToInt64Microseconds(within)};
}

db::Params ConversionBaselineTable::Encode(const Row& row) {
  return {row.program_id, absl::ToInt64Microseconds(row.within), row.outcomes, row.successes,
          db::FromTime(row.first_time)};
}

domain::QualityBaseline ConversionBaselineTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .metric = domain::QualityMetric::kConversion,
          .outcomes = row.Int(2),
          .successes = row.Int(3),
          .first_time = row.Time(4),
          .within = absl::Microseconds(row.Int(1))};
}

QualityTestTable::Key QualityTestTable::KeyOf(const Row& row) {
  return {row.program_id, row.campaign, MetricText(row.metric)};
}

db::Params QualityTestTable::Encode(const Row& row) {
  return {row.program_id,
          row.campaign,
          MetricText(row.metric),
          row.outcomes,
          row.successes,
          db::FromTime(row.first_time),
          db::FromTime(row.last_time),
          row.baseline_ppm.has_value() ? db::Value(*row.baseline_ppm) : db::Value(db::Null()),
          db::FromBool(row.stated),
          row.drop_basis_points,
          row.false_alarm_ppm,
          row.baseline_outcomes,
          row.baseline_successes,
          absl::ToInt64Microseconds(row.baseline_time),
          db::FromOptional(row.alarm_time),
          db::FromOptional(row.reset_time),
          row.reset_by,
          row.reset_cause};
}

domain::QualityTest QualityTestTable::Decode(const db::Row& row) {
  domain::QualityTest test{.program_id = row.Text(0),
                           .campaign = row.Text(1),
                           .metric = ToMetric(row.Text(2)),
                           .outcomes = row.Int(3),
                           .successes = row.Int(4),
                           .first_time = row.Time(5),
                           .last_time = row.Time(6),
                           .baseline_ppm = std::nullopt,
                           .stated = row.Bool(8),
                           .drop_basis_points = row.Int(9),
                           .false_alarm_ppm = row.Int(10),
                           .baseline_outcomes = row.Int(11),
                           .baseline_successes = row.Int(12),
                           .baseline_time = absl::Microseconds(row.Int(13)),
                           .alarm_time = row.OptionalTime(14),
                           .reset_time = row.OptionalTime(15),
                           .reset_by = row.Text(16),
                           .reset_cause = row.Text(17)};
  if (!row.IsNull(7)) test.baseline_ppm = row.Int(7);
  return test;
}

void QualityTestTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  if (!row.alarm_time.has_value()) return;
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kAlarms), sign);
}

}  // namespace kith::referral::store
