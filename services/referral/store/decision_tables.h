// Who decided last what leaves no other trace in its own rows.
#ifndef KITH_SERVICES_REFERRAL_STORE_DECISION_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_DECISION_TABLES_H_

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::referral::store {

// What was decided, as the store names it; then what `subject_id` is.
inline constexpr absl::string_view kResumed = "resume_campaign";   // a campaign
inline constexpr absl::string_view kRevoked = "revoke_code";       // a code
inline constexpr absl::string_view kRetried = "retry_fulfilment";  // a reward

struct Decision {
  std::string program_id;
  std::string kind;
  std::string subject_id;
  absl::Time decided_time;
  std::string decided_by;  // empty: nobody said
  friend bool operator==(const Decision&, const Decision&) = default;
};

// The last decision of a kind about a subject.
struct DecisionTable {
  using Row = Decision;
  using Key = std::tuple<std::string, std::string, std::string>;  // program, kind, subject
  static constexpr absl::string_view kSelect =
      "SELECT program_id, kind, subject_id, decided_time, decided_by FROM decision "
      "WHERE program_id = $1 AND kind = $2 AND subject_id = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO decision (program_id, kind, subject_id, decided_time, decided_by) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id, kind, subject_id) DO UPDATE SET "
      "decided_time = excluded.decided_time, decided_by = excluded.decided_by";
  static constexpr absl::string_view kDelete =
      "DELETE FROM decision WHERE program_id = $1 AND kind = $2 AND subject_id = $3";
  static Key KeyOf(const Row& row) { return {row.program_id, row.kind, row.subject_id}; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row) {
    return {row.program_id, row.kind, row.subject_id, db::FromTime(row.decided_time),
            row.decided_by};
  }
  static Row Decode(const db::Row& row) {
    return {row.Text(0), row.Text(1), row.Text(2), row.Time(3), row.Text(4)};
  }
};

// The decisions of a kind about these subjects, by subject, in one round trip.
absl::StatusOr<std::map<std::string, Decision>> ReadDecisions(
    db::ReadTransaction& transaction, const std::string& program_id, absl::string_view kind,
    const std::vector<std::string>& subject_ids);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_DECISION_TABLES_H_
