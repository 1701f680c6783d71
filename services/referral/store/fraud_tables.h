// Cases, checks and counts of honesty in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_FRAUD_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_FRAUD_TABLES_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/unit.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

// One line a signal: its name, its weight and its text.
std::string EncodeEvidence(const std::vector<domain::SignalEvidence>& evidence);
// The reverse. Lines that cannot be read are left out.
std::vector<domain::SignalEvidence> DecodeEvidence(absl::string_view text);

struct FraudCaseTable {
  using Row = domain::FraudCase;
  using Key = IdKey;
  static constexpr absl::string_view kColumns =
      "program_id, referral_id, advocate_id, state, score, evidence, program_version, "
      "opened_time, resolved_time, decided_by, sealed_note";
  static constexpr absl::string_view kSelect =
      "SELECT program_id, referral_id, advocate_id, state, score, evidence, program_version, "
      "opened_time, resolved_time, decided_by, sealed_note FROM fraud_case "
      "WHERE program_id = $1 AND referral_id = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO fraud_case (program_id, referral_id, advocate_id, state, score, evidence, "
      "program_version, opened_time, resolved_time, decided_by, sealed_note) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
      "ON CONFLICT (program_id, referral_id) DO UPDATE SET advocate_id = "
      "excluded.advocate_id, "
      "state = excluded.state, score = excluded.score, evidence = excluded.evidence, "
      "program_version = excluded.program_version, opened_time = excluded.opened_time, "
      "resolved_time = excluded.resolved_time, decided_by = excluded.decided_by, "
      "sealed_note = excluded.sealed_note";
  static constexpr absl::string_view kDelete =
      "DELETE FROM fraud_case WHERE program_id = $1 AND referral_id = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.referral_id}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
  // Cases by state: kCasesPrefix.
  static void Contribute(const Row& row, int64_t sign, exec::Unit& unit);
};

struct FraudCheckTable {
  using Row = domain::FraudCheck;
  // Program, referral, advocate, signup.
  using Key = std::tuple<std::string, std::string, std::string, bool>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, referral_id, advocate_id, signup, fingerprint, state, score, "
      "evidence FROM fraud_check WHERE program_id = $1 AND referral_id = $2 "
      "AND advocate_id = $3 AND signup = $4";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO fraud_check (program_id, referral_id, advocate_id, signup, fingerprint, "
      "state, score, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
      "ON CONFLICT (program_id, referral_id, advocate_id, signup) DO UPDATE SET "
      "fingerprint = excluded.fingerprint, state = excluded.state, score = excluded.score, "
      "evidence = excluded.evidence";
  static constexpr absl::string_view kDelete =
      "DELETE FROM fraud_check WHERE program_id = $1 AND referral_id = $2 "
      "AND advocate_id = $3 AND signup = $4";
  static Key KeyOf(const Row& row) {
    return {row.program_id, row.referral_id, row.advocate_id, row.signup};
  }
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key),
            db::FromBool(std::get<3>(key))};
  }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

struct AdvocateTraceTable {
  using Row = domain::AdvocateTrace;
  // Program, advocate, kind, hash.
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, advocate_id, kind, hash FROM advocate_trace "
      "WHERE program_id = $1 AND advocate_id = $2 AND kind = $3 AND hash = $4";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO advocate_trace (program_id, advocate_id, kind, hash) "
      "VALUES ($1, $2, $3, $4)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM advocate_trace "
      "WHERE program_id = $1 AND advocate_id = $2 AND kind = $3 AND hash = $4";
  static Key KeyOf(const Row& row);
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key), FromHash(std::get<3>(key))};
  }
  static db::Params Encode(const Row& row) { return KeyParams(KeyOf(row)); }
  static Row Decode(const db::Row& row);
};

struct VelocityTable {
  using Row = domain::VelocityCount;
  // Program, dimension, subject, day.
  using Key = std::tuple<std::string, std::string, std::string, int64_t>;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, dimension, subject, local_day, referrals FROM velocity_count "
      "WHERE program_id = $1 AND dimension = $2 AND subject = $3 AND local_day = $4";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO velocity_count (program_id, dimension, subject, local_day, referrals) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id, dimension, subject, local_day) "
      "DO UPDATE SET referrals = excluded.referrals";
  static constexpr absl::string_view kDelete =
      "DELETE FROM velocity_count "
      "WHERE program_id = $1 AND dimension = $2 AND subject = $3 AND local_day = $4";
  static Key KeyOf(const Row& row);
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), FromHash(std::get<2>(key)), std::get<3>(key)};
  }
  static db::Params Encode(const Row& row);
  static Row Decode(const db::Row& row);
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_FRAUD_TABLES_H_
