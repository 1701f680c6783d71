// What the reads of rewards, caps and the ledger answer, each from one snapshot of the store.
#ifndef KITH_SERVICES_REFERRAL_APP_REWARD_READER_H_
#define KITH_SERVICES_REFERRAL_APP_REWARD_READER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/conversion_story.h"
#include "services/referral/app/paging.h"
#include "services/referral/app/referral_story.h"
#include "services/referral/app/reward_history.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/domain/ledger.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

namespace kith::referral::app {

// Why a reward is what it is.
struct RewardStory {
  domain::Reward reward;
  std::string rule_key;
  std::optional<domain::RewardRule> rule;  // as the version had it; absent: gone
  domain::Explanation explanation;
  std::vector<RewardStep> history;
  std::string waits_for;  // see ExplainRewardResponse; empty: nothing
};

// Balances by account and currency, those that are not 0.
struct LedgerBalances {
  std::map<std::pair<std::string, std::string>, int64_t> balances;
  int64_t entries = 0;
};

// What a cap has used up.
struct CapUseView {
  domain::CapInForce cap;
  domain::CapCount count;
};

// Thread-safe. An unknown program is PROGRAM_NOT_FOUND, an unknown reward REWARD_NOT_FOUND.
// Calls may block until `deadline`.
class RewardReader {
 public:
  explicit RewardReader(db::Database& database) : database_(database) {}

  absl::StatusOr<domain::Reward> GetReward(const std::string& program_id,
                                           const std::string& reward_id,
                                           absl::Time deadline) const;
  absl::StatusOr<RewardStory> Explain(const std::string& program_id,
                                      const std::string& reward_id, absl::Time now,
                                      absl::Time deadline) const;
  // CONVERSION_NOT_FOUND when it was not recorded.
  absl::StatusOr<ConversionStory> ExplainConversion(const std::string& program_id,
                                                    const std::string& conversion_id,
                                                    absl::Time now, absl::Time deadline) const;
  // REFERRAL_NOT_FOUND when there is none.
  absl::StatusOr<ReferralStory> ExplainReferral(const std::string& program_id,
                                                const std::string& referral_id, absl::Time now,
                                                absl::Time deadline) const;
  // Of one reward, or of all when `reward_id` is empty.
  absl::StatusOr<Page<domain::LedgerEntry>> ListLedger(const std::string& program_id,
                                                       const std::string& reward_id,
                                                       const PageRequest& page,
                                                       absl::Time deadline) const;
  absl::StatusOr<LedgerBalances> GetBalances(const std::string& program_id,
                                             absl::Time deadline) const;
  // The caps in force at `time`: those over everybody, and those over each recipient for
  // `recipient_id`, if it is not empty.
  absl::StatusOr<std::vector<CapUseView>> GetCapUse(const std::string& program_id,
                                                    const std::string& recipient_id,
                                                    absl::Time time,
                                                    absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REWARD_READER_H_
