#include "services/referral/store/reward_tables.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/summary.h"

namespace kith::referral::store {
namespace {

std::string NameText(auto value) { return std::string(domain::Name(value)); }

template <class E>
E ValueOf(const std::string& name, E fallback) {
  return domain::ParseName<E>(name).value_or(fallback);
}

// Its state when it was last changed: that its holding period is over is announced then.
domain::RewardState CountedState(const domain::Reward& row) {
  if (row.stored_state != domain::RewardState::kHeld || !row.announced) {
    return row.stored_state;
  }
  const bool again = row.failed || row.retry_time.has_value();
  return again ? domain::RewardState::kFulfilling : domain::RewardState::kAvailable;
}

}  // namespace

db::Params RewardTable::Encode(const Row& row) {
  return {row.program_id,
          row.reward_id,
          row.referral_id,
          row.conversion_id,
          row.rule_id,
          row.program_version,
          NameText(row.side),
          row.recipient_id,
          NameText(row.kind),
          row.amount_minor,
          row.currency,
          db::FromTime(row.available_time),
          db::FromTime(row.created_time),
          db::FromOptional(row.reversal_time),
          row.cause,
          row.campaign,
          NameText(row.trigger),
          db::FromTime(row.occasion_time),
          NameText(row.stored_state),
          int64_t{row.released},
          int64_t{row.announced},
          db::FromOptional(row.expiry_time),
          db::FromOptional(row.fulfilled_time),
          row.item,
          row.wanted_minor,
          row.explanation,
          row.recalculated_version,
          row.closed_by,
          db::FromOptional(row.retry_time),
          int64_t{row.failed}};
}

domain::Reward RewardTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .reward_id = row.Text(1),
          .referral_id = row.Text(2),
          .conversion_id = row.Text(3),
          .rule_id = row.Text(4),
          .program_version = row.Int(5),
          .side = ValueOf(row.Text(6), domain::RewardSide::kReferrer),
          .recipient_id = row.Text(7),
          .kind = ValueOf(row.Text(8), domain::RewardKind::kCash),
          .amount_minor = row.Int(9),
          .currency = row.Text(10),
          .available_time = row.Time(11),
          .created_time = row.Time(12),
          .reversal_time = row.OptionalTime(13),
          .cause = row.Text(14),
          .campaign = row.Text(15),
          .trigger = ValueOf(row.Text(16), domain::Trigger::kConverted),
          .occasion_time = row.Time(17),
          .stored_state = ValueOf(row.Text(18), domain::RewardState::kHeld),
          .released = row.Int(19) != 0,
          .announced = row.Int(20) != 0,
          .expiry_time = row.OptionalTime(21),
          .fulfilled_time = row.OptionalTime(22),
          .item = row.Text(23),
          .wanted_minor = row.Int(24),
          .explanation = row.Text(25),
          .recalculated_version = row.Int(26),
          .closed_by = row.Text(27),
          .retry_time = row.OptionalTime(28),
          .failed = row.Int(29) != 0};
}

void RewardTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<SummaryCounter>(
      SummaryCounter::KeyOf(row.program_id, kRewardsPrefix, domain::Name(CountedState(row))),
      sign);
}

CapUseTable::Key CapUseTable::ToKey(const std::string& program_id, const domain::CapKey& key) {
  return {program_id, key.holder, key.recipient_id, NameText(key.period),
          absl::ToUnixMicros(key.period_start)};
}

db::Params CapUseTable::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
          std::get<4>(key)};
}

db::Params CapUseTable::Encode(const Row& row) {
  return {row.program_id,
          row.key.holder,
          row.key.recipient_id,
          NameText(row.key.period),
          db::FromTime(row.key.period_start),
          row.count.rewards,
          row.count.minor};
}

CapUse CapUseTable::Decode(const db::Row& row) {
  return {row.Text(0),
          {row.Text(1), row.Text(2), ValueOf(row.Text(3), domain::CapPeriod::kLifetime),
           row.Time(4)},
          {row.Int(5), row.Int(6)}};
}

db::Params LedgerLog::Encode(const Row& row) {
  return {row.program_id, row.reward_id, NameText(row.kind), row.account,
          row.sequence,   row.currency,  row.amount_minor,   db::FromTime(row.entry_time)};
}

domain::LedgerEntry LedgerLog::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .reward_id = row.Text(1),
          .kind = ValueOf(row.Text(2), domain::EntryKind::kAccrual),
          .account = row.Text(3),
          .currency = row.Text(5),
          .amount_minor = row.Int(6),
          .entry_time = row.Time(7),
          .sequence = row.Int(4)};
}

void Book(exec::Unit& unit, std::array<domain::LedgerEntry, 2> entries) {
  for (domain::LedgerEntry& entry : entries) {
    unit.Count<SummaryCounter>(SummaryCounter::KeyOf(entry.program_id, kLedgerEntries), 1);
    unit.Count<SummaryCounter>(
        SummaryCounter::KeyOf(entry.program_id, kBalancePrefix,
                              absl::StrCat(entry.account, "/", entry.currency)),
        domain::OwnSide(entry.account) * entry.amount_minor);
    unit.Append<LedgerLog>(std::move(entry));
  }
}

}  // namespace kith::referral::store
