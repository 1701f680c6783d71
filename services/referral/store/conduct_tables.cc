#include "services/referral/store/conduct_tables.h"

#include "services/referral/domain/names.h"

namespace kith::referral::store {

BlockedIdentityTable::Key BlockedIdentityTable::KeyOf(const Row& row) {
  return {row.program_id, std::string(domain::Name(row.kind)), row.hash};
}

db::Params BlockedIdentityTable::Encode(const Row& row) {
  return {row.program_id, std::string(domain::Name(row.kind)), FromHash(row.hash),
          row.added_by,   db::FromTime(row.added_time),        row.cause};
}

domain::BlockedIdentity BlockedIdentityTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .kind = domain::ParseName<domain::IdentityKind>(row.Text(1))
                      .value_or(domain::IdentityKind::kEmail),
          .hash = row.Bytes(2),
          .added_by = row.Text(3),
          .added_time = row.Time(4),
          .cause = row.Text(5)};
}

db::Params SuspensionTable::Encode(const Row& row) {
  return {row.program_id,
          row.advocate_id,
          row.sequence,
          db::FromTime(row.decision_time),
          db::FromBool(row.suspended),
          row.decided_by,
          row.cause};
}

domain::Suspension SuspensionTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .advocate_id = row.Text(1),
          .sequence = row.Int(2),
          .decision_time = row.Time(3),
          .suspended = row.Bool(4),
          .decided_by = row.Text(5),
          .cause = row.Text(6)};
}

}  // namespace kith::referral::store
