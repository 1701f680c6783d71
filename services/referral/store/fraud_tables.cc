#include "services/referral/store/fraud_tables.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/summary.h"

namespace kith::referral::store {
namespace {

std::string NameText(auto value) { return std::string(domain::Name(value)); }

}  // namespace

std::string EncodeEvidence(const std::vector<domain::SignalEvidence>& evidence) {
  std::string text;
  for (const domain::SignalEvidence& one : evidence) {
    absl::StrAppend(&text, domain::Name(one.signal), " ", one.weight, " ", one.text, "\n");
  }
  return text;
}

std::vector<domain::SignalEvidence> DecodeEvidence(absl::string_view text) {
  std::vector<domain::SignalEvidence> evidence;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 2));
    domain::SignalEvidence one;
    const auto signal = domain::ParseName<domain::Signal>(parts[0]);
    if (!signal.has_value() || parts.size() != 3) continue;
    if (!absl::SimpleAtoi(parts[1], &one.weight)) continue;
    one.signal = *signal;
    one.text = parts[2];
    evidence.push_back(std::move(one));
  }
  return evidence;
}

db::Params FraudCaseTable::Encode(const Row& row) {
  return {row.program_id,
          row.referral_id,
          row.advocate_id,
          NameText(row.state),
          row.score,
          EncodeEvidence(row.evidence),
          row.program_version,
          db::FromTime(row.opened_time),
          db::FromOptional(row.resolved_time),
          row.decided_by,
          FromHash(row.sealed_note)};
}

domain::FraudCase FraudCaseTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .referral_id = row.Text(1),
          .advocate_id = row.Text(2),
          .state = domain::ParseName<domain::FraudCaseState>(row.Text(3))
                       .value_or(domain::FraudCaseState::kOpen),
          .score = row.Int(4),
          .evidence = DecodeEvidence(row.Text(5)),
          .program_version = row.Int(6),
          .opened_time = row.Time(7),
          .resolved_time = row.OptionalTime(8),
          .decided_by = row.Text(9),
          .sealed_note = row.Bytes(10)};
}

void FraudCaseTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  unit.Count<SummaryCounter>(
      SummaryCounter::KeyOf(row.program_id, kCasesPrefix, domain::Name(row.state)), sign);
}

db::Params FraudCheckTable::Encode(const Row& row) {
  return {row.program_id,
          row.referral_id,
          row.advocate_id,
          db::FromBool(row.signup),
          FromHash(row.fingerprint),
          NameText(row.state),
          row.score,
          EncodeEvidence(row.evidence)};
}

domain::FraudCheck FraudCheckTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .referral_id = row.Text(1),
          .advocate_id = row.Text(2),
          .signup = row.Bool(3),
          .fingerprint = row.Bytes(4),
          .state = domain::ParseName<domain::FraudState>(row.Text(5))
                       .value_or(domain::FraudState::kClear),
          .score = row.Int(6),
          .evidence = DecodeEvidence(row.Text(7))};
}

AdvocateTraceTable::Key AdvocateTraceTable::KeyOf(const Row& row) {
  return {row.program_id, row.advocate_id, NameText(row.kind), row.hash};
}

domain::AdvocateTrace AdvocateTraceTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .advocate_id = row.Text(1),
          .kind = domain::ParseName<domain::IdentityKind>(row.Text(2))
                      .value_or(domain::IdentityKind::kDevice),
          .hash = row.Bytes(3)};
}

VelocityTable::Key VelocityTable::KeyOf(const Row& row) {
  return {row.program_id, NameText(row.dimension), row.subject, row.day};
}

db::Params VelocityTable::Encode(const Row& row) {
  return {row.program_id, NameText(row.dimension), FromHash(row.subject), row.day,
          row.referrals};
}

domain::VelocityCount VelocityTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .dimension = domain::ParseName<domain::VelocityDimension>(row.Text(1))
                           .value_or(domain::VelocityDimension::kAdvocate),
          .subject = row.Bytes(2),
          .day = row.Int(3),
          .referrals = row.Int(4)};
}

}  // namespace kith::referral::store
