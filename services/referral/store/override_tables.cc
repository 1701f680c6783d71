#include "services/referral/store/override_tables.h"

namespace kith::referral::store {

db::Params OverrideTable::Encode(const Row& row) {
  return {row.program_id,  row.customer_id,
          row.number,      row.old_advocate_id,
          row.advocate_id, row.old_referral_id,
          row.referral_id, row.decided_by,
          row.cause,       db::FromTime(row.decided_time)};
}

domain::AttributionOverride OverrideTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .customer_id = row.Text(1),
          .number = row.Int(2),
          .old_advocate_id = row.Text(3),
          .advocate_id = row.Text(4),
          .old_referral_id = row.Text(5),
          .referral_id = row.Text(6),
          .decided_by = row.Text(7),
          .cause = row.Text(8),
          .decided_time = row.Time(9)};
}

}  // namespace kith::referral::store
