// Customers and touches in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_CUSTOMER_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_CUSTOMER_TABLES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

#define KITH_CUSTOMER_COLUMNS                                                         \
  "program_id, customer_id, signup_time, email_hash, code, referrer_id, visitor_id, " \
  "stated_channel, program_version, evidence, advocate_id, referral_id, rejected, "   \
  "open_conversions, attributes, source, domain_hash, phone_hash, device_hash, "      \
  "payment_hash, ip_hash, churned_time, aha_time"
#define KITH_TOUCH_COLUMNS                                                          \
  "program_id, touch_id, code, visitor_id, advocate_id, touch_time, kind, source, " \
  "campaign"

struct CustomerTable {
  using Row = domain::Customer;
  using Key = IdKey;
  static constexpr absl::string_view kSelect = "SELECT " KITH_CUSTOMER_COLUMNS
                                               " FROM customer "
                                               "WHERE program_id = $1 AND customer_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO customer (" KITH_CUSTOMER_COLUMNS
      ") "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18, $19, $20, $21, $22, $23) "
      "ON CONFLICT (program_id, customer_id) DO UPDATE SET "
      "program_version = excluded.program_version, evidence = excluded.evidence, "
      "advocate_id = excluded.advocate_id, referral_id = excluded.referral_id, "
      "rejected = excluded.rejected, open_conversions = excluded.open_conversions, "
      "churned_time = excluded.churned_time, aha_time = excluded.aha_time";
  static constexpr absl::string_view kDelete =
      "DELETE FROM customer WHERE program_id = $1 AND customer_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.customer_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

// The customers with a mail address, the hundred who came first.
struct CustomersByEmail {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CUSTOMER_COLUMNS
      " FROM customer WHERE program_id = $1 AND email_hash = $2 "
      "ORDER BY signup_time, customer_id LIMIT 100";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

// The customers with a telephone number; the hundred who came first are enough to know that
// it is a customer's.
struct CustomersByPhone {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CUSTOMER_COLUMNS
      " FROM customer WHERE program_id = $1 AND phone_hash = $2 "
      "ORDER BY signup_time, customer_id LIMIT 100";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

// The customers with a device, the hundred who came first.
struct CustomersByDevice {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CUSTOMER_COLUMNS
      " FROM customer WHERE program_id = $1 AND device_hash = $2 "
      "ORDER BY signup_time, customer_id LIMIT 100";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

// The customers with a means of payment, the hundred who came first.
struct CustomersByPayment {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CUSTOMER_COLUMNS
      " FROM customer WHERE program_id = $1 AND payment_hash = $2 "
      "ORDER BY signup_time, customer_id LIMIT 100";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
};

// The customers that a visitor became, the hundred who came first.
struct CustomersByVisitor {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CUSTOMER_COLUMNS
      " FROM customer WHERE program_id = $1 AND visitor_id = $2 AND visitor_id <> '' "
      "ORDER BY signup_time, customer_id LIMIT 100";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

// The customers whose own word names somebody: the thousand who came first.
struct CustomersByNamedReferrer {
  using Table = CustomerTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_CUSTOMER_COLUMNS
      " FROM customer WHERE program_id = $1 AND referrer_id = $2 AND referrer_id <> '' "
      "ORDER BY signup_time, customer_id LIMIT 1000";
  static std::optional<Key> KeyOf(const Table::Row& row);
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

struct TouchTable {
  using Row = domain::Touch;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_TOUCH_COLUMNS " FROM touch WHERE program_id = $1 AND touch_id = $2";
  static constexpr absl::string_view kUpsert = "INSERT INTO touch (" KITH_TOUCH_COLUMNS
                                               ") "
                                               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM touch WHERE program_id = $1 AND touch_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.touch_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// The newest thousand touches of a visitor; older ones count for nothing.
struct TouchesByVisitor {
  using Table = TouchTable;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT " KITH_TOUCH_COLUMNS
      " FROM touch WHERE program_id = $1 AND visitor_id = $2 "
      "ORDER BY touch_time DESC, touch_id LIMIT 1000";
  static std::optional<Key> KeyOf(const Table::Row& row) {
    return Key(row.program_id, row.visitor_id);
  }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
};

#undef KITH_CUSTOMER_COLUMNS
#undef KITH_TOUCH_COLUMNS

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_CUSTOMER_TABLES_H_
