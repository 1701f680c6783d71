#include "common/executor/store_setup.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace kith::exec {
namespace {

constexpr absl::string_view kInsertInfo =
    "INSERT INTO store_info (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
constexpr absl::string_view kSelectInfo = "SELECT value FROM store_info WHERE name = $1";
constexpr absl::string_view kInsertShard =
    "INSERT INTO shard (shard, head_position, turn) VALUES ($1, 0, 0) "
    "ON CONFLICT (shard) DO NOTHING";
constexpr absl::string_view kNextResponses =
    "SELECT request_id, program_id, method, stored_at FROM stored_response "
    "WHERE (request_id, program_id, method) > ($1, $2, $3) "
    "ORDER BY request_id, program_id, method LIMIT $4";
constexpr absl::string_view kDeleteOld =
    "DELETE FROM stored_response "
    "WHERE request_id = $1 AND program_id = $2 AND method = $3 AND stored_at < $4";

absl::StatusOr<StoreInfo> SetUpOnce(db::Database& database, int shards, const Clock& clock) {
  KITH_ASSIGN_OR_RETURN(auto transaction,
                        database.BeginWrite(SystemClock().Now() + absl::Seconds(30)));
  const std::vector<db::Call> claims = {
      {kInsertInfo, {std::string("shards"), absl::StrCat(shards)}},
      {kInsertInfo, {std::string("feed_id"), NewUuid(clock.Now())}}};
  KITH_RETURN_IF_ERROR(transaction->ExecuteMany(claims).status());
  const std::vector<db::Call> reads = {{kSelectInfo, {std::string("shards")}},
                                       {kSelectInfo, {std::string("feed_id")}}};
  KITH_ASSIGN_OR_RETURN(const auto results, transaction->QueryMany(reads));
  StoreInfo info;
  if (!absl::SimpleAtoi(results[0].rows.at(0).Text(0), &info.shards) || info.shards < 1) {
    return absl::InternalError("the store's number of shards is damaged");
  }
  info.feed_id = results[1].rows.at(0).Text(0);
  std::vector<db::Call> rows;
  for (int64_t shard = 0; shard < info.shards; ++shard)
    rows.push_back({kInsertShard, {shard}});
  KITH_RETURN_IF_ERROR(transaction->Commit(rows));
  return info;
}

}  // namespace

absl::StatusOr<StoreInfo> SetUpStore(db::Database& database, int shards, const Clock& clock) {
  constexpr int kAttempts = 5;
  absl::StatusOr<StoreInfo> info = SetUpOnce(database, shards, clock);
  for (int i = 1; i < kAttempts && !info.ok() && db::IsRetryable(info.status()); ++i) {
    info = SetUpOnce(database, shards, clock);
  }
  return info;
}

absl::StatusOr<int64_t> DeleteStoredResponses(db::Database& database, absl::Time before,
                                              int64_t limit, ResponseWalk& walk) {
  const absl::Time deadline = SystemClock().Now() + absl::Seconds(30);
  db::Params range = StoredResponseTable::KeyParams(walk.after);
  range.emplace_back(limit);
  KITH_ASSIGN_OR_RETURN(auto reading, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const db::Result next, reading->Query(kNextResponses, range));
  reading.reset();
  std::vector<db::Call> deletions;
  StoredResponseTable::Key last = walk.after;
  for (const db::Row& row : next.rows) {
    last = {row.Text(0), row.Text(1), row.Text(2)};
    if (row.Time(3) >= before) continue;
    db::Params old = StoredResponseTable::KeyParams(last);
    old.push_back(db::FromTime(before));
    deletions.push_back({kDeleteOld, std::move(old)});
  }
  if (!deletions.empty()) {
    KITH_ASSIGN_OR_RETURN(auto writing, database.BeginWrite(deadline));
    KITH_RETURN_IF_ERROR(writing->Commit(deletions));
  }
  walk.after = std::move(last);
  walk.done = static_cast<int64_t>(next.rows.size()) < limit;
  return static_cast<int64_t>(deletions.size());
}

}  // namespace kith::exec
