#include "services/referral/app/fulfilment_reader.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/names.h"
#include "services/referral/store/decision_tables.h"
#include "services/referral/store/fulfilment_queries.h"
#include "services/referral/store/fulfilment_tables.h"

namespace kith::referral::app {
namespace {

using Views = std::vector<FulfilmentView>;

absl::StatusOr<Views> ReadInState(db::ReadTransaction& transaction,
                                  const std::string& program_id, domain::FulfilmentState state,
                                  const std::string& after, int64_t limit) {
  KITH_ASSIGN_OR_RETURN(std::vector<domain::Fulfilment> fulfilments,
                        store::ReadFulfilments(transaction, program_id, state, after, limit));
  std::vector<std::string> ids;
  for (const domain::Fulfilment& fulfilment : fulfilments) ids.push_back(fulfilment.reward_id);
  KITH_ASSIGN_OR_RETURN(const std::vector<domain::Reward> rewards,
                        store::ReadRewardsById(transaction, program_id, ids));
  KITH_ASSIGN_OR_RETURN(const auto retries,
                        store::ReadDecisions(transaction, program_id, store::kRetried, ids));
  std::map<std::string, const domain::Reward*> by_id;
  for (const domain::Reward& reward : rewards) by_id[reward.reward_id] = &reward;
  Views views;
  for (domain::Fulfilment& fulfilment : fulfilments) {
    const auto reward = by_id.find(fulfilment.reward_id);
    if (reward == by_id.end()) continue;
    FulfilmentView view{std::move(fulfilment), *reward->second};
    const auto retry = retries.find(reward->first);
    if (retry != retries.end()) view.retry = retry->second;
    views.push_back(std::move(view));
  }
  return views;
}

// A place in all lanes, as page tokens hold it; ids and names hold no spaces.
struct Place {
  std::string lane;
  store::QueuePlace in_lane;
};

std::string ToText(const domain::Reward& reward) {
  return absl::StrCat(store::LaneOf(reward), " ", absl::ToUnixMicros(store::ReadyTime(reward)),
                      " ", reward.reward_id);
}

Place ToPlace(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  Place place;
  int64_t micros = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &micros)) return place;
  return {parts[0], {absl::FromUnixMicros(micros), parts[2]}};
}

FulfilmentView OutOfStock(domain::Reward reward) {
  FulfilmentView view;
  view.fulfilment.program_id = reward.program_id;
  view.fulfilment.reward_id = reward.reward_id;
  view.fulfilment.state = domain::FulfilmentState::kOutOfStock;
  view.fulfilment.changed_time = store::ReadyTime(reward);
  view.reward = std::move(reward);
  return view;
}

absl::StatusOr<Views> ReadWaiting(db::ReadTransaction& transaction,
                                  const std::string& program_id, absl::Time now,
                                  const std::string& after, int64_t limit) {
  KITH_ASSIGN_OR_RETURN(const std::vector<store::StockedLane> found,
                        store::ReadStockedLanes(transaction, program_id));
  std::map<std::string, store::StockedLane> lanes;  // in order of name
  for (const store::StockedLane& lane : found) lanes[lane.lane] = lane;
  const Place from = ToPlace(after);
  Views views;
  for (const auto& [name, lane] : lanes) {
    if (name < from.lane) continue;
    const int64_t left = limit - static_cast<int64_t>(views.size());
    if (left <= 0) break;
    KITH_ASSIGN_OR_RETURN(
        std::vector<domain::Reward> rewards,
        store::ReadOutOfStock(transaction, program_id, lane, now,
                              name == from.lane ? from.in_lane : store::QueuePlace(), left));
    for (domain::Reward& reward : rewards) views.push_back(OutOfStock(std::move(reward)));
  }
  return views;
}

}  // namespace

absl::StatusOr<Page<FulfilmentView>> FulfilmentReader::ListFulfilments(
    const std::string& program_id, domain::FulfilmentState state, const PageRequest& page,
    absl::Time now, absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  const bool waiting = state == domain::FulfilmentState::kOutOfStock;
  return ReadPage<FulfilmentView>(
      absl::StrCat("fulfilments ", program_id, " ", domain::Name(state)), page,
      [&](const std::string& after, int64_t limit) {
        return waiting ? ReadWaiting(*transaction, program_id, now, after, limit)
                       : ReadInState(*transaction, program_id, state, after, limit);
      },
      [&](const FulfilmentView& view) {
        return waiting ? ToText(view.reward) : view.reward.reward_id;
      });
}

absl::StatusOr<Page<domain::Stock>> FulfilmentReader::ListStock(const std::string& program_id,
                                                                const PageRequest& page,
                                                                absl::Time deadline) const {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database_.BeginRead(deadline));
  KITH_RETURN_IF_ERROR(RequireProgram(*transaction, program_id));
  return ReadPage<domain::Stock>(
      absl::StrCat("stock ", program_id), page,
      [&](const std::string& after, int64_t limit) {
        return store::ReadStock(*transaction, program_id, after, limit);
      },
      [](const domain::Stock& stock) { return stock.item; });
}

}  // namespace kith::referral::app
