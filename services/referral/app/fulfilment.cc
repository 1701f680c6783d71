#include "services/referral/app/fulfilment.h"

#include <utility>

#include "services/referral/app/due.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/grants.h"
#include "services/referral/store/fulfilment_tables.h"

namespace kith::referral::app {
namespace {

using domain::FulfilmentState;
using domain::RewardState;

// What becomes of the pieces that a claim reserved.
enum class Pieces { kBack, kHandedOut };

const domain::Stock* StockOf(exec::Unit& unit, const domain::Reward& reward) {
  if (!domain::MayBeStocked(reward.kind, reward.item)) return nullptr;
  return unit.Find<store::StockTable>({reward.program_id, reward.item});
}

void Reserve(exec::Unit& unit, const domain::Reward& reward, int64_t pieces, absl::Time now) {
  const domain::Stock* stored = StockOf(unit, reward);
  if (stored == nullptr || pieces == 0) return;
  domain::Stock stock = *stored;
  stock.on_hand -= pieces;
  stock.reserved += pieces;
  stock.changed_time = now;
  unit.Put<store::StockTable>(std::move(stock));
}

void Settle(exec::Unit& unit, const domain::Reward& reward,
            const domain::Fulfilment& fulfilment, Pieces pieces, absl::Time now) {
  const domain::Stock* stored = StockOf(unit, reward);
  if (stored == nullptr) return;
  domain::Stock stock = *stored;
  stock.reserved -= fulfilment.pieces;
  stock.changed_time = now;
  if (pieces == Pieces::kBack) {
    stock.on_hand += fulfilment.pieces;
  } else {
    const int64_t taken = domain::PiecesOf(reward);
    // A provider that was late has taken pieces that are not reserved. What one is at that had
    // begun before the item was stocked was never on hand.
    const bool had_begun =
        fulfilment.state == FulfilmentState::kClaimed && fulfilment.pieces == 0;
    if (!had_begun) stock.on_hand -= taken - fulfilment.pieces;
    stock.handed_out += taken;
  }
  unit.Put<store::StockTable>(std::move(stock));
}

// Somebody decided to take it back while a provider had it.
bool IsMarked(const domain::Reward& reward) {
  return reward.stored_state == RewardState::kFulfilling && reward.reversal_time.has_value();
}

bool IsClosed(const domain::Reward& reward) {
  return !reward.owed() || reward.stored_state == RewardState::kFulfilled;
}

// Into the queue again, from `retry_time` on if there is one.
void Return(exec::Unit& unit, domain::Reward reward, std::optional<absl::Time> retry_time) {
  // A gate may have closed since the lease ended.
  if (reward.stored_state == RewardState::kFulfilling) {
    reward.stored_state = RewardState::kHeld;
  }
  reward.retry_time = retry_time;
  if (reward.expiry_time.has_value()) {
    Schedule(unit, reward.program_id, DueKind::kRewardExpiry, reward.reward_id,
             *reward.expiry_time);
  }
  unit.Put<store::RewardTable>(std::move(reward));
}

// Nobody is at a marked reward any more: it is taken back as one that is not paid.
void TakeMarkedBack(exec::Unit& unit, domain::Reward reward, absl::Time now) {
  const std::string cause = std::exchange(reward.cause, std::string());
  const std::string by = reward.closed_by;
  reward.reversal_time.reset();
  reward.stored_state = RewardState::kHeld;
  TakeBack(unit, std::move(reward), cause, now, by);
}

}  // namespace

void WantFulfilment(exec::Loader& loader, const Rules& rules, const std::string& program_id,
                    const std::string& reward_id) {
  const store::IdKey key = {program_id, reward_id};
  loader.Want<store::RewardTable>(key);
  loader.Want<store::FulfilmentTable>(key);
  WantDue(loader, program_id, DueKind::kLease, reward_id);
  WantDue(loader, program_id, DueKind::kRewardExpiry, reward_id);
  WantDue(loader, program_id, DueKind::kRewardAvailable, reward_id);
  const domain::Reward* reward = loader.Peek<store::RewardTable>(key);
  if (reward == nullptr) return;
  if (domain::MayBeStocked(reward->kind, reward->item)) {
    loader.Want<store::StockTable>({program_id, reward->item});
  }
  WantChange(loader, rules, *reward);
}

domain::Fulfilment Claim(exec::Unit& unit, domain::Reward reward,
                         const domain::ClaimTerms& terms) {
  const auto* before =
      unit.Find<store::FulfilmentTable>({reward.program_id, reward.reward_id});
  domain::Fulfilment claimed = domain::Claimed(before, reward, terms);
  Reserve(unit, reward, terms.pieces, terms.now);
  Schedule(unit, reward.program_id, DueKind::kLease, reward.reward_id, terms.lease_end_time);
  reward.stored_state = RewardState::kFulfilling;
  reward.retry_time.reset();
  unit.Put<store::RewardTable>(std::move(reward));
  unit.Put<store::FulfilmentTable>(claimed);
  return claimed;
}

domain::Fulfilment Report(exec::Unit& unit, domain::Reward reward,
                          domain::Fulfilment fulfilment,
                          const domain::FulfilmentReport& report, absl::Time now) {
  Unschedule(unit, reward.program_id, DueKind::kLease, reward.reward_id);
  Settle(unit, reward, fulfilment, report.succeeded ? Pieces::kHandedOut : Pieces::kBack, now);
  fulfilment = domain::Reported(std::move(fulfilment), report, now);
  if (report.succeeded) {
    if (reward.stored_state == RewardState::kHeld) {
      reward.stored_state = RewardState::kFulfilling;
    }
    reward.retry_time.reset();
    reward.failed = false;
    OnRewardFulfilled(unit, std::move(reward), now);
  } else if (IsMarked(reward)) {
    TakeMarkedBack(unit, std::move(reward), now);
    fulfilment = domain::Stopped(std::move(fulfilment), now);
  } else if (IsClosed(reward)) {
    fulfilment = domain::Stopped(std::move(fulfilment), now);
  } else {
    reward.failed = fulfilment.state == FulfilmentState::kFailed;
    Return(unit, std::move(reward), fulfilment.next_attempt_time);
  }
  unit.Put<store::FulfilmentTable>(fulfilment);
  return fulfilment;
}

void ApplyLeaseEnd(exec::Unit& unit, const std::string& program_id,
                   const std::string& reward_id, absl::Time now) {
  const store::IdKey key = {program_id, reward_id};
  const auto* fulfilment = unit.Find<store::FulfilmentTable>(key);
  const auto* reward = unit.Find<store::RewardTable>(key);
  if (fulfilment == nullptr || reward == nullptr) return;
  if (fulfilment->state != FulfilmentState::kClaimed) return;
  if (now < fulfilment->lease_end_time) {
    Schedule(unit, program_id, DueKind::kLease, reward_id, fulfilment->lease_end_time);
    return;
  }
  Settle(unit, *reward, *fulfilment, Pieces::kBack, now);
  if (IsMarked(*reward)) {
    TakeMarkedBack(unit, *reward, now);
    unit.Put<store::FulfilmentTable>(domain::Stopped(*fulfilment, now));
    return;
  }
  if (reward->stored_state == RewardState::kFulfilling) Return(unit, *reward, std::nullopt);
  unit.Put<store::FulfilmentTable>(domain::Lapsed(*fulfilment, now));
}

std::optional<int64_t> OnHand(exec::Unit& unit, const domain::Reward& reward) {
  const domain::Stock* stock = StockOf(unit, reward);
  return stock == nullptr ? std::nullopt : std::optional(stock->on_hand);
}

}  // namespace kith::referral::app
