#include "services/advocacy/store/tables.h"

#include "services/advocacy/store/counters.h"
#include "services/advocacy/store/policy_codec.h"

namespace kith::advocacy::store {

db::Params PolicyTable::Encode(const Row& row) {
  return {row.program_id, row.version, db::FromOptional(row.effective_time),
          EncodePolicy(row.policy)};
}

domain::PolicyVersion PolicyTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Int(1), row.OptionalTime(2), DecodePolicy(row.Text(3))};
}

db::Params AdvocateTable::Encode(const Row& row) {
  return {row.program_id,
          row.advocate_id,
          row.points,
          row.successes,
          row.activities,
          row.tier,
          db::FromOptional(row.enrolled_time)};
}

domain::Advocate AdvocateTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Int(2),         row.Int(3),
          row.Int(4),  row.Text(5), row.OptionalTime(6)};
}

void AdvocateTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<AdvocatesBySuccesses>({row.program_id, row.successes}, sign);
  unit.Count<AdvocatesByPoints>({row.program_id, row.points}, sign);
}

db::Params ActivityTable::Encode(const Row& row) {
  db::Params params = {row.program_id,
                       row.activity_id,
                       row.advocate_id,
                       row.behaviour,
                       db::FromTime(row.time),
                       db::FromBool(row.time_given),
                       row.channel,
                       row.url,
                       row.policy_version,
                       row.worth,
                       db::FromBool(row.counted)};
  if (row.cap.has_value()) {
    params.insert(params.end(),
                  {int64_t{row.cap->max}, int64_t{row.cap->days}, row.cap->period});
  } else {
    params.insert(params.end(), {db::Null(), db::Null(), db::Null()});
  }
  params.insert(params.end(), {db::FromOptional(row.reversal_time), row.reversal_cause,
                               int64_t{row.entries}});
  return params;
}

domain::Activity ActivityTable::Decode(const db::Row& row) {
  domain::Activity act;
  act.program_id = row.Text(0);
  act.activity_id = row.Text(1);
  act.advocate_id = row.Text(2);
  act.behaviour = row.Text(3);
  act.time = row.Time(4);
  act.time_given = row.Bool(5);
  act.channel = row.Text(6);
  act.url = row.Text(7);
  act.policy_version = row.Int(8);
  act.worth = row.Int(9);
  act.counted = row.Bool(10);
  if (!row.IsNull(11)) {
    act.cap = domain::Cap{static_cast<int32_t>(row.Int(11)), static_cast<int32_t>(row.Int(12)),
                          row.Int(13)};
  }
  act.reversal_time = row.OptionalTime(14);
  act.reversal_cause = row.Text(15);
  act.entries = static_cast<int32_t>(row.Int(16));
  return act;
}

void ActivityTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  if (row.live()) unit.Count<ActivitiesByBehaviour>({row.program_id, row.behaviour}, sign);
}

std::optional<ActivitiesByCapPeriod::Key> ActivitiesByCapPeriod::KeyOf(const Table::Row& row) {
  if (!row.cap.has_value()) return std::nullopt;
  return Key{row.program_id, row.advocate_id, row.behaviour, row.cap->days, row.cap->period};
}

db::Params ActivitiesByCapPeriod::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
          std::get<4>(key)};
}

db::Params SuccessTable::Encode(const Row& row) {
  return {row.program_id,
          row.conversion_id,
          row.referral_id,
          row.advocate_id,
          db::FromTime(row.time),
          row.points,
          db::FromOptional(row.reversal_time),
          int64_t{row.entries}};
}

domain::Success SuccessTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2),         row.Text(3),
          row.Time(4), row.Int(5),  row.OptionalTime(6), static_cast<int32_t>(row.Int(7))};
}

db::Params PointLedger::Encode(const Row& row) {
  return {row.program_id,        static_cast<int64_t>(row.source),
          row.source_id,         int64_t{row.number},
          row.advocate_id,       row.points,
          db::FromTime(row.time)};
}

}  // namespace kith::advocacy::store
