#include "services/referral/store/due_tables.h"

#include <utility>

#include "common/base/status_macros.h"

namespace kith::referral::store {
namespace {

constexpr absl::string_view kFirstDue =
    "SELECT program_id, kind, subject_id, due_time FROM due_work WHERE due_time <= $1 "
    "ORDER BY due_time, program_id, kind, subject_id LIMIT $2";
constexpr absl::string_view kNextDue =
    "SELECT program_id, kind, subject_id, due_time FROM due_work "
    "WHERE due_time <= $1 AND (due_time, program_id, kind, subject_id) > ($3, $4, $5, $6) "
    "ORDER BY due_time, program_id, kind, subject_id LIMIT $2";
constexpr absl::string_view kFirstDueTime =
    "SELECT due_time FROM due_work ORDER BY due_time LIMIT 1";

}  // namespace

absl::StatusOr<std::vector<DueEntry>> ReadDue(db::ReadTransaction& transaction, absl::Time now,
                                              const DueEntry* after, int64_t limit) {
  db::Params params = {db::FromTime(now), limit};
  if (after != nullptr) {
    params.insert(params.end(), {db::FromTime(after->due_time), after->program_id, after->kind,
                                 after->subject_id});
  }
  KITH_ASSIGN_OR_RETURN(
      const db::Result result,
      transaction.Query(after == nullptr ? kFirstDue : kNextDue, std::move(params)));
  std::vector<DueEntry> entries;
  entries.reserve(result.rows.size());
  for (const db::Row& row : result.rows) entries.push_back(DueTable::Decode(row));
  return entries;
}

absl::StatusOr<absl::Time> ReadFirstDueTime(db::ReadTransaction& transaction) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kFirstDueTime));
  return result.rows.empty() ? absl::InfiniteFuture() : result.rows[0].Time(0);
}

}  // namespace kith::referral::store
