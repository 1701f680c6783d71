#include "services/referral/store/customer_tables.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/summary.h"
#include "services/referral/store/text_codec.h"

namespace kith::referral::store {
namespace {

using domain::EvidenceKind;
using domain::RejectedEvidence;

EvidenceKind ToEvidence(const std::string& name) {
  return domain::ParseName<EvidenceKind>(name).value_or(EvidenceKind::kNone);
}

// One line each; ids hold no white space.
std::string EncodeRejected(const std::vector<RejectedEvidence>& rejected) {
  std::string text;
  for (const RejectedEvidence& item : rejected) {
    absl::StrAppend(&text, domain::Name(item.kind), " ", item.advocate_id, " ", item.reason,
                    "\n");
  }
  return text;
}

std::vector<RejectedEvidence> DecodeRejected(absl::string_view text) {
  std::vector<RejectedEvidence> rejected;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    if (parts.size() == 3) rejected.push_back({ToEvidence(parts[0]), parts[1], parts[2]});
  }
  return rejected;
}

}  // namespace

db::Params CustomerTable::Encode(const Row& row) {
  return {row.program_id,
          row.customer_id,
          db::FromTime(row.signup_time),
          FromHash(row.email_hash),
          row.code,
          row.referrer_id,
          row.visitor_id,
          row.stated_channel,
          row.program_version,
          std::string(domain::Name(row.judgement.evidence)),
          row.judgement.advocate_id,
          row.judgement.referral_id,
          EncodeRejected(row.judgement.rejected),
          row.open_conversions,
          EncodeAttributes(row.attributes),
          row.source,
          FromHash(row.identity.domain_hash),
          FromHash(row.identity.phone_hash),
          FromHash(row.identity.device_hash),
          FromHash(row.identity.payment_hash),
          FromHash(row.identity.ip_hash),
          db::FromOptional(row.churned_time),
          db::FromOptional(row.aha_time)};
}

domain::Customer CustomerTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .customer_id = row.Text(1),
          .signup_time = row.Time(2),
          .email_hash = row.Bytes(3),
          .code = row.Text(4),
          .referrer_id = row.Text(5),
          .visitor_id = row.Text(6),
          .stated_channel = row.Text(7),
          .program_version = row.Int(8),
          .judgement = {.evidence = ToEvidence(row.Text(9)),
                        .advocate_id = row.Text(10),
                        .referral_id = row.Text(11),
                        .rejected = DecodeRejected(row.Text(12))},
          .open_conversions = row.Int(13),
          .attributes = DecodeAttributes(row.Text(14)),
          .source = row.Text(15),
          .identity = {.email_hash = {},  // stands above
                       .domain_hash = row.Bytes(16),
                       .phone_hash = row.Bytes(17),
                       .device_hash = row.Bytes(18),
                       .payment_hash = row.Bytes(19),
                       .ip_hash = row.Bytes(20)},
          .churned_time = row.OptionalTime(21),
          .aha_time = row.OptionalTime(22)};
}

void CustomerTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  const std::string channel = row.channel();
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kCustomersPrefix, channel),
                             sign);
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kConvertedPrefix, channel),
                             row.open_conversions > 0 ? sign : 0);
}

std::optional<IdKey> CustomersByEmail::KeyOf(const Table::Row& row) {
  if (row.email_hash.empty()) return std::nullopt;
  return Key(row.program_id, row.email_hash);
}

std::optional<IdKey> CustomersByPhone::KeyOf(const Table::Row& row) {
  if (row.identity.phone_hash.empty()) return std::nullopt;
  return Key(row.program_id, row.identity.phone_hash);
}

std::optional<IdKey> CustomersByDevice::KeyOf(const Table::Row& row) {
  if (row.identity.device_hash.empty()) return std::nullopt;
  return Key(row.program_id, row.identity.device_hash);
}

std::optional<IdKey> CustomersByPayment::KeyOf(const Table::Row& row) {
  if (row.identity.payment_hash.empty()) return std::nullopt;
  return Key(row.program_id, row.identity.payment_hash);
}

std::optional<IdKey> CustomersByVisitor::KeyOf(const Table::Row& row) {
  if (row.visitor_id.empty()) return std::nullopt;
  return Key(row.program_id, row.visitor_id);
}

std::optional<IdKey> CustomersByNamedReferrer::KeyOf(const Table::Row& row) {
  if (row.referrer_id.empty()) return std::nullopt;
  return Key(row.program_id, row.referrer_id);
}

db::Params TouchTable::Encode(const Row& row) {
  return {row.program_id,
          row.touch_id,
          row.code,
          row.visitor_id,
          row.advocate_id,
          db::FromTime(row.touch_time),
          std::string(domain::Name(row.kind)),
          row.source,
          row.campaign};
}

domain::Touch TouchTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .touch_id = row.Text(1),
          .code = row.Text(2),
          .visitor_id = row.Text(3),
          .advocate_id = row.Text(4),
          .touch_time = row.Time(5),
          .kind = domain::ParseName<domain::TouchKind>(row.Text(6))
                      .value_or(domain::TouchKind::kClick),
          .source = row.Text(7),
          .campaign = row.Text(8)};
}

}  // namespace kith::referral::store
