// Work that is due at a time, and who does it, in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_DUE_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_DUE_TABLES_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::referral::store {

// One entry: `kind` is to be done for a subject of a program, from `due_time` on.
struct DueEntry {
  std::string program_id;
  std::string kind;
  std::string subject_id;
  absl::Time due_time;
  friend bool operator==(const DueEntry&, const DueEntry&) = default;
};

struct DueTable {
  using Row = DueEntry;
  using Key = std::tuple<std::string, std::string, std::string>;  // program, kind, subject
  static constexpr absl::string_view kSelect =
      "SELECT program_id, kind, subject_id, due_time FROM due_work "
      "WHERE program_id = $1 AND kind = $2 AND subject_id = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO due_work (program_id, kind, subject_id, due_time) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (program_id, kind, subject_id) DO UPDATE SET due_time = excluded.due_time";
  static constexpr absl::string_view kDelete =
      "DELETE FROM due_work WHERE program_id = $1 AND kind = $2 AND subject_id = $3";
  static Key KeyOf(const Row& row) { return {row.program_id, row.kind, row.subject_id}; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Row& row) {
    return {row.program_id, row.kind, row.subject_id, db::FromTime(row.due_time)};
  }
  static Row Decode(const db::Row& row) {
    return {row.Text(0), row.Text(1), row.Text(2), row.Time(3)};
  }
};

// Who does the due work of a shard, until when.
struct DueLease {
  int64_t shard = 0;
  std::string holder;
  absl::Time end_time = absl::InfinitePast();
};

struct DueLeaseTable {
  using Row = DueLease;
  using Key = int64_t;  // shard
  static constexpr absl::string_view kSelect =
      "SELECT shard, holder, end_time FROM due_lease WHERE shard = $1";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO due_lease (shard, holder, end_time) VALUES ($1, $2, $3) "
      "ON CONFLICT (shard) DO UPDATE SET holder = excluded.holder, "
      "end_time = excluded.end_time";
  static constexpr absl::string_view kDelete = "DELETE FROM due_lease WHERE shard = $1";
  static Key KeyOf(const Row& row) { return row.shard; }
  static db::Params KeyParams(const Key& key) { return {key}; }
  static db::Params Encode(const Row& row) {
    return {row.shard, row.holder, db::FromTime(row.end_time)};
  }
  static Row Decode(const db::Row& row) { return {row.Int(0), row.Text(1), row.Time(2)}; }
};

// The entries that are due by `now`, in order of time, program, kind and subject, behind
// `after` (nullptr: from the first on).
absl::StatusOr<std::vector<DueEntry>> ReadDue(db::ReadTransaction& transaction, absl::Time now,
                                              const DueEntry* after, int64_t limit);
// When the first entry of all is due; the far future when there is none.
absl::StatusOr<absl::Time> ReadFirstDueTime(db::ReadTransaction& transaction);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_DUE_TABLES_H_
