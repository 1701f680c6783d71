// What belongs to leads besides the referrals themselves: opt-outs, and how many leads of a
// campaign stand where.
#ifndef KITH_SERVICES_REFERRAL_STORE_LEAD_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_LEAD_TABLES_H_

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

// Somebody who does not want to be referred, known by the keyed hash of an address or a
// number: the hashes of the two never meet.
struct OptOut {
  std::string program_id;
  std::string hash;
  absl::Time opted_out_time;
};

struct OptOutTable {
  using Row = OptOut;
  using Key = IdKey;  // program and hash
  static constexpr absl::string_view kSelect =
      "SELECT program_id, hash, opted_out_time FROM opt_out "
      "WHERE program_id = $1 AND hash = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO opt_out (program_id, hash, opted_out_time) VALUES ($1, $2, $3)";
  static constexpr absl::string_view kDelete =
      "DELETE FROM opt_out WHERE program_id = $1 AND hash = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.hash}; }
  static db::Params KeyParams(const Key& key) { return ToHashParams(key); }
  static db::Params Encode(const Row& row) {
    return {row.program_id, FromHash(row.hash), db::FromTime(row.opted_out_time)};
  }
  static Row Decode(const db::Row& row) { return {row.Text(0), row.Bytes(1), row.Time(2)}; }
};

// Leads of a campaign by state. Those of the whole program are counted in the summary.
struct LeadFunnelCounter {
  using Key = std::tuple<std::string, std::string, std::string>;  // program, campaign, state
  static constexpr absl::string_view kAdd =
      "INSERT INTO lead_funnel (program_id, campaign, lead_state, leads) "
      "VALUES ($1, $2, $3, $4) ON CONFLICT (program_id, campaign, lead_state) "
      "DO UPDATE SET leads = lead_funnel.leads + excluded.leads";
  static constexpr absl::string_view kPrune =
      "DELETE FROM lead_funnel WHERE program_id = $1 AND campaign = $2 AND lead_state = $3 "
      "AND leads = 0";
  static db::Params KeyParams(const Key& key) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key)};
  }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {std::get<0>(key), std::get<1>(key), std::get<2>(key), delta};
  }
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_LEAD_TABLES_H_
