// How programs, playbooks and contacts map to rows (see common/executor/table.h). Enrollments
// are in enrollment_tables.h, messages in message_tables.h.
#ifndef KITH_SERVICES_OUTREACH_STORE_TABLES_H_
#define KITH_SERVICES_OUTREACH_STORE_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// A count that is kept up with the rows: `name` is contacts, enrollments or messages; state
// and reason are of messages only.
struct TallyCounter {
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  static constexpr absl::string_view kAdd =
      "INSERT INTO tally (program_id, name, state, reason, value) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (program_id, name, state, reason) "
      "DO UPDATE SET value = tally.value + excluded.value";
  static constexpr absl::string_view kPrune =
      "DELETE FROM tally WHERE program_id = $1 AND name = $2 AND state = $3 AND reason = $4 "
      "AND value = 0";
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key)};
  }
  static db::Params Encode(const Key& key, int64_t delta);
};

struct KnownProgram {
  std::string program_id;
  absl::Time known_since;
};
struct ProgramTable {
  using Row = KnownProgram;
  using Key = std::string;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, known_since FROM program WHERE program_id = $1";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO program (program_id, known_since) VALUES ($1, $2) "
      "ON CONFLICT (program_id) DO NOTHING";
  static constexpr absl::string_view kDelete = "DELETE FROM program WHERE program_id = $1";
  static Key KeyOf(const Row& row) { return row.program_id; }
  static db::Params KeyParams(const Key& key) { return {key}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

struct PlaybookTable {
  using Row = PlaybookVersion;
  using Key = std::tuple<std::string, std::string, int64_t>;  // program, playbook, version
  static constexpr absl::string_view kSelect =
      "SELECT program_id, playbook_id, version, newest, applied_at, rules FROM playbook "
      "WHERE program_id = $1 AND playbook_id = $2 AND version = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO playbook (program_id, playbook_id, version, newest, applied_at, rules) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (program_id, playbook_id, version) "
      "DO UPDATE SET newest = excluded.newest";
  static constexpr absl::string_view kDelete =
      "DELETE FROM playbook WHERE program_id = $1 AND playbook_id = $2 AND version = $3";
  static Key KeyOf(const Row& row);
  static db::Params KeyParams(const Key& key);
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};
// The newest version of every playbook of a program (kMaxPlaybooks at most).
struct NewestPlaybooks {
  using Table = PlaybookTable;
  using Key = std::string;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, playbook_id, version, newest, applied_at, rules FROM playbook "
      "WHERE program_id = $1 AND newest = 1";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key}; }
};
// Every version of a playbook, oldest first.
struct VersionsOfPlaybook {
  using Table = PlaybookTable;
  using Key = std::pair<std::string, std::string>;  // program, playbook
  static constexpr absl::string_view kSelect =
      "SELECT program_id, playbook_id, version, newest, applied_at, rules FROM playbook "
      "WHERE program_id = $1 AND playbook_id = $2";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};

struct ContactTable {
  using Row = Contact;
  using Key = std::pair<std::string, std::string>;  // program, contact
  static constexpr absl::string_view kSelect =
      "SELECT program_id, contact_id, time_zone, locale, suppressions FROM contact "
      "WHERE program_id = $1 AND contact_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO contact (program_id, contact_id, time_zone, locale, suppressions) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id, contact_id) DO UPDATE SET "
      "time_zone = excluded.time_zone, locale = excluded.locale, "
      "suppressions = excluded.suppressions";
  static constexpr absl::string_view kDelete =
      "DELETE FROM contact WHERE program_id = $1 AND contact_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.contact_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_STORE_TABLES_H_
