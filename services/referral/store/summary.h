// The counters behind the summary, by name. There is no row for a count of 0.
#ifndef KITH_SERVICES_REFERRAL_STORE_SUMMARY_H_
#define KITH_SERVICES_REFERRAL_STORE_SUMMARY_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/db/db.h"
#include "common/executor/table.h"
#include "services/referral/store/keys.h"

namespace kith::referral::store {

inline constexpr absl::string_view kAdvocates = "advocates";
inline constexpr absl::string_view kReferrals = "referrals";
inline constexpr absl::string_view kConversions = "conversions";  // not reversed
inline constexpr absl::string_view kConvertedReferrals = "converted_referrals";
inline constexpr absl::string_view kLedgerEntries = "ledger_entries";
inline constexpr absl::string_view kBreachedLeads = "breached_leads";  // contacted too late
// Leads that were contacted, and how long they had waited for it together, in whole seconds
// each.
inline constexpr absl::string_view kContactedLeads = "contacted_leads";
inline constexpr absl::string_view kContactWait = "contact_wait_seconds";
// Followed by the state of leads.
inline constexpr absl::string_view kLeadsPrefix = "leads/";
// Followed by the channel.
inline constexpr absl::string_view kCustomersPrefix = "customers/";
inline constexpr absl::string_view kConvertedPrefix = "converted_customers/";
// Followed by the state of rewards (see RewardTable), and of their fulfilments as stored.
inline constexpr absl::string_view kRewardsPrefix = "rewards/";
inline constexpr absl::string_view kFulfilmentsPrefix = "fulfilments/";
// Followed by the state of fraud cases: open, approved or rejected.
inline constexpr absl::string_view kCasesPrefix = "fraud_cases/";
inline constexpr absl::string_view kAlarms = "quality_alarms";  // raised and not reset
// Followed by the account, a slash and the currency: what stands on the account's own side
// (debits for the expense, credits for the liability), so that it is never negative.
inline constexpr absl::string_view kBalancePrefix = "balance/";

struct SummaryCounter {
  using Key = IdKey;  // program and name
  static constexpr absl::string_view kAdd =
      "INSERT INTO summary (program_id, name, value) VALUES ($1, $2, $3) "
      "ON CONFLICT (program_id, name) DO UPDATE SET value = summary.value + excluded.value";
  static constexpr absl::string_view kPrune =
      "DELETE FROM summary WHERE program_id = $1 AND name = $2 AND value = 0";
  static db::Params KeyParams(const Key& key) { return ToParams(key); }
  static db::Params Encode(const Key& key, int64_t delta) {
    return {key.first, key.second, delta};
  }
  static Key KeyOf(const std::string& program_id, absl::string_view prefix,
                   absl::string_view rest = {}) {
    return {program_id, absl::StrCat(prefix, rest)};
  }
};

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_SUMMARY_H_
