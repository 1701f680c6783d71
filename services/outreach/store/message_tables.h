// How messages map to rows (see common/executor/table.h).
#ifndef KITH_SERVICES_OUTREACH_STORE_MESSAGE_TABLES_H_
#define KITH_SERVICES_OUTREACH_STORE_MESSAGE_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

#define KITH_MESSAGE_COLUMNS                                                               \
  "program_id, message_id, contact_id, playbook_id, subject_id, step_id, "                 \
  "playbook_version, kind, channel, counts_towards_caps, started_by, planned_at, due_at, " \
  "on_time_at, state, ready_at, attempt, lease_token, claimed_at, lease_end_at, "          \
  "worker_id, closed_at, exit_reason, reason, reason_detail, life "

struct MessageTable {
  using Row = Message;
  using Key = std::pair<std::string, std::string>;  // program, message
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_MESSAGE_COLUMNS "FROM message WHERE program_id = $1 AND message_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO message (" KITH_MESSAGE_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18, $19, $20, $21, $22, $23, $24, $25, $26) "
      "ON CONFLICT (program_id, message_id) DO UPDATE SET planned_at = excluded.planned_at, "
      "due_at = excluded.due_at, on_time_at = excluded.on_time_at, "
      "state = excluded.state, ready_at = excluded.ready_at, attempt = excluded.attempt, "
      "lease_token = excluded.lease_token, claimed_at = excluded.claimed_at, "
      "lease_end_at = excluded.lease_end_at, worker_id = excluded.worker_id, "
      "closed_at = excluded.closed_at, exit_reason = excluded.exit_reason, "
      "reason = excluded.reason, reason_detail = excluded.reason_detail";
  static constexpr absl::string_view kDelete =
      "DELETE FROM message WHERE program_id = $1 AND message_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.message_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// A page of the messages on a channel that are not closed, those that a sender may be given
// first in front. As the store has them: others of the batch may have changed them since.
struct ReadyPage {
  using Table = MessageTable;
  using Key = std::tuple<std::string, Channel, int64_t>;  // program, channel, page from 0
  static constexpr bool kSnapshot = true;
  static constexpr size_t kSize = 64;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_MESSAGE_COLUMNS
      "FROM message WHERE program_id = $1 AND channel = $2 AND ready_at IS NOT NULL "
      "ORDER BY ready_at, state, message_id LIMIT 64 OFFSET $3";
  static std::optional<Key> KeyOf(const Table::Row&) { return std::nullopt; }
  static db::Params KeyParams(const Key& key);
};

// What a contact was handed and caps count, claimed in one stretch of time.
struct HandedOutToContact {
  using Table = MessageTable;
  // program, contact, number of the stretch from StretchOf
  using Key = std::tuple<std::string, std::string, int64_t>;
  static constexpr absl::Duration kStretch = absl::Hours(32 * 24);
  static int64_t StretchOf(absl::Time time);
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_MESSAGE_COLUMNS
      "FROM message WHERE program_id = $1 AND contact_id = $2 "
      "AND claimed_at >= $3 AND claimed_at < $4 "
      "AND state IN ('leased', 'sent') AND counts_towards_caps = 1";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key);
};

// The messages of a contact that are not closed.
struct OpenOfContact {
  using Table = MessageTable;
  using Key = std::pair<std::string, std::string>;  // program, contact
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_MESSAGE_COLUMNS
      "FROM message WHERE program_id = $1 AND contact_id = $2 AND ready_at IS NOT NULL";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};

// The messages of an enrollment, one a step.
struct MessagesOfEnrollment {
  using Table = MessageTable;
  // program, contact, playbook, subject, life
  using Key = std::tuple<std::string, std::string, std::string, std::string, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_MESSAGE_COLUMNS
      "FROM message WHERE program_id = $1 AND contact_id = $2 AND playbook_id = $3 "
      "AND subject_id = $4 AND life = $5";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key);
};

// For reads: messages of a contact by due time, after a place in that order; those that a
// sender may be given until $3, as they are claimed; and what caps count of those handed out
// from $3 to $4, newest first.
inline constexpr absl::string_view kSelectMessagesOfContact =
    "SELECT " KITH_MESSAGE_COLUMNS
    "FROM message WHERE program_id = $1 AND contact_id = $2 "
    "AND (due_at > $3 OR (due_at = $3 AND message_id > $4)) "
    "ORDER BY due_at, message_id LIMIT $5";
inline constexpr absl::string_view kSelectClaimableOfContact =
    "SELECT " KITH_MESSAGE_COLUMNS
    "FROM message WHERE program_id = $1 AND contact_id = $2 AND ready_at <= $3 "
    "ORDER BY ready_at, state, message_id LIMIT $4";
inline constexpr absl::string_view kSelectHandedOutToContact =
    "SELECT " KITH_MESSAGE_COLUMNS
    "FROM message WHERE program_id = $1 AND contact_id = $2 "
    "AND claimed_at >= $3 AND claimed_at <= $4 "
    "AND state IN ('leased', 'sent') AND counts_towards_caps = 1 "
    "ORDER BY claimed_at DESC, message_id LIMIT $5";

#undef KITH_MESSAGE_COLUMNS

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_STORE_MESSAGE_TABLES_H_
