#include "services/referral/store/fulfilment_tables.h"

#include "absl/strings/str_cat.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/summary.h"

namespace kith::referral::store {

db::Params FulfilmentTable::Encode(const Row& row) {
  return {row.program_id,
          row.reward_id,
          std::string(domain::Name(row.state)),
          row.provider,
          row.lease_token,
          db::FromTime(row.lease_end_time),
          row.attempts,
          row.failures,
          db::FromOptional(row.next_attempt_time),
          row.failure_reason,
          row.reference,
          db::FromTime(row.claimed_time),
          db::FromTime(row.changed_time),
          row.pieces};
}

FulfilmentTable::Row FulfilmentTable::Decode(const db::Row& row) {
  Row fulfilment;
  fulfilment.program_id = row.Text(0);
  fulfilment.reward_id = row.Text(1);
  fulfilment.state = domain::ParseName<domain::FulfilmentState>(row.Text(2))
                         .value_or(domain::FulfilmentState::kFailed);
  fulfilment.provider = row.Text(3);
  fulfilment.lease_token = row.Text(4);
  fulfilment.lease_end_time = row.Time(5);
  fulfilment.attempts = row.Int(6);
  fulfilment.failures = row.Int(7);
  fulfilment.next_attempt_time = row.OptionalTime(8);
  fulfilment.failure_reason = row.Text(9);
  fulfilment.reference = row.Text(10);
  fulfilment.claimed_time = row.Time(11);
  fulfilment.changed_time = row.Time(12);
  fulfilment.pieces = row.Int(13);
  return fulfilment;
}

void FulfilmentTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<SummaryCounter>(
      SummaryCounter::KeyOf(row.program_id, kFulfilmentsPrefix, domain::Name(row.state)),
      sign);
}

db::Params StockTable::Encode(const Row& row) {
  return {row.program_id, row.item,       row.on_hand,
          row.reserved,   row.handed_out, db::FromTime(row.changed_time)};
}

StockTable::Row StockTable::Decode(const db::Row& row) {
  return {row.Text(0), row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.Time(5)};
}

std::string LaneOf(const domain::Reward& reward) {
  return absl::StrCat(domain::Name(reward.kind), "/", reward.item, "/", reward.campaign);
}

}  // namespace kith::referral::store
