// How enrollments and milestones map to rows (see common/executor/table.h).
#ifndef KITH_SERVICES_OUTREACH_STORE_ENROLLMENT_TABLES_H_
#define KITH_SERVICES_OUTREACH_STORE_ENROLLMENT_TABLES_H_

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

#define KITH_ENROLLMENT_COLUMNS                                                            \
  "program_id, contact_id, playbook_id, subject_id, life, playbook_version, referral_id, " \
  "conversion_id, trigger_at, started_by, exit_on_conversion, exit_on_churn, ended_by, "   \
  "exit_on_return "

struct EnrollmentTable {
  using Row = Enrollment;
  // program, contact, playbook, subject, life
  using Key = std::tuple<std::string, std::string, std::string, std::string, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_ENROLLMENT_COLUMNS
      "FROM enrollment WHERE program_id = $1 AND contact_id = $2 AND playbook_id = $3 "
      "AND subject_id = $4 AND life = $5";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO enrollment (" KITH_ENROLLMENT_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
      "ON CONFLICT (program_id, contact_id, playbook_id, subject_id, life) DO UPDATE SET "
      "referral_id = excluded.referral_id, conversion_id = excluded.conversion_id, "
      "trigger_at = excluded.trigger_at, ended_by = excluded.ended_by";
  static constexpr absl::string_view kDelete =
      "DELETE FROM enrollment WHERE program_id = $1 AND contact_id = $2 AND playbook_id = $3 "
      "AND subject_id = $4 AND life = $5";
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
      "OR ((exit_on_churn = 1 OR exit_on_return = 1) AND ended_by = ''))";
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
      "OR ((exit_on_churn = 1 OR exit_on_return = 1) AND ended_by = ''))";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};
// The enrollments that a conversion started and IsReversible says its reversal may end.
struct ReversibleOfConversion {
  using Table = EnrollmentTable;
  using Key = std::pair<std::string, std::string>;  // program, conversion
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_ENROLLMENT_COLUMNS
      "FROM enrollment WHERE program_id = $1 AND conversion_id = $2 AND conversion_id <> '' "
      "AND ended_by <> 'conversion_reversed'";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};
// The enrollments that the attribution of a contact started and IsWithdrawable says its
// withdrawal may end.
struct WithdrawableOfContact {
  using Table = EnrollmentTable;
  using Key = std::pair<std::string, std::string>;  // program, contact
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_ENROLLMENT_COLUMNS
      "FROM enrollment WHERE program_id = $1 AND contact_id = $2 "
      "AND started_by = 'signup_attributed ' || contact_id "
      "AND ended_by NOT IN ('converted', 'unattributed')";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};
#undef KITH_ENROLLMENT_COLUMNS

// Something that happened once and for all, or the latest time that it did. A reversal lasts
// until its conversion is told live again, perhaps for another advocate.
struct Milestone {
  std::string program_id;
  std::string kind;  // one of those below
  std::string subject_id;
  absl::Time time;
};
inline constexpr absl::string_view kReferralConverted = "referral_converted";
inline constexpr absl::string_view kCustomerConverted = "customer_converted";
inline constexpr absl::string_view kConversionReversed = "conversion_reversed";
inline constexpr absl::string_view kCustomerChurned = "customer_churned";
inline constexpr absl::string_view kCustomerReactivated = "customer_reactivated";

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

#endif  // KITH_SERVICES_OUTREACH_STORE_ENROLLMENT_TABLES_H_
