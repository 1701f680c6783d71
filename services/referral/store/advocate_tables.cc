#include "services/referral/store/advocate_tables.h"

#include "services/referral/store/summary.h"

namespace kith::referral::store {

db::Params AdvocateTable::Encode(const Row& row) {
  return {row.program_id,
          row.advocate_id,
          FromHash(row.email_hash),
          row.code,
          db::FromTime(row.enrolled_time),
          row.referrals,
          row.signups,
          row.conversions};
}

domain::Advocate AdvocateTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .advocate_id = row.Text(1),
          .email_hash = row.Bytes(2),
          .code = row.Text(3),
          .enrolled_time = row.Time(4),
          .referrals = row.Int(5),
          .signups = row.Int(6),
          .conversions = row.Int(7)};
}

void AdvocateTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kAdvocates), sign);
}

db::Params TouchTable::Encode(const Row& row) {
  return {row.program_id, row.touch_id,    row.code,
          row.visitor_id, row.advocate_id, db::FromTime(row.touch_time)};
}

domain::Touch TouchTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .touch_id = row.Text(1),
          .code = row.Text(2),
          .visitor_id = row.Text(3),
          .advocate_id = row.Text(4),
          .touch_time = row.Time(5)};
}

}  // namespace kith::referral::store
