#include "services/referral/store/conversion_tables.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/summary.h"

namespace kith::referral::store {
namespace {

std::string NameText(auto value) { return std::string(domain::Name(value)); }

db::Value FromAmount(const std::optional<int64_t>& amount) {
  return amount.has_value() ? db::Value(*amount) : db::Value(db::Null());
}

}  // namespace

db::Params ConversionTable::Encode(const Row& row) {
  return {row.program_id,
          row.conversion_id,
          row.given_customer_id,
          row.given_referral_id,
          row.customer_id,
          row.referral_id,
          db::FromTime(row.conversion_time),
          FromAmount(row.amount_minor),
          row.currency,
          row.program_version,
          db::FromOptional(row.reversal_time),
          row.cause};
}

domain::Conversion ConversionTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .conversion_id = row.Text(1),
          .given_customer_id = row.Text(2),
          .given_referral_id = row.Text(3),
          .customer_id = row.Text(4),
          .referral_id = row.Text(5),
          .conversion_time = row.Time(6),
          .amount_minor = row.IsNull(7) ? std::nullopt : std::optional(row.Int(7)),
          .currency = row.Text(8),
          .program_version = row.Int(9),
          .reversal_time = row.OptionalTime(10),
          .cause = row.Text(11)};
}

void ConversionTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kConversions),
                             row.reversed() ? 0 : sign);
}

std::optional<IdKey> OpenByCustomer::KeyOf(const Table::Row& row) {
  if (row.reversed() || row.customer_id.empty()) return std::nullopt;
  return Key(row.program_id, row.customer_id);
}

std::optional<IdKey> OpenByReferral::KeyOf(const Table::Row& row) {
  if (row.reversed() || row.referral_id.empty()) return std::nullopt;
  return Key(row.program_id, row.referral_id);
}

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
          row.cause};
}

domain::Reward RewardTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .reward_id = row.Text(1),
          .referral_id = row.Text(2),
          .conversion_id = row.Text(3),
          .rule_id = row.Text(4),
          .program_version = row.Int(5),
          .side = domain::ParseName<domain::RewardSide>(row.Text(6))
                      .value_or(domain::RewardSide::kReferrer),
          .recipient_id = row.Text(7),
          .kind = domain::ParseName<domain::RewardKind>(row.Text(8))
                      .value_or(domain::RewardKind::kCash),
          .amount_minor = row.Int(9),
          .currency = row.Text(10),
          .available_time = row.Time(11),
          .created_time = row.Time(12),
          .reversal_time = row.OptionalTime(13),
          .cause = row.Text(14)};
}

void RewardTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  if (row.reversal_time.has_value()) return;
  const RewardCountTable::Key key = {row.program_id, row.rule_id, row.recipient_id};
  const RewardCount* count = unit.Find<RewardCountTable>(key);
  unit.Put<RewardCountTable>({row.program_id, row.rule_id, row.recipient_id,
                              (count == nullptr ? 0 : count->rewards) + sign});
}

db::Params LedgerLog::Encode(const Row& row) {
  return {row.program_id, row.reward_id,    NameText(row.kind),          row.account,
          row.currency,   row.amount_minor, db::FromTime(row.entry_time)};
}

void Book(exec::Unit& unit, const domain::Reward& reward, domain::EntryKind kind,
          absl::Time now) {
  for (domain::LedgerEntry& entry : domain::LedgerEntries(reward, kind, now)) {
    unit.Count<SummaryCounter>(SummaryCounter::KeyOf(entry.program_id, kLedgerEntries), 1);
    unit.Count<SummaryCounter>(
        SummaryCounter::KeyOf(entry.program_id, kBalancePrefix,
                              absl::StrCat(entry.account, "/", entry.currency)),
        domain::OwnSide(entry.account) * entry.amount_minor);
    unit.Append<LedgerLog>(std::move(entry));
  }
}

}  // namespace kith::referral::store
