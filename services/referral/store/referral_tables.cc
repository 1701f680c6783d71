#include "services/referral/store/referral_tables.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/summary.h"

namespace kith::referral::store {
namespace {

using domain::EvidenceKind;
using domain::RejectedEvidence;

std::string NameText(auto value) { return std::string(domain::Name(value)); }

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

db::Params ReferralTable::Encode(const Row& row) {
  return {row.program_id,
          row.referral_id,
          row.advocate_id,
          NameText(row.origin),
          row.referee_id,
          FromHash(row.email_hash),
          row.campaign,
          db::FromTime(row.submitted_time),
          row.program_version,
          row.customer_id,
          db::FromOptional(row.signup_time),
          NameText(row.evidence),
          row.conversion_id,
          db::FromOptional(row.conversion_time),
          db::FromBool(row.ever_converted),
          NameText(row.state())};
}

domain::Referral ReferralTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .referral_id = row.Text(1),
          .advocate_id = row.Text(2),
          .origin = domain::ParseName<domain::ReferralOrigin>(row.Text(3))
                        .value_or(domain::ReferralOrigin::kLead),
          .referee_id = row.Text(4),
          .email_hash = row.Bytes(5),
          .campaign = row.Text(6),
          .submitted_time = row.Time(7),
          .program_version = row.Int(8),
          .customer_id = row.Text(9),
          .signup_time = row.OptionalTime(10),
          .evidence = ToEvidence(row.Text(11)),
          .conversion_id = row.Text(12),
          .conversion_time = row.OptionalTime(13),
          .ever_converted = row.Bool(14)};
}

void ReferralTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  const int64_t attributed = row.customer_id.empty() ? 0 : sign;
  const int64_t converted = row.conversion_id.empty() ? 0 : sign;
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kReferrals), sign);
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kConvertedReferrals),
                             converted);
  const auto* found = unit.Find<AdvocateTable>({row.program_id, row.advocate_id});
  if (found == nullptr) return;
  domain::Advocate advocate = *found;
  advocate.referrals += sign;
  advocate.signups += attributed;
  advocate.conversions += converted;
  unit.Put<AdvocateTable>(std::move(advocate));
}

std::optional<IdKey> LeadsByReferee::KeyOf(const Table::Row& row) {
  if (row.origin != domain::ReferralOrigin::kLead || row.referee_id.empty()) {
    return std::nullopt;
  }
  return Key(row.program_id, row.referee_id);
}

std::optional<IdKey> LeadsByEmail::KeyOf(const Table::Row& row) {
  if (row.origin != domain::ReferralOrigin::kLead || row.email_hash.empty()) {
    return std::nullopt;
  }
  return Key(row.program_id, row.email_hash);
}

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
          NameText(row.judgement.evidence),
          row.judgement.advocate_id,
          row.judgement.referral_id,
          EncodeRejected(row.judgement.rejected),
          row.open_conversions};
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
          .open_conversions = row.Int(13)};
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

std::optional<IdKey> CustomersByVisitor::KeyOf(const Table::Row& row) {
  if (row.visitor_id.empty()) return std::nullopt;
  return Key(row.program_id, row.visitor_id);
}

}  // namespace kith::referral::store
