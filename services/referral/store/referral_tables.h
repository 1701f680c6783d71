// Referrals in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_REFERRAL_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_REFERRAL_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_REFERRAL_COLUMNS                                                            \
  "program_id, referral_id, advocate_id, origin, referee_id, email_hash, campaign, "     \
  "submitted_time, program_version, customer_id, signup_time, evidence, conversion_id, " \
  "conversion_time, ever_converted, phone_hash, name_hash, sealed_note, expectations, "  \
  "attributes, lead_state, lead_state_time, first_contact_time, follow_up_due_time, "    \
  "follow_up_breached, fit, fit_by, unqualified_reason, ever_qualified, fraud, "         \
  "fraud_score, qualified_time, opted_out, campaign_by_code"

#define KITH_IN_ORDER_OF_TIME \
  "AND submitted_time > -4000000000000000000 ORDER BY submitted_time, referral_id"

// A referral also counts for its advocate: put it only when the advocate is loaded.
struct ReferralTable {
  using Row = domain::Referral;
  using Key = IdKey;
  static constexpr absl::string_view kColumns = KITH_REFERRAL_COLUMNS;
  static constexpr absl::string_view kSelect = "SELECT " KITH_REFERRAL_COLUMNS
                                               " FROM referral "
                                               "WHERE program_id = $1 AND referral_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO referral (" KITH_REFERRAL_COLUMNS
      ", state) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, "
      "$35) "
      "ON CONFLICT (program_id, referral_id) DO UPDATE SET "
      "advocate_id = excluded.advocate_id, customer_id = excluded.customer_id, "
      "campaign = excluded.campaign, submitted_time = excluded.submitted_time, "
      "program_version = excluded.program_version, signup_time = excluded.signup_time, "
      "evidence = excluded.evidence, conversion_id = excluded.conversion_id, "
      "conversion_time = excluded.conversion_time, "
      "ever_converted = excluded.ever_converted, state = excluded.state, "
      "lead_state = excluded.lead_state, lead_state_time = excluded.lead_state_time, "
      "first_contact_time = excluded.first_contact_time, "
      "follow_up_due_time = excluded.follow_up_due_time, "
      "follow_up_breached = excluded.follow_up_breached, fit = excluded.fit, "
      "fit_by = excluded.fit_by, unqualified_reason = excluded.unqualified_reason, "
      "ever_qualified = excluded.ever_qualified, fraud = excluded.fraud, "
      "fraud_score = excluded.fraud_score, qualified_time = excluded.qualified_time, "
      "opted_out = excluded.opted_out, campaign_by_code = excluded.campaign_by_code";
  static constexpr absl::string_view kDelete =
      "DELETE FROM referral WHERE program_id = $1 AND referral_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.referral_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// The leads that name a referee by id. The range and the order, which mean nothing, have
// SQLite use the index instead of the key, here and below.
struct LeadsByReferee {
  using Table = ReferralTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REFERRAL_COLUMNS
      " FROM referral WHERE program_id = $1 "
      "AND referee_id = $2 AND origin = 'lead' AND referee_id <> '' " KITH_IN_ORDER_OF_TIME;
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

// The leads that name a referee by mail address.
struct LeadsByEmail {
  using Table = ReferralTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REFERRAL_COLUMNS
      " FROM referral WHERE program_id = $1 "
      "AND email_hash = $2 AND origin = 'lead' " KITH_IN_ORDER_OF_TIME;
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

// The leads that name a referee by telephone.
struct LeadsByPhone {
  using Table = ReferralTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REFERRAL_COLUMNS
      " FROM referral WHERE program_id = $1 "
      "AND phone_hash = $2 AND origin = 'lead' " KITH_IN_ORDER_OF_TIME;
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

// The leads of an advocate that name a referee by that name: the newest hundred of them are
// enough to know that it is one too many.
struct LeadsByName {
  using Table = ReferralTable;
  using Key = std::tuple<std::string, std::string, std::string>;  // program, advocate, hash
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REFERRAL_COLUMNS
      " FROM referral WHERE program_id = $1 AND advocate_id = $2 AND name_hash = $3 "
      "AND origin = 'lead' AND submitted_time > -4000000000000000000 "
      "ORDER BY submitted_time DESC, referral_id DESC LIMIT 100";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), FromHash(std::get<2>(key))};
  }
};

// The referrals of an advocate that name a campaign.
struct ReferralsOfCampaign {
  using Table = ReferralTable;
  using Key =
      std::tuple<std::string, std::string, std::string>;  // program, advocate, campaign
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REFERRAL_COLUMNS
      " FROM referral WHERE program_id = $1 AND advocate_id = $2 AND campaign = $3 "
      "AND campaign <> '' AND submitted_time > -4000000000000000000 ORDER BY submitted_time";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
};

#undef KITH_IN_ORDER_OF_TIME
#undef KITH_REFERRAL_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_REFERRAL_TABLES_H_
