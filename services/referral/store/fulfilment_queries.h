// What the reads of fulfilments and stock select.
#ifndef KITH_SERVICES_REFERRAL_STORE_FULFILMENT_QUERIES_H_
#define KITH_SERVICES_REFERRAL_STORE_FULFILMENT_QUERIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/domain/fulfilment.h"
#include "services/referral/domain/reward_model.h"

namespace kith::referral::store {

// Those in `state`, in order of reward, behind the reward `after`.
absl::StatusOr<std::vector<domain::Fulfilment>> ReadFulfilments(
    db::ReadTransaction& transaction, const std::string& program_id,
    domain::FulfilmentState state, const std::string& after, int64_t limit);

// The rewards of these ids, in their order; ids without a reward are left out.
absl::StatusOr<std::vector<domain::Reward>> ReadRewardsById(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::vector<std::string>& reward_ids);

// The names of the lanes in which rewards of stocked things wait, with the pieces there are.
struct StockedLane {
  std::string lane;
  int64_t on_hand = 0;
};
absl::StatusOr<std::vector<StockedLane>> ReadStockedLanes(db::ReadTransaction& transaction,
                                                          const std::string& program_id);

// A place in a lane's queue.
struct QueuePlace {
  absl::Time ready_time = absl::InfinitePast();
  std::string reward_id;
};
// From when a reward is in the queue.
inline absl::Time ReadyTime(const domain::Reward& reward) {
  return reward.retry_time.value_or(reward.available_time);
}
// The rewards of a lane that could be claimed at `now` if there were pieces, behind `after`.
absl::StatusOr<std::vector<domain::Reward>> ReadOutOfStock(
    db::ReadTransaction& transaction, const std::string& program_id, const StockedLane& lane,
    absl::Time now, const QueuePlace& after, int64_t limit);

// In order of item, behind `after`.
absl::StatusOr<std::vector<domain::Stock>> ReadStock(db::ReadTransaction& transaction,
                                                     const std::string& program_id,
                                                     const std::string& after, int64_t limit);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_FULFILMENT_QUERIES_H_
