// Paused campaigns in the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_CAMPAIGN_TABLES_H_
#define KITH_SERVICES_REFERRAL_STORE_CAMPAIGN_TABLES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

// A campaign whose rewards wait.
struct PausedCampaign {
  std::string program_id;
  std::string campaign;
  absl::Time paused_time;
  std::string cause;      // `quality`, or a word of the caller's
  std::string paused_by;  // a person, or `alarm`
  friend bool operator==(const PausedCampaign&, const PausedCampaign&) = default;
};

struct PausedCampaignTable {
  using Row = PausedCampaign;
  using Key = IdKey;
  static constexpr absl::string_view kSelect =
      "SELECT program_id, campaign, paused_time, cause, paused_by FROM paused_campaign "
      "WHERE program_id = $1 AND campaign = $2";
  static constexpr absl::string_view kUpsert =
      "INSERT INTO paused_campaign (program_id, campaign, paused_time, cause, paused_by) "
      "VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (program_id, campaign) DO UPDATE SET paused_time = excluded.paused_time, "
      "cause = excluded.cause, paused_by = excluded.paused_by";
  static constexpr absl::string_view kDelete =
      "DELETE FROM paused_campaign WHERE program_id = $1 AND campaign = $2";
  static Key KeyOf(const Row& row) { return {row.program_id, row.campaign}; }
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Row& row) {
    return {row.program_id, row.campaign, db::FromTime(row.paused_time), row.cause,
            row.paused_by};
  }
  static Row Decode(const db::Row& row) {
    return {row.Text(0), row.Text(1), row.Time(2), row.Text(3), row.Text(4)};
  }
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_CAMPAIGN_TABLES_H_
