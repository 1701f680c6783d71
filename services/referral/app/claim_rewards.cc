#include "services/referral/app/claim_rewards.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "services/referral/app/campaigns.h"
#include "services/referral/app/due.h"
#include "services/referral/app/fulfilment.h"
#include "services/referral/app/rules.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/fulfilment_tables.h"

namespace kith::referral::app {
namespace {

constexpr int64_t kDefaultRewards = 10;

bool IsOlder(const domain::Reward* a, const domain::Reward* b) {
  return std::tie(a->available_time, a->reward_id) < std::tie(b->available_time, b->reward_id);
}

std::string TokenOf(const domain::Reward& reward, absl::string_view request_id) {
  const uint64_t hash =
      StableHash(absl::StrCat(reward.program_id, "\n", reward.reward_id, "\n", request_id));
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16));
}

}  // namespace

absl::StatusOr<absl::Duration> LeaseDuration(absl::Duration asked) {
  if (asked == absl::ZeroDuration()) return kDefaultLease;
  if (asked >= kShortestLease && asked <= kLongestLease) return asked;
  return MakeFieldError(kith::errors::kInvalidField, "lease_duration",
                        "must be between 1 s and 7 days");
}

ClaimRewards::ClaimRewards(Request request, Encoder<Response> encode)
    : request_(std::move(request)),
      encode_(std::move(encode)),
      nothing_(encode_(Response()).value_or("")) {}

size_t ClaimRewards::Max() const {
  return static_cast<size_t>(request_.max_rewards > 0 ? request_.max_rewards
                                                      : kDefaultRewards);
}

bool ClaimRewards::Fits(const domain::Reward& lane) const {
  const auto& kinds = request_.kinds;
  if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), lane.kind) == kinds.end()) {
    return false;
  }
  return request_.item.empty() || request_.item == lane.item;
}

void ClaimRewards::Prefetch(exec::Loader& loader) const {
  const std::string& program_id = request_.program_id;
  Rules::Want(loader, program_id);
  loader.WantAll<store::LaneHeads>(program_id);
  std::vector<const domain::Reward*> waiting;
  for (const domain::Reward* lane : loader.PeekAll<store::LaneHeads>(program_id)) {
    if (!Fits(*lane)) continue;
    WantCampaign(loader, program_id, lane->campaign);
    if (domain::MayBeStocked(lane->kind, lane->item)) {
      loader.Want<store::StockTable>({program_id, lane->item});
    }
    const store::LanePage::Key page = {program_id, store::LaneOf(*lane),
                                       request_.received_time};
    loader.WantAll<store::LanePage>(page);
    for (const domain::Reward* reward : loader.PeekAll<store::LanePage>(page)) {
      waiting.push_back(reward);
    }
  }
  // Some of the oldest may be out of stock or paused.
  const size_t wanted = std::min(waiting.size(), 4 * Max());
  std::partial_sort(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(wanted),
                    waiting.end(), IsOlder);
  for (size_t i = 0; i < wanted; ++i) {
    const domain::Reward& reward = *waiting[i];
    loader.Want<store::FulfilmentTable>({program_id, reward.reward_id});
    WantDue(loader, program_id, DueKind::kLease, reward.reward_id);
    loader.Want<store::AdvocateTable>({program_id, reward.recipient_id});
  }
}

std::vector<domain::Reward> ClaimRewards::Candidates(exec::Unit& unit, absl::Time now) const {
  std::vector<const domain::Reward*> waiting;
  const std::string& program_id = request_.program_id;
  for (const domain::Reward* lane : unit.Select<store::LaneHeads>(program_id)) {
    if (!Fits(*lane)) continue;
    if (!lane->campaign.empty() && IsPaused(unit, program_id, lane->campaign)) continue;
    for (const domain::Reward* reward : unit.Select<store::LanePage>(
             {program_id, store::LaneOf(*lane), request_.received_time})) {
      if (reward->state(now) == domain::RewardState::kAvailable) waiting.push_back(reward);
    }
  }
  std::sort(waiting.begin(), waiting.end(), IsOlder);
  std::vector<domain::Reward> rewards;
  for (const domain::Reward* reward : waiting) rewards.push_back(*reward);
  return rewards;
}

bool ClaimRewards::MayClaim(exec::Unit& unit, const domain::Reward& reward,
                            int64_t& pieces) const {
  pieces = 0;
  if (const std::optional<int64_t> on_hand = OnHand(unit, reward)) {
    pieces = domain::PiecesOf(reward);
    if (pieces > *on_hand) return false;
  }
  if (reward.side != domain::RewardSide::kReferrer) return true;
  const auto* advocate =
      unit.Find<store::AdvocateTable>({reward.program_id, reward.recipient_id});
  return advocate == nullptr || !advocate->suspended();
}

absl::StatusOr<std::string> ClaimRewards::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Rules::Load(unit, request_.program_id).status());
  KITH_ASSIGN_OR_RETURN(const absl::Duration lease, LeaseDuration(request_.lease_duration));
  Response claimed;
  for (domain::Reward& reward : Candidates(unit, now)) {
    if (claimed.size() >= Max()) break;
    domain::ClaimTerms terms{request_.provider, TokenOf(reward, request_.request_id), now,
                             now + lease, 0};
    if (!MayClaim(unit, reward, terms.pieces)) continue;
    domain::Fulfilment fulfilment = Claim(unit, reward, terms);
    reward.stored_state = domain::RewardState::kFulfilling;
    reward.retry_time.reset();
    claimed.push_back({std::move(reward), std::move(fulfilment)});
  }
  return encode_(claimed);
}

bool ClaimRewards::IsStored(absl::string_view response) const { return response != nothing_; }

}  // namespace kith::referral::app
