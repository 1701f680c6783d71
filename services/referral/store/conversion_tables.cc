#include "services/referral/store/conversion_tables.h"

#include "services/referral/store/summary.h"
#include "services/referral/store/text_codec.h"

namespace kith::referral::store {
namespace {

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
          row.cause,
          row.event,
          FromAmount(row.annual_minor),
          EncodeLines(row.lines),
          EncodeAttributes(row.attributes),
          int64_t{row.success},
          row.order_id};
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
          .cause = row.Text(11),
          .event = row.Text(12),
          .annual_minor = row.IsNull(13) ? std::nullopt : std::optional(row.Int(13)),
          .lines = DecodeLines(row.Text(14)),
          .attributes = DecodeAttributes(row.Text(15)),
          .success = row.Int(16) != 0,
          .order_id = row.Text(17)};
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

}  // namespace kith::referral::store
