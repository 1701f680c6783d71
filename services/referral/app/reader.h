// What the read RPCs answer, each from one snapshot of the store.
#ifndef KITH_SERVICES_REFERRAL_APP_READER_H_
#define KITH_SERVICES_REFERRAL_APP_READER_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/paging.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"
#include "services/referral/store/queries.h"
#include "services/referral/store/reward_queries.h"

namespace kith::referral::app {

using store::ReferralFilter;
using store::RewardFilter;
using store::RewardTotal;

struct RewardPage {
  Page<domain::Reward> page;
  std::vector<store::RewardTotal> totals;  // over the whole filter
};

struct Summary {
  struct Channel {
    int64_t customers = 0;
    int64_t converted = 0;
  };
  int64_t advocates = 0;
  int64_t referrals = 0;
  int64_t conversions = 0;
  int64_t converted_referrals = 0;
  int64_t ledger_entries = 0;
  int64_t tree_depth = 0;
  std::map<std::string, Channel> channels;
  std::map<std::pair<std::string, std::string>, int64_t>
      balances;  // by account and currency, if not 0
};

// Thread-safe. An unknown program is PROGRAM_NOT_FOUND. Calls may block until `deadline`.
class Reader {
 public:
  explicit Reader(db::Database& database) : database_(database) {}

  // Version 0 is the newest.
  absl::StatusOr<domain::ProgramVersion> GetProgram(const std::string& program_id,
                                                    int64_t version,
                                                    absl::Time deadline) const;
  // The newest version of each, `unreadable` ones as such.
  absl::StatusOr<Page<domain::ProgramVersion>> ListPrograms(const PageRequest& page,
                                                            absl::Time deadline) const;
  absl::StatusOr<domain::Advocate> GetAdvocate(const std::string& program_id,
                                               const std::string& advocate_id, absl::Time now,
                                               absl::Time deadline) const;
  absl::StatusOr<domain::Referral> GetReferral(const std::string& program_id,
                                               const std::string& referral_id,
                                               absl::Time deadline) const;
  absl::StatusOr<Page<domain::Referral>> ListReferrals(const store::ReferralFilter& filter,
                                                       const PageRequest& page,
                                                       absl::Time deadline) const;
  absl::StatusOr<RewardPage> ListRewards(const store::RewardFilter& filter,
                                         const PageRequest& page, absl::Time deadline) const;
  absl::StatusOr<Summary> GetSummary(const std::string& program_id, absl::Time deadline) const;
  // The sums over all programs, without the depth.
  absl::StatusOr<Summary> GetTotals(absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_READER_H_
