#include "services/referral/store/advocate_tables.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "services/referral/domain/names.h"
#include "services/referral/store/summary.h"
#include "services/referral/store/text_codec.h"

namespace kith::referral::store {
namespace {

// An older version that runs beside this one does not count: what it has left out stops
// nothing that takes it away.
int64_t Counted(int64_t count) { return std::max<int64_t>(0, count); }

}  // namespace

db::Params AdvocateTable::Encode(const Row& row) {
  return {row.program_id,
          row.advocate_id,
          FromHash(row.email_hash),
          row.code,
          db::FromTime(row.enrolled_time),
          row.referrals,
          row.signups,
          row.conversions,
          row.kind,
          EncodeAttributes(row.attributes),
          FromHash(row.identity.domain_hash),
          FromHash(row.identity.phone_hash),
          FromHash(row.identity.device_hash),
          FromHash(row.identity.payment_hash),
          FromHash(row.identity.ip_hash),
          row.tier,
          row.segment,
          row.qualified,
          row.frauds,
          db::FromOptional(row.suspended_time),
          row.suspension_cause,
          Counted(row.counted.leads),
          Counted(row.counted.qualified),
          Counted(row.counted.successes)};
}

domain::Advocate AdvocateTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .advocate_id = row.Text(1),
          .email_hash = row.Bytes(2),
          .code = row.Text(3),
          .enrolled_time = row.Time(4),
          .referrals = row.Int(5),
          .signups = row.Int(6),
          .conversions = row.Int(7),
          .kind = row.Text(8),
          .attributes = DecodeAttributes(row.Text(9)),
          .identity = {.email_hash = {},  // stands above
                       .domain_hash = row.Bytes(10),
                       .phone_hash = row.Bytes(11),
                       .device_hash = row.Bytes(12),
                       .payment_hash = row.Bytes(13),
                       .ip_hash = row.Bytes(14)},
          .tier = row.Text(15),
          .segment = row.Text(16),
          .counted = {row.Int(21), row.Int(22), row.Int(23)},
          .qualified = row.Int(17),
          .frauds = row.Int(18),
          .suspended_time = row.OptionalTime(19),
          .suspension_cause = row.Text(20)};
}

void AdvocateTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kAdvocates), sign);
}

db::Params CodeTable::Encode(const Row& row) {
  return {row.program_id,
          row.code,
          row.advocate_id,
          std::string(domain::Name(row.kind)),
          row.campaign,
          db::FromTime(row.issued_time),
          db::FromOptional(row.retired_time),
          db::FromOptional(row.honoured_until)};
}

domain::Code CodeTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .code = row.Text(1),
          .advocate_id = row.Text(2),
          .kind = domain::ParseName<domain::CodeKind>(row.Text(3))
                      .value_or(domain::CodeKind::kPersonal),
          .campaign = row.Text(4),
          .issued_time = row.Time(5),
          .retired_time = row.OptionalTime(6),
          .honoured_until = row.OptionalTime(7)};
}

}  // namespace kith::referral::store
