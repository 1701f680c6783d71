// What the reads of rewards, caps and the ledger ask of the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_REWARD_QUERIES_H_
#define KITH_SERVICES_REFERRAL_STORE_REWARD_QUERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/domain/ledger.h"
#include "services/referral/domain/model.h"

namespace kith::referral::store {

absl::StatusOr<std::optional<domain::Reward>> ReadReward(db::ReadTransaction& transaction,
                                                         const std::string& program_id,
                                                         const std::string& reward_id);

struct RewardFilter {
  std::string program_id;
  std::string recipient_id;                  // empty: of anybody
  std::string referral_id;                   // empty: for any
  std::optional<domain::RewardState> state;  // absent: in any
  absl::Time now;                            // which tells held, available and expired apart
};
// In order of id, behind `after`, at most `limit`.
absl::StatusOr<std::vector<domain::Reward>> ReadRewards(db::ReadTransaction& transaction,
                                                        const RewardFilter& filter,
                                                        const std::string& after,
                                                        int64_t limit);

// The sum of the rewards of one currency and state; the largest number when it is larger.
struct RewardTotal {
  std::string currency;
  domain::RewardState state = domain::RewardState::kHeld;
  int64_t amount_minor = 0;
  int64_t count = 0;
};
// Over the whole filter, in order of currency and state.
absl::StatusOr<std::vector<RewardTotal>> ReadRewardTotals(db::ReadTransaction& transaction,
                                                          const RewardFilter& filter);

// The key of an entry in a program.
struct LedgerKey {
  std::string reward_id;
  std::string kind;
  std::string account;
  int64_t sequence = 0;
};
// Entries in order of key, behind `after`, at most `limit`; only of `reward_id` unless it is
// empty.
absl::StatusOr<std::vector<domain::LedgerEntry>> ReadLedger(db::ReadTransaction& transaction,
                                                            const std::string& program_id,
                                                            const std::string& reward_id,
                                                            const LedgerKey& after,
                                                            int64_t limit);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_REWARD_QUERIES_H_
