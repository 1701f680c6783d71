#include "services/referral/store/fulfilment_queries.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/fulfilment_tables.h"
#include "services/referral/store/read_rows.h"

namespace kith::referral::store {
namespace {

constexpr absl::string_view kStockPage =
    "SELECT program_id, item, on_hand, reserved, handed_out, changed_time FROM stock "
    "WHERE program_id = $1 AND item > $2 ORDER BY item LIMIT $3";

}  // namespace

absl::StatusOr<std::vector<domain::Fulfilment>> ReadFulfilments(
    db::ReadTransaction& transaction, const std::string& program_id,
    domain::FulfilmentState state, const std::string& after, int64_t limit) {
  const std::string sql =
      absl::StrCat("SELECT ", FulfilmentTable::kColumns,
                   " FROM fulfilment WHERE program_id = $1 AND state = $2 AND reward_id > $3 "
                   "ORDER BY reward_id LIMIT $4");
  return ReadRows<FulfilmentTable>(
      transaction, sql, {program_id, std::string(domain::Name(state)), after, limit});
}

absl::StatusOr<std::vector<domain::Reward>> ReadRewardsById(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::vector<std::string>& reward_ids) {
  std::vector<db::Call> calls;
  for (const std::string& id : reward_ids) {
    calls.push_back({RewardTable::kSelect, {program_id, id}});
  }
  std::vector<domain::Reward> rewards;
  if (calls.empty()) return rewards;
  KITH_ASSIGN_OR_RETURN(const auto results, transaction.QueryMany(calls));
  for (const db::Result& result : results) {
    if (!result.rows.empty()) rewards.push_back(RewardTable::Decode(result.rows.front()));
  }
  return rewards;
}

absl::StatusOr<std::vector<StockedLane>> ReadStockedLanes(db::ReadTransaction& transaction,
                                                          const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const auto heads, ReadAll<LaneHeads>(transaction, program_id));
  std::vector<StockedLane> lanes;
  for (const domain::Reward& head : heads) {
    if (!domain::MayBeStocked(head.kind, head.item)) continue;
    KITH_ASSIGN_OR_RETURN(const auto stock,
                          ReadByKey<StockTable>(transaction, {program_id, head.item}));
    if (stock.has_value()) lanes.push_back({LaneOf(head), stock->on_hand});
  }
  return lanes;
}

absl::StatusOr<std::vector<domain::Reward>> ReadOutOfStock(
    db::ReadTransaction& transaction, const std::string& program_id, const StockedLane& lane,
    absl::Time now, const QueuePlace& after, int64_t limit) {
  const std::string sql = absl::StrCat(
      "SELECT ", RewardTable::kColumns, " FROM reward WHERE program_id = $1 AND ", kLane,
      " = $2 AND ", kReady, " <= $3 AND ", kWaits,
      " AND (expiry_time IS NULL OR expiry_time > $3) AND (", kReady,
      ", reward_id) > ($4, $5) "
      "AND CASE WHEN kind = 'gift_card' THEN 1 ELSE amount_minor END > $6 ORDER BY ",
      kReady, ", reward_id LIMIT $7");
  return ReadRows<RewardTable>(
      transaction, sql,
      {program_id, lane.lane, db::FromTime(now), db::FromTime(after.ready_time),
       after.reward_id, lane.on_hand, limit});
}

absl::StatusOr<std::vector<domain::Stock>> ReadStock(db::ReadTransaction& transaction,
                                                     const std::string& program_id,
                                                     const std::string& after, int64_t limit) {
  return ReadRows<StockTable>(transaction, kStockPage, {program_id, after, limit});
}

}  // namespace kith::referral::store
