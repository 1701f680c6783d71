// Referrals and customers in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_REFERRAL_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_REFERRAL_TABLES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_REFERRAL_COLUMNS                                                            \
  "program_id, referral_id, advocate_id, origin, referee_id, email_hash, campaign, "     \
  "submitted_time, program_version, customer_id, signup_time, evidence, conversion_id, " \
  "conversion_time, ever_converted"
#define KITH_CUSTOMER_COLUMNS                                                         \
  "program_id, customer_id, signup_time, email_hash, code, referrer_id, visitor_id, " \
  "stated_channel, program_version, evidence, advocate_id, referral_id, rejected, "   \
  "open_conversions"

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
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
      "ON CONFLICT (program_id, referral_id) DO UPDATE SET "
      "advocate_id = excluded.advocate_id, customer_id = excluded.customer_id, "
      "submitted_time = excluded.submitted_time, "
      "program_version = excluded.program_version, signup_time = excluded.signup_time, "
      "evidence = excluded.evidence, conversion_id = excluded.conversion_id, "
      "conversion_time = excluded.conversion_time, "
      "ever_converted = excluded.ever_converted, state = excluded.state";
  static constexpr absl::string_view kDelete =
      "DELETE FROM referral WHERE program_id = $1 AND referral_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.referral_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// The lead that names a referee by id: at most one.
struct LeadsByReferee {
  using Table = ReferralTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_REFERRAL_COLUMNS
      " FROM referral WHERE program_id = $1 "
      "AND referee_id = $2 AND origin = 'lead' AND referee_id <> ''";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

// The lead that names a referee by mail address: at most one.
struct LeadsByEmail {
  using Table = ReferralTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect = "SELECT " KITH_REFERRAL_COLUMNS
                                               " FROM referral WHERE program_id = $1 "
                                               "AND email_hash = $2 AND origin = 'lead'";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

struct CustomerTable {
  using Row = domain::Customer;
  using Key = IdKey;
  static constexpr absl::string_view kSelect = "SELECT " KITH_CUSTOMER_COLUMNS
                                               " FROM customer "
                                               "WHERE program_id = $1 AND customer_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO customer (" KITH_CUSTOMER_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
      "ON CONFLICT (program_id, customer_id) DO UPDATE SET "
      "program_version = excluded.program_version, evidence = excluded.evidence, "
      "advocate_id = excluded.advocate_id, referral_id = excluded.referral_id, "
      "rejected = excluded.rejected, open_conversions = excluded.open_conversions";
  static constexpr absl::string_view kDelete =
      "DELETE FROM customer WHERE program_id = $1 AND customer_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.customer_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// The customers with a mail address.
struct CustomersByEmail {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect = "SELECT " KITH_CUSTOMER_COLUMNS
                                               " FROM customer "
                                               "WHERE program_id = $1 AND email_hash = $2";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

// The customers that a visitor became.
struct CustomersByVisitor {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CUSTOMER_COLUMNS
      " FROM customer "
      "WHERE program_id = $1 AND visitor_id = $2 AND visitor_id <> ''";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

#undef KITH_REFERRAL_COLUMNS
#undef KITH_CUSTOMER_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_REFERRAL_TABLES_H_
