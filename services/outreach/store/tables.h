// How programs, playbooks, contacts, enrollments and milestones map to rows (see
// common/executor/table.h). Messages are in message_tables.h.
#ifndef KITH_SERVICES_OUTREACH_STORE_TABLES_H_
#define KITH_SERVICES_OUTREACH_STORE_TABLES_H_

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

#define KITH_ENROLLMENT_COLUMNS                                                      \
  "program_id, contact_id, playbook_id, subject_id, playbook_version, referral_id, " \
  "trigger_at, started_by, exit_on_conversion, exit_on_churn, ended_by "

struct EnrollmentTable {
  using Row = Enrollment;
  // program, contact, playbook, subject
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_ENROLLMENT_COLUMNS
      "FROM enrollment WHERE program_id = $1 AND contact_id = $2 AND playbook_id = $3 "
      "AND subject_id = $4";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO enrollment (" KITH_ENROLLMENT_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
      "ON CONFLICT (program_id, contact_id, playbook_id, subject_id) "
      "DO UPDATE SET ended_by = excluded.ended_by";
  static constexpr absl::string_view kDelete =
      "DELETE FROM enrollment WHERE program_id = $1 AND contact_id = $2 AND playbook_id = $3 "
      "AND subject_id = $4";
  static Key KeyOf(const Row& row);
  static db::Params KeyParams(const Key& key);
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};
// The enrollments of a contact that IsEndable says may be ended.
struct EndableOfContact {
  using Table = EnrollmentTable;
  using Key = std::pair<std::string, std::string>;  // program, contact
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_ENROLLMENT_COLUMNS
      "FROM enrollment WHERE program_id = $1 AND contact_id = $2 AND "
      "((exit_on_conversion = 1 AND ended_by <> 'converted') "
      "OR (exit_on_churn = 1 AND ended_by = ''))";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};
// The enrollments about a referral that IsEndable says may be ended.
struct EndableOfReferral {
  using Table = EnrollmentTable;
  using Key = std::pair<std::string, std::string>;  // program, referral
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_ENROLLMENT_COLUMNS
      "FROM enrollment WHERE program_id = $1 AND referral_id = $2 AND "
      "((exit_on_conversion = 1 AND ended_by <> 'converted') "
      "OR (exit_on_churn = 1 AND ended_by = ''))";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};
#undef KITH_ENROLLMENT_COLUMNS

// Something that happened once and for all, or the latest time that it did.
struct Milestone {
  std::string program_id;
  std::string kind;  // one of those below
  std::string subject_id;
  absl::Time time;
};
inline constexpr absl::string_view kReferralConverted = "referral_converted";
inline constexpr absl::string_view kCustomerConverted = "customer_converted";
inline constexpr absl::string_view kCustomerChurned = "customer_churned";

struct MilestoneTable {
  using Row = Milestone;
  using Key = std::tuple<std::string, std::string, std::string>;  // program, kind, subject
  static constexpr absl::string_view kSelect =
      "SELECT program_id, kind, subject_id, happened_at FROM milestone "
      "WHERE program_id = $1 AND kind = $2 AND subject_id = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO milestone (program_id, kind, subject_id, happened_at) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (program_id, kind, subject_id) "
      "DO UPDATE SET happened_at = excluded.happened_at";
  static constexpr absl::string_view kDelete =
      "DELETE FROM milestone WHERE program_id = $1 AND kind = $2 AND subject_id = $3";
  static Key KeyOf(const Row& row) { return {row.program_id, row.kind, row.subject_id}; }
  static db::Params KeyParams(const Key& key);
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_STORE_TABLES_H_
