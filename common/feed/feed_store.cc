#include "common/feed/feed_store.h"

#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"

namespace kith::feed {
namespace {

constexpr size_t kMaxPageBytes = 2 << 20;

constexpr absl::string_view kSelectEvents =
    "SELECT position, program_id, recorded_at, fact FROM event "
    "WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3";
constexpr absl::string_view kSelectHead = "SELECT head_position FROM shard WHERE shard = $1";
constexpr absl::string_view kSelectHeads = "SELECT head_position FROM shard ORDER BY shard";
constexpr absl::string_view kSelectResume =
    "SELECT feed_id, COUNT(*), MIN(position) FROM feed_cursor "
    "WHERE source = $1 AND source_shard = $2 GROUP BY feed_id ORDER BY feed_id";
constexpr absl::string_view kSelectFurthest =
    "SELECT source_shard, feed_id, MAX(position) FROM feed_cursor WHERE source = $1 "
    "GROUP BY source_shard, feed_id";
constexpr absl::string_view kCountQuarantined =
    "SELECT source, source_shard, COUNT(*) FROM quarantine GROUP BY source, source_shard "
    "ORDER BY source, source_shard";
constexpr absl::string_view kSelectQuarantined =
    "SELECT source, source_shard, position, program_id, recorded_at, fact, reason, message, "
    "quarantined_at, shard FROM quarantine WHERE (source, source_shard, position) > ($1, $2, "
    "$3) "
    "ORDER BY source, source_shard, position LIMIT $4";

}  // namespace

absl::StatusOr<EventPage> ReadEventPage(db::ReadTransaction& transaction, int shard,
                                        int64_t after, int64_t limit) {
  const std::vector<db::Call> calls = {{kSelectHead, {int64_t{shard}}},
                                       {kSelectEvents, {int64_t{shard}, after, limit}}};
  KITH_ASSIGN_OR_RETURN(const auto results, transaction.QueryMany(calls));
  EventPage page;
  if (!results[0].rows.empty()) page.head_position = results[0].rows[0].Int(0);
  size_t bytes = 0;
  for (const db::Row& row : results[1].rows) {
    bytes += row.Bytes(3).size() + row.Text(1).size();
    if (!page.events.empty() && bytes > kMaxPageBytes) break;
    page.events.push_back({row.Int(0), row.Text(1), row.Time(2), row.Bytes(3)});
  }
  return page;
}

absl::StatusOr<std::vector<int64_t>> ReadHeads(db::ReadTransaction& transaction) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kSelectHeads));
  std::vector<int64_t> heads;
  for (const db::Row& row : result.rows) heads.push_back(row.Int(0));
  return heads;
}

db::Params CursorTable::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
}
db::Params CursorTable::Encode(const Row& row) {
  return {row.source, row.source_shard, row.shard, row.position, row.feed_id};
}
Cursor CursorTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Int(1), row.Int(2), row.Int(3), row.Text(4)};
}

db::Params QuarantineTable::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
}
db::Params QuarantineTable::Encode(const Row& row) {
  return {row.source,
          row.source_shard,
          row.event.position,
          row.event.program_id,
          db::FromTime(row.event.recorded_time),
          db::Blob{row.event.fact},
          row.reason,
          row.message,
          db::FromTime(row.quarantined_time),
          row.shard};
}
Quarantined QuarantineTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Int(1),  {row.Int(2), row.Text(3), row.Time(4), row.Bytes(5)},
          row.Text(6), row.Text(7), row.Time(8),
          row.Int(9)};
}

db::Params QuarantinedAfterTable::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key)};
}
QuarantinedAfter QuarantinedAfterTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4)};
}

absl::StatusOr<ResumePoint> ReadResumePoint(db::ReadTransaction& transaction,
                                            const std::string& source, int64_t source_shard,
                                            int64_t shards) {
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kSelectResume, {source, source_shard}));
  ResumePoint point;
  int64_t cursors = 0;
  for (const db::Row& row : result.rows) {
    point.position = cursors == 0 ? row.Int(2) : std::min(point.position, row.Int(2));
    point.feed_ids.push_back(row.Text(0));
    cursors += row.Int(1);
  }
  if (cursors < shards) point.position = 0;
  return point;
}

absl::StatusOr<Furthest> ReadFurthest(db::ReadTransaction& transaction,
                                      const std::string& source) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kSelectFurthest, {source}));
  Furthest furthest;
  for (const db::Row& row : result.rows) furthest[{row.Int(0), row.Text(1)}] = row.Int(2);
  return furthest;
}

absl::StatusOr<std::vector<QuarantineCount>> CountQuarantined(
    db::ReadTransaction& transaction) {
  KITH_ASSIGN_OR_RETURN(const db::Result result, transaction.Query(kCountQuarantined));
  std::vector<QuarantineCount> counts;
  for (const db::Row& row : result.rows) {
    counts.push_back({row.Text(0), row.Int(1), row.Int(2)});
  }
  return counts;
}

absl::StatusOr<std::optional<Quarantined>> FindQuarantined(db::ReadTransaction& transaction,
                                                           const QuarantineTable::Key& key) {
  KITH_ASSIGN_OR_RETURN(
      const db::Result result,
      transaction.Query(QuarantineTable::kSelect, QuarantineTable::KeyParams(key)));
  if (result.rows.empty()) return std::nullopt;
  return QuarantineTable::Decode(result.rows[0]);
}

absl::StatusOr<std::vector<Quarantined>> ReadQuarantined(db::ReadTransaction& transaction,
                                                         const QuarantineTable::Key& after,
                                                         int64_t limit) {
  db::Params params = QuarantineTable::KeyParams(after);
  params.emplace_back(limit);
  KITH_ASSIGN_OR_RETURN(const db::Result result,
                        transaction.Query(kSelectQuarantined, std::move(params)));
  std::vector<Quarantined> events;
  for (const db::Row& row : result.rows) events.push_back(QuarantineTable::Decode(row));
  return events;
}

}  // namespace kith::feed
