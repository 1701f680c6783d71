// How rewards that are there move on: gates, clock, fulfilment, taking back.
#include <optional>
#include <utility>

#include "services/referral/app/counting.h"
#include "services/referral/app/due.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/reward_facts.h"
#include "services/referral/domain/fulfilment.h"
#include "services/referral/domain/ledger.h"
#include "services/referral/store/fulfilment_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::EntryKind;
using domain::Reward;
using domain::RewardState;

std::optional<Reward> FindReward(exec::Unit& unit, const std::string& program_id,
                                 const std::string& reward_id) {
  const Reward* stored = unit.Find<store::RewardTable>({program_id, reward_id});
  return stored == nullptr ? std::nullopt : std::optional(*stored);
}

// Books the end of what was owed, and gives back what it used up of the caps.
void Close(exec::Unit& unit, const Reward& reward, EntryKind kind, absl::Time now) {
  store::Book(unit, domain::LedgerEntries(reward, kind, now));
  CountInCaps(unit, reward, domain::IsSupplement(reward) ? 0 : -1, -reward.amount_minor);
}

// Nobody is to hand out again what failed and is owed no more.
void StopTrying(exec::Unit& unit, Reward& reward, absl::Time now) {
  if (!reward.retry_time.has_value() && !reward.failed) return;
  reward.retry_time.reset();
  reward.failed = false;
  const auto* failed = unit.Find<store::FulfilmentTable>(store::RewardTable::KeyOf(reward));
  if (failed == nullptr) return;
  unit.Put<store::FulfilmentTable>(domain::Stopped(*failed, now));
}

}  // namespace

void OnFraudApproved(exec::Unit& unit, const Rules&, const domain::Referral& referral,
                     absl::Time now) {
  for (Reward& reward : RewardsOf(unit, referral)) {
    if (!domain::OpenFraudGate(reward, MakerOf(unit, reward).rule, now)) continue;
    Announce(unit, reward, now);
    unit.Put<store::RewardTable>(std::move(reward));
  }
}

void OnFraudRejected(exec::Unit& unit, const Rules& rules, const domain::Referral& before,
                     absl::Time now) {
  for (Reward& reward : RewardsOf(unit, before)) {
    if (domain::IsOverCounts(reward.trigger)) continue;
    TakeBack(unit, std::move(reward), domain::kFraudRejected, now);
  }
  TakeBackUnreached(unit, rules, before,
                    {.cause = std::string(domain::kFraudRejected),
                     .by = domain::kByReversal,
                     .of_leads = true,
                     .reversal_time = std::nullopt},
                    now);
  // What others reach without it waits for it no more, as older versions had it wait.
  OnFraudApproved(unit, rules, before, now);
}

void OnRewardDue(exec::Unit& unit, const std::string& program_id, const std::string& reward_id,
                 absl::Time now) {
  std::optional<Reward> reward = FindReward(unit, program_id, reward_id);
  if (!reward.has_value() || reward->stored_state != RewardState::kHeld) return;
  Announce(unit, *reward, now);
  unit.Put<store::RewardTable>(*std::move(reward));
}

void OnRewardExpired(exec::Unit& unit, const std::string& program_id,
                     const std::string& reward_id, absl::Time now) {
  std::optional<Reward> reward = FindReward(unit, program_id, reward_id);
  if (!reward.has_value() || !reward->expiry_time.has_value()) return;
  const bool unreleased = reward->stored_state == RewardState::kApproved;
  if (!unreleased && reward->stored_state != RewardState::kHeld) return;
  if (now < *reward->expiry_time) {
    Schedule(unit, program_id, DueKind::kRewardExpiry, reward_id, *reward->expiry_time);
    return;
  }
  Close(unit, *reward, EntryKind::kExpiry, now);
  reward->stored_state = RewardState::kExpired;
  reward->reversal_time = now;
  reward->cause = std::string(unreleased ? domain::kNotReleased : domain::kExpired);
  StopTrying(unit, *reward, now);
  PublishRewardExpired(unit, *reward);
  unit.Put<store::RewardTable>(*std::move(reward));
}

void OnRewardFulfilled(exec::Unit& unit, Reward reward, absl::Time now) {
  if (reward.fulfilled_time.has_value()) return;
  reward.fulfilled_time = now;
  store::Book(unit, domain::LedgerEntries(reward, EntryKind::kPayment, now));
  PublishRewardFulfilled(unit, reward);
  if (!reward.owed()) {
    // Paid after it was over: the recipient owes it.
    store::Book(unit, domain::LedgerEntries(reward, EntryKind::kClawback, now, true));
  } else if (reward.reversal_time.has_value()) {
    // Taken back while the provider was at it.
    Close(unit, reward, EntryKind::kClawback, now);
    reward.stored_state = RewardState::kReversed;
    PublishRewardReversed(unit, reward);
  } else {
    reward.stored_state = RewardState::kFulfilled;
  }
  unit.Put<store::RewardTable>(std::move(reward));
}

void TakeBack(exec::Unit& unit, Reward reward, absl::string_view cause, absl::Time now,
              absl::string_view by) {
  const domain::Taken taken = domain::TakeBack(reward, cause, by, now);
  if (taken == domain::Taken::kNothing) return;
  if (taken != domain::Taken::kMarked) {
    const bool paid = taken == domain::Taken::kPaid;
    Close(unit, reward, paid ? EntryKind::kClawback : EntryKind::kReversal, now);
    StopTrying(unit, reward, now);
    PublishRewardReversed(unit, reward);
  }
  unit.Put<store::RewardTable>(std::move(reward));
}

}  // namespace kith::referral::app
