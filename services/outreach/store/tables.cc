#include "services/outreach/store/tables.h"

#include "common/executor/unit.h"
#include "services/outreach/store/playbook_codec.h"

namespace kith::outreach {

db::Params TallyCounter::Encode(const Key& key, int64_t delta) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), delta};
}

db::Params ProgramTable::Encode(const Row& row) {
  return {row.program_id, db::FromTime(row.known_since)};
}
KnownProgram ProgramTable::Decode(const db::Row& row) { return {row.Text(0), row.Time(1)}; }

PlaybookTable::Key PlaybookTable::KeyOf(const Row& row) {
  return {row.playbook.program_id, row.playbook.playbook_id, row.version};
}
db::Params PlaybookTable::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
}
db::Params PlaybookTable::Encode(const Row& row) {
  return {row.playbook.program_id,  row.playbook.playbook_id,       row.version,
          db::FromBool(row.newest), db::FromTime(row.applied_time), EncodeRules(row.playbook)};
}
PlaybookVersion PlaybookTable::Decode(const db::Row& row) {
  PlaybookVersion version;
  version.playbook = DecodeRules(row.Text(5));
  version.playbook.program_id = row.Text(0);
  version.playbook.playbook_id = row.Text(1);
  version.version = row.Int(2);
  version.newest = row.Bool(3);
  version.applied_time = row.Time(4);
  return version;
}

std::optional<NewestPlaybooks::Key> NewestPlaybooks::KeyOf(const Table::Row& row) {
  if (!row.newest) return std::nullopt;
  return row.playbook.program_id;
}
std::optional<VersionsOfPlaybook::Key> VersionsOfPlaybook::KeyOf(const Table::Row& row) {
  return Key(row.playbook.program_id, row.playbook.playbook_id);
}

db::Params ContactTable::Encode(const Row& row) {
  return {row.program_id, row.contact_id, row.time_zone, row.locale, EncodeSuppressions(row)};
}
Contact ContactTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3), DecodeSuppressions(row.Text(4))};
}
void ContactTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<TallyCounter>({row.program_id, "contacts", "", ""}, sign);
}

}  // namespace kith::outreach
