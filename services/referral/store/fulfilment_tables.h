// Fulfilments, stock and the queue of rewards to hand out, in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_FULFILMENT_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_FULFILMENT_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/fulfilment.h"
#include "services/referral/store/keys.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::store {

#define KITH_FULFILMENT_COLUMNS                                                          \
  "program_id, reward_id, state, provider, lease_token, lease_end_time, attempts, "      \
  "failures, next_attempt_time, failure_reason, reference, claimed_time, changed_time, " \
  "pieces"

struct FulfilmentTable {
  using Row = domain::Fulfilment;
  using Key = IdKey;
  static constexpr absl::string_view kColumns = KITH_FULFILMENT_COLUMNS;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_FULFILMENT_COLUMNS
      " FROM fulfilment WHERE program_id = $1 AND reward_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO fulfilment (" KITH_FULFILMENT_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
      "ON CONFLICT (program_id, reward_id) DO UPDATE SET state = excluded.state, "
      "provider = excluded.provider, lease_token = excluded.lease_token, "
      "lease_end_time = excluded.lease_end_time, attempts = excluded.attempts, "
      "failures = excluded.failures, next_attempt_time = excluded.next_attempt_time, "
      "failure_reason = excluded.failure_reason, reference = excluded.reference, "
      "claimed_time = excluded.claimed_time, changed_time = excluded.changed_time, "
      "pieces = excluded.pieces";
  static constexpr absl::string_view kDelete =
      "DELETE FROM fulfilment WHERE program_id = $1 AND reward_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.reward_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  // Counts by state.
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

struct StockTable {
  using Row = domain::Stock;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, item, on_hand, reserved, handed_out, changed_time FROM stock "
      "WHERE program_id = $1 AND item = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO stock (program_id, item, on_hand, reserved, handed_out, changed_time) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (program_id, item) DO UPDATE SET "
      "on_hand = excluded.on_hand, reserved = excluded.reserved, "
      "handed_out = excluded.handed_out, changed_time = excluded.changed_time";
  static constexpr absl::string_view kDelete =
      "DELETE FROM stock WHERE program_id = $1 AND item = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.item}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// Rewards that wait to be handed out stand in one lane for each kind, item and campaign.
#define KITH_LANE "(kind || '/' || item || '/' || campaign)"
#define KITH_READY "COALESCE(retry_time, available_time)"
#define KITH_WAITS "state = 'held' AND failed = 0"

inline constexpr absl::string_view kLane = KITH_LANE;
inline constexpr absl::string_view kReady = KITH_READY;  // from when it is in the queue
inline constexpr absl::string_view kWaits = KITH_WAITS;  // whether it is, then

// The name of a reward's lane, as the store makes it.
std::string LaneOf(const domain::Reward& reward);

// The first reward of each lane of a program, as the store has them.
struct LaneHeads {
  using Table = RewardTable;
  using Key = std::string;  // program
  static constexpr bool kSnapshot = true;
  static constexpr absl::string_view kSelect =
      "WITH RECURSIVE lanes (lane) AS ("
      "SELECT (SELECT " KITH_LANE " FROM reward WHERE program_id = $1 AND " KITH_WAITS
      " ORDER BY " KITH_LANE
      " LIMIT 1) "
      "UNION ALL SELECT (SELECT " KITH_LANE
      " FROM reward WHERE program_id = $1 AND " KITH_WAITS " AND " KITH_LANE
      " > lanes.lane ORDER BY " KITH_LANE
      " LIMIT 1) FROM lanes WHERE lanes.lane IS NOT NULL) "
      "SELECT " KITH_REWARD_COLUMNS
      " FROM reward WHERE program_id = $1 AND reward_id IN ("
      "SELECT (SELECT reward_id FROM reward WHERE program_id = $1 AND " KITH_WAITS
      " AND " KITH_LANE " = lanes.lane ORDER BY " KITH_READY
      ", reward_id LIMIT 1) FROM lanes WHERE lanes.lane IS NOT NULL)";
  static std::optional<Key> KeyOf(const Table::Row&) { return std::nullopt; }
  static db::Params KeyParams(const Key& key) { return {key}; }
};

// Rewards of a lane that may be handed out at a time, those that wait longest in front; as the
// store has them. Walks past what suspended advocates have earned by referring; what they are
// owed as somebody's referees is theirs.
struct LanePage {
  using Table = RewardTable;
  using Key = std::tuple<std::string, std::string, absl::Time>;  // program, lane, time
  static constexpr bool kSnapshot = true;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REWARD_COLUMNS " FROM reward WHERE program_id = $1 AND " KITH_LANE
      " = $2 AND " KITH_READY " <= $3 AND " KITH_WAITS
      " AND (expiry_time IS NULL OR expiry_time > $3) "
      "AND NOT EXISTS (SELECT 1 FROM advocate WHERE advocate.program_id = reward.program_id "
      "AND advocate.advocate_id = reward.recipient_id AND reward.side = 'referrer' "
      "AND advocate.suspended_time IS NOT NULL) "
      "ORDER BY " KITH_READY ", reward_id LIMIT 200";
  static std::optional<Key> KeyOf(const Table::Row&) { return std::nullopt; }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), db::FromTime(std::get<2>(key))};
  }
};

#undef KITH_REWARD_COLUMNS
#undef KITH_FULFILMENT_COLUMNS
#undef KITH_LANE
#undef KITH_READY
#undef KITH_WAITS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_FULFILMENT_TABLES_H_
