// The rows of the feed and of those who follow it.
#ifndef KITH_COMMON_FEED_FEED_STORE_H_
#define KITH_COMMON_FEED_FEED_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"

namespace kith::feed {

// A stored event; `fact` is a serialized kith.events.v1.Fact.
struct StoredEvent {
  int64_t position = 0;
  std::string program_id;
  absl::Time recorded_time;
  std::string fact;
};

// Some events of one shard in order, without gaps from the first to the last.
struct EventPage {
  std::vector<StoredEvent> events;
  int64_t head_position = 0;  // of the shard, in the same snapshot
};

// Reads at most `limit` events after `after`, and at most about 2 MiB (at least one).
absl::StatusOr<EventPage> ReadEventPage(db::ReadTransaction& transaction, int shard,
                                        int64_t after, int64_t limit);

// Newest position of every shard, in order of shard.
absl::StatusOr<std::vector<int64_t>> ReadHeads(db::ReadTransaction& transaction);

// Where a local shard stands in one shard of a followed feed.
struct Cursor {
  std::string source;
  int64_t source_shard = 0;
  int64_t shard = 0;
  int64_t position = 0;
  std::string feed_id;
};

struct CursorTable {
  using Row = Cursor;
  using Key = std::tuple<std::string, int64_t, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT source, source_shard, shard, position, feed_id FROM feed_cursor "
      "WHERE source = $1 AND source_shard = $2 AND shard = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO feed_cursor (source, source_shard, shard, position, feed_id) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source, source_shard, shard) "
      "DO UPDATE SET position = excluded.position, feed_id = excluded.feed_id";
  static constexpr absl::string_view kDelete =
      "DELETE FROM feed_cursor WHERE source = $1 AND source_shard = $2 AND shard = $3";
  static Key KeyOf(const Row& row) { return {row.source, row.source_shard, row.shard}; }
  static db::Params KeyParams(const Key& key);
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// An event that could not be applied.
struct Quarantined {
  std::string source;
  int64_t source_shard = 0;
  StoredEvent event;
  std::string reason;
  std::string message;
  absl::Time quarantined_time;
  int64_t shard = 0;  // the local one of its program
};

struct QuarantineTable {
  using Row = Quarantined;
  using Key = std::tuple<std::string, int64_t, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT source, source_shard, position, program_id, recorded_at, fact, reason, message, "
      "quarantined_at, shard FROM quarantine "
      "WHERE source = $1 AND source_shard = $2 AND position = $3";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO quarantine (source, source_shard, position, program_id, recorded_at, fact, "
      "reason, message, quarantined_at, shard) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (source, source_shard, position) DO UPDATE SET "
      "program_id = excluded.program_id, recorded_at = excluded.recorded_at, "
      "fact = excluded.fact, reason = excluded.reason, message = excluded.message, "
      "quarantined_at = excluded.quarantined_at, shard = excluded.shard";
  static constexpr absl::string_view kDelete =
      "DELETE FROM quarantine WHERE source = $1 AND source_shard = $2 AND position = $3";
  static Key KeyOf(const Row& row) {
    return {row.source, row.source_shard, row.event.position};
  }
  static db::Params KeyParams(const Key& key);
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// The quarantined events of a local shard after a position, as one row: it is there while
// there are any, and erasing it deletes them all without reading them. Never put.
struct QuarantinedAfter {
  std::string source;
  int64_t source_shard = 0;
  int64_t shard = 0;
  int64_t position = 0;  // after this one
  int64_t events = 0;
};
struct QuarantinedAfterTable {
  using Row = QuarantinedAfter;
  using Key = std::tuple<std::string, int64_t, int64_t, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT source, source_shard, shard, CAST($4 AS BIGINT), COUNT(*) FROM quarantine "
      "WHERE source = $1 AND source_shard = $2 AND shard = $3 AND position > $4 "
      "GROUP BY source, source_shard, shard";
  static constexpr absl::string_view kUpsert = "";
  static constexpr absl::string_view kDelete =
      "DELETE FROM quarantine "
      "WHERE source = $1 AND source_shard = $2 AND shard = $3 AND position > $4";
  static Key KeyOf(const Row& row) {
    return {row.source, row.source_shard, row.shard, row.position};
  }
  static db::Params KeyParams(const Key& key);
  static db::Params Encode(const Row&) { return {}; }
  static Row Decode(const db::Row& row);
};

// From where a shard of a source must be read.
struct ResumePoint {
  // So that no local shard misses anything: the least of their cursors; 0 when one has none.
  int64_t position = 0;
  // The feeds that their cursors are in: one, unless a restart ended half-way.
  std::vector<std::string> feed_ids;
};
absl::StatusOr<ResumePoint> ReadResumePoint(db::ReadTransaction& transaction,
                                            const std::string& source, int64_t source_shard,
                                            int64_t shards);

// How far any local shard has got in each shard of a source, by that shard and the feed.
using Furthest = std::map<std::pair<int64_t, std::string>, int64_t>;
absl::StatusOr<Furthest> ReadFurthest(db::ReadTransaction& transaction,
                                      const std::string& source);

// Numbers of quarantined events by (source, source_shard).
struct QuarantineCount {
  std::string source;
  int64_t source_shard = 0;
  int64_t events = 0;
};
absl::StatusOr<std::vector<QuarantineCount>> CountQuarantined(
    db::ReadTransaction& transaction);

// The quarantined event of `key`, if there is one.
absl::StatusOr<std::optional<Quarantined>> FindQuarantined(db::ReadTransaction& transaction,
                                                           const QuarantineTable::Key& key);

// Quarantined events after `after`, in order of key, at most `limit`.
absl::StatusOr<std::vector<Quarantined>> ReadQuarantined(db::ReadTransaction& transaction,
                                                         const QuarantineTable::Key& after,
                                                         int64_t limit);

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_FEED_STORE_H_
