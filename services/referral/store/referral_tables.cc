#include "services/referral/store/referral_tables.h"

#include <string>

#include "services/referral/domain/names.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/lead_tables.h"
#include "services/referral/store/summary.h"
#include "services/referral/store/text_codec.h"

namespace kith::referral::store {
namespace {

std::string NameText(auto value) { return std::string(domain::Name(value)); }

template <class E>
E FromName(const std::string& name, E otherwise) {
  return domain::ParseName<E>(name).value_or(otherwise);
}

void CountLead(const domain::Referral& row, int64_t sign, exec::Unit& unit) {
  const std::string state = NameText(row.lead_state);
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kLeadsPrefix, state), sign);
  if (!row.campaign.empty()) {
    unit.Count<LeadFunnelCounter>({row.program_id, row.campaign, state}, sign);
  }
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kBreachedLeads),
                             row.follow_up_breached ? sign : 0);
  if (!row.first_contact_time.has_value()) return;
  const int64_t waited = absl::ToInt64Seconds(*row.first_contact_time - row.submitted_time);
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kContactedLeads), sign);
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kContactWait),
                             sign * waited);
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
          FromHash(row.phone_hash),
          FromHash(row.name_hash),
          FromHash(row.sealed_note),
          EncodeList(row.expectations),
          EncodeAttributes(row.attributes),
          NameText(row.lead_state),
          db::FromOptional(row.lead_state_time),
          db::FromOptional(row.first_contact_time),
          db::FromOptional(row.follow_up_due_time),
          db::FromBool(row.follow_up_breached),
          NameText(row.fit),
          row.fit_by,
          row.unqualified_reason,
          db::FromBool(row.ever_qualified),
          NameText(row.fraud),
          row.fraud_score,
          db::FromOptional(row.qualified_time),
          db::FromBool(row.opted_out),
          db::FromBool(row.campaign_by_code),
          NameText(row.state())};
}

domain::Referral ReferralTable::Decode(const db::Row& row) {
  return {.program_id = row.Text(0),
          .referral_id = row.Text(1),
          .advocate_id = row.Text(2),
          .origin = FromName(row.Text(3), domain::ReferralOrigin::kLead),
          .referee_id = row.Text(4),
          .email_hash = row.Bytes(5),
          .campaign = row.Text(6),
          .campaign_by_code = row.Bool(33),
          .submitted_time = row.Time(7),
          .program_version = row.Int(8),
          .customer_id = row.Text(9),
          .signup_time = row.OptionalTime(10),
          .evidence = FromName(row.Text(11), domain::EvidenceKind::kNone),
          .conversion_id = row.Text(12),
          .conversion_time = row.OptionalTime(13),
          .ever_converted = row.Bool(14),
          .phone_hash = row.Bytes(15),
          .name_hash = row.Bytes(16),
          .sealed_note = row.Bytes(17),
          .expectations = DecodeList(row.Text(18)),
          .attributes = DecodeAttributes(row.Text(19)),
          .lead_state = FromName(row.Text(20), domain::LeadState::kSubmitted),
          .lead_state_time = row.OptionalTime(21),
          .first_contact_time = row.OptionalTime(22),
          .follow_up_due_time = row.OptionalTime(23),
          .follow_up_breached = row.Bool(24),
          .fit = FromName(row.Text(25), domain::Fit::kUnknown),
          .fit_by = row.Text(26),
          .unqualified_reason = row.Text(27),
          .ever_qualified = row.Bool(28),
          .qualified_time = row.OptionalTime(31),
          .fraud = FromName(row.Text(29), domain::FraudState::kClear),
          .fraud_score = row.Int(30),
          .opted_out = row.Bool(32)};
}

void ReferralTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  const int64_t attributed = row.customer_id.empty() ? 0 : sign;
  const int64_t converted = row.conversion_id.empty() ? 0 : sign;
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kReferrals), sign);
  unit.Count<SummaryCounter>(SummaryCounter::KeyOf(row.program_id, kConvertedReferrals),
                             converted);
  if (row.origin == domain::ReferralOrigin::kLead) CountLead(row, sign, unit);
  const auto* found = unit.Find<AdvocateTable>({row.program_id, row.advocate_id});
  if (found == nullptr) return;
  domain::Advocate advocate = *found;
  advocate.referrals += sign;
  advocate.signups += attributed;
  advocate.conversions += converted;
  advocate.qualified += row.ever_qualified ? sign : 0;
  if (row.cleared()) {
    domain::Counted& counted = advocate.counted;
    counted.leads += row.origin == domain::ReferralOrigin::kLead ? sign : 0;
    counted.qualified += row.ever_qualified ? sign : 0;
    counted.successes += converted;
  }
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

std::optional<IdKey> LeadsByPhone::KeyOf(const Table::Row& row) {
  if (row.origin != domain::ReferralOrigin::kLead || row.phone_hash.empty()) {
    return std::nullopt;
  }
  return Key(row.program_id, row.phone_hash);
}

std::optional<ReferralsOfCampaign::Key> ReferralsOfCampaign::KeyOf(const Table::Row& row) {
  if (row.campaign.empty()) return std::nullopt;
  return Key(row.program_id, row.advocate_id, row.campaign);
}

std::optional<LeadsByName::Key> LeadsByName::KeyOf(const Table::Row& row) {
  if (row.origin != domain::ReferralOrigin::kLead || row.name_hash.empty()) {
    return std::nullopt;
  }
  return Key(row.program_id, row.advocate_id, row.name_hash);
}

}  // namespace kith::referral::store
