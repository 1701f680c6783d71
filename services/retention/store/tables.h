// The rows that commands change (see common/executor/table.h).
#ifndef KITH_SERVICES_RETENTION_STORE_TABLES_H_
#define KITH_SERVICES_RETENTION_STORE_TABLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/executor/table.h"
#include "services/retention/domain/customer.h"
#include "services/retention/domain/event.h"
#include "services/retention/domain/policy.h"

namespace kith::retention::store {

using TwoPartKey = std::pair<std::string, std::string>;

// A program that the service knows.
struct Program {
  std::string program_id;
  int64_t policy_version = 0;  // 0: no policy yet
  AhaEras eras;
};

struct ProgramTable {
  using Row = Program;
  using Key = std::string;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, policy_version, aha_eras FROM program WHERE program_id = $1";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO program (program_id, policy_version, aha_eras) VALUES ($1, $2, $3) "
      "ON CONFLICT (program_id) DO UPDATE SET policy_version = excluded.policy_version, "
      "aha_eras = excluded.aha_eras";
  static constexpr absl::string_view kDelete = "DELETE FROM program WHERE program_id = $1";
  static Key KeyOf(const Row& row) { return row.program_id; }
  static db::Params KeyParams(const Key& key) { return {key}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// A version of a program's policy.
struct StoredPolicy {
  std::string program_id;
  int64_t version = 0;
  absl::Time effective_time;
  Policy policy;
};

struct PolicyTable {
  using Row = StoredPolicy;
  using Key = std::pair<std::string, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, version, effective_at, referred_channel, baseline_channel, "
      "aha_event, aha_min_count, aha_within FROM policy "
      "WHERE program_id = $1 AND version = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO policy (program_id, version, effective_at, referred_channel, "
      "baseline_channel, aha_event, aha_min_count, aha_within) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM policy WHERE program_id = $1 AND version = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.version}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// Events are only ever inserted.
struct EventTable {
  using Row = Event;
  using Key = TwoPartKey;  // program, event
  static constexpr absl::string_view kSelect =
      "SELECT program_id, event_id, customer_id, kind, event_at, name, amount_minor, "
      "currency, channel, plan FROM lifecycle_event WHERE program_id = $1 AND event_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO lifecycle_event (program_id, event_id, customer_id, kind, event_at, name, "
      "amount_minor, currency, channel, plan) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM lifecycle_event WHERE program_id = $1 AND event_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.event_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// The churn events of a customer.
struct ChurnsByCustomer {
  using Table = EventTable;
  using Key = TwoPartKey;  // program, customer
  static constexpr absl::string_view kSelect =
      "SELECT program_id, event_id, customer_id, kind, event_at, name, amount_minor, "
      "currency, channel, plan FROM lifecycle_event "
      "WHERE program_id = $1 AND customer_id = $2 AND kind = 7";
  static std::optional<Key> KeyOf(const Event& row) {
    if (row.kind != EventKind::kChurn) return std::nullopt;
    return Key{row.program_id, row.customer_id};
  }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
};

struct CustomerTable {
  using Row = Customer;
  using Key = TwoPartKey;  // program, customer
  static constexpr absl::string_view kSelect =
      "SELECT program_id, customer_id, signup_event_at, signup_event_id, signup_channel, "
      "attributed_channel, attributed_signup_at, plan_at, plan_event_id, "
      "last_reactivation_at, aha_progress, events, channel, referrer_id, plan, signup_at, "
      "onboarded_at, aha_at, churn_at FROM customer "
      "WHERE program_id = $1 AND customer_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO customer (program_id, customer_id, signup_event_at, signup_event_id, "
      "signup_channel, attributed_channel, attributed_signup_at, plan_at, plan_event_id, "
      "last_reactivation_at, aha_progress, events, channel, referrer_id, plan, signup_at, "
      "onboarded_at, aha_at, churn_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) "
      "ON CONFLICT (program_id, customer_id) DO UPDATE SET "
      "signup_event_at = excluded.signup_event_at, "
      "signup_event_id = excluded.signup_event_id, "
      "signup_channel = excluded.signup_channel, "
      "attributed_channel = excluded.attributed_channel, "
      "attributed_signup_at = excluded.attributed_signup_at, plan_at = excluded.plan_at, "
      "plan_event_id = excluded.plan_event_id, "
      "last_reactivation_at = excluded.last_reactivation_at, "
      "aha_progress = excluded.aha_progress, events = excluded.events, "
      "channel = excluded.channel, referrer_id = excluded.referrer_id, "
      "plan = excluded.plan, signup_at = excluded.signup_at, "
      "onboarded_at = excluded.onboarded_at, aha_at = excluded.aha_at, "
      "churn_at = excluded.churn_at, closed_at = excluded.closed_at";
  static constexpr absl::string_view kDelete =
      "DELETE FROM customer WHERE program_id = $1 AND customer_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.customer_id}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

// Revenue of a program in one currency.
struct ProgramRevenue {
  std::string program_id;
  std::string currency;
  int64_t amount_minor = 0;    // payments less refunds
  int64_t turnover_minor = 0;  // payments plus refunds: bounds every sum
};

struct ProgramRevenueTable {
  using Row = ProgramRevenue;
  using Key = TwoPartKey;  // program, currency
  static constexpr absl::string_view kSelect =
      "SELECT program_id, currency, amount_minor, turnover_minor FROM program_revenue "
      "WHERE program_id = $1 AND currency = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO program_revenue (program_id, currency, amount_minor, turnover_minor) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (program_id, currency) DO UPDATE SET "
      "amount_minor = excluded.amount_minor, turnover_minor = excluded.turnover_minor";
  static constexpr absl::string_view kDelete =
      "DELETE FROM program_revenue WHERE program_id = $1 AND currency = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.currency}; }
  static db::Params KeyParams(const Key& key) { return {key.first, key.second}; }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

}  // namespace kith::retention::store

#endif  // KITH_SERVICES_RETENTION_STORE_TABLES_H_
