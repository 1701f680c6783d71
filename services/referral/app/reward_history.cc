#include "services/referral/app/reward_history.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/reward_standing.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/fraud_tables.h"
#include "services/referral/store/read_rows.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

using domain::Reward;
using domain::RewardState;

// Where a reward began, as far as its row tells. What is cancelled never got past its gates.
RewardState FirstState(const Reward& reward) {
  const bool at_gate = reward.stored_state == RewardState::kPending ||
                       reward.stored_state == RewardState::kApproved;
  if (at_gate) return reward.stored_state;
  if (reward.cause == domain::kNotReleased) return RewardState::kApproved;
  if (reward.stored_state != RewardState::kCancelled) return RewardState::kHeld;
  const bool fraud = reward.released || reward.cause == domain::kFraudRejected;
  return fraud ? RewardState::kPending : RewardState::kApproved;
}

// Whether the fraud gate was closed when it came into being.
bool BeganPending(const Reward& reward, const RewardTrail& trail) {
  if (FirstState(reward) == RewardState::kPending) return true;
  if (!trail.fraud_case.has_value()) return false;
  const domain::FraudCase& known = *trail.fraud_case;
  return known.opened_time <= reward.created_time && known.resolved_time.has_value() &&
         *known.resolved_time > reward.created_time;
}

bool RejectedByCase(const Reward& reward, const RewardTrail& trail) {
  return reward.cause == domain::kFraudRejected && trail.fraud_case.has_value() &&
         trail.fraud_case->state == domain::FraudCaseState::kRejected;
}

// The steps through the gates, the last of which says whether they are behind it.
std::vector<RewardStep> GatesOf(const Reward& reward, const RewardTrail& trail) {
  const absl::Time created = reward.created_time;
  const bool past = FirstState(reward) == RewardState::kHeld;
  const auto release = trail.release_time;
  std::vector<RewardStep> steps;
  absl::Time since = created;
  std::string by;
  if (BeganPending(reward, trail)) {
    steps.push_back({RewardState::kPending, created, "", ""});
    const auto& known = trail.fraud_case;
    const bool approved = known.has_value() && known->resolved_time.has_value() &&
                          known->state == domain::FraudCaseState::kApproved;
    if (!approved) return steps;
    since = *known->resolved_time;
    by = known->decided_by;
  }
  const bool waited = !past || (release.has_value() && *release > since);
  if (waited && (!past || reward.released)) {
    steps.push_back({RewardState::kApproved, since, "", by});
    by.clear();
  }
  if (past) {
    const bool released_later = release.has_value() && *release > since;
    steps.push_back({RewardState::kHeld, released_later ? *release : since, "", by});
  }
  return steps;
}

absl::StatusOr<std::optional<absl::Time>> ReleaseTime(db::ReadTransaction& transaction,
                                                      const Reward& reward,
                                                      const domain::Referral& referral,
                                                      const domain::RewardRule& rule) {
  std::optional<absl::Time> first;
  if (rule.release_event == domain::kAhaEvent) {
    KITH_ASSIGN_OR_RETURN(const auto customer,
                          store::ReadByKey<store::CustomerTable>(
                              transaction, {reward.program_id, referral.customer_id}));
    return customer.has_value() ? customer->aha_time : first;
  }
  KITH_ASSIGN_OR_RETURN(const auto open,
                        store::ReadAll<store::OpenByReferral>(
                            transaction, {reward.program_id, reward.referral_id}));
  KITH_ASSIGN_OR_RETURN(const auto rewarded,
                        store::ReadByKey<store::ConversionTable>(
                            transaction, {reward.program_id, reward.conversion_id}));
  for (const domain::Conversion& conversion : open) {
    if (!domain::Releases(conversion, rule, rewarded ? &*rewarded : nullptr)) continue;
    first = std::min(first.value_or(conversion.conversion_time), conversion.conversion_time);
  }
  return first;
}

absl::StatusOr<std::optional<absl::Time>> LateReversal(db::ReadTransaction& transaction,
                                                       const Reward& reward,
                                                       const domain::RewardRule* rule) {
  std::optional<absl::Time> late;
  if (reward.conversion_id.empty()) return late;
  KITH_ASSIGN_OR_RETURN(const auto conversion,
                        store::ReadByKey<store::ConversionTable>(
                            transaction, {reward.program_id, reward.conversion_id}));
  if (!conversion.has_value() || !conversion->reversed()) return late;
  if (!domain::InClawbackWindow(reward, rule, *conversion->reversal_time)) {
    late = conversion->reversal_time;
  }
  return late;
}

// What changed nothing, as the reversal that came too late, among the steps of what was not
// over by then.
void AddUnchanged(std::vector<RewardStep>& steps, absl::Time time, absl::string_view cause,
                  const std::string& decided_by) {
  const auto after = std::find_if(steps.begin(), steps.end(),
                                  [&](const RewardStep& step) { return step.time > time; });
  if (after == steps.begin()) return;
  const RewardState state = std::prev(after)->state;
  const bool over = state == RewardState::kCancelled || state == RewardState::kReversed ||
                    state == RewardState::kExpired;
  if (!over) steps.insert(after, {state, time, std::string(cause), decided_by});
}

}  // namespace

absl::StatusOr<RewardTrail> ReadTrail(db::ReadTransaction& transaction, const Reward& reward,
                                      const domain::RewardRule* rule) {
  RewardTrail trail;
  const store::IdKey key = {reward.program_id, reward.referral_id};
  KITH_ASSIGN_OR_RETURN(trail.fraud_case,
                        store::ReadByKey<store::FraudCaseTable>(transaction, key));
  KITH_ASSIGN_OR_RETURN(
      trail.retry,
      store::ReadByKey<store::DecisionTable>(
          transaction, {reward.program_id, std::string(store::kRetried), reward.reward_id}));
  KITH_ASSIGN_OR_RETURN(trail.late_reversal, LateReversal(transaction, reward, rule));
  const bool gated = rule != nullptr && !rule->release_event.empty() && reward.released;
  if (!gated) return trail;
  KITH_ASSIGN_OR_RETURN(const auto referral,
                        store::ReadByKey<store::ReferralTable>(transaction, key));
  if (!referral.has_value()) return trail;
  KITH_ASSIGN_OR_RETURN(trail.release_time,
                        ReleaseTime(transaction, reward, *referral, *rule));
  return trail;
}

std::vector<RewardStep> HistoryOf(const Reward& reward, const RewardTrail& trail) {
  std::vector<RewardStep> steps;
  const bool past_gates = FirstState(reward) == RewardState::kHeld;
  const absl::Time end = reward.reversal_time.value_or(absl::InfiniteFuture());
  if (reward.cause != domain::kCapReached) steps = GatesOf(reward, trail);
  if (past_gates && reward.available_time < end && !steps.empty()) {
    steps.push_back(
        {RewardState::kAvailable, std::max(reward.available_time, steps.back().time), "", ""});
  }
  if (trail.retry.has_value()) {
    steps.push_back({RewardState::kAvailable, trail.retry->decided_time, "retry",
                     trail.retry->decided_by});
  }
  if (reward.fulfilled_time.has_value()) {
    steps.push_back({RewardState::kFulfilled, *reward.fulfilled_time, "", ""});
  }
  if (reward.reversal_time.has_value()) {
    // A reserved name says only what may take its place.
    const bool person = !reward.closed_by.empty() && !domain::MakesWay(reward);
    const bool by_case = !person && RejectedByCase(reward, trail);
    steps.push_back({reward.stored_state, end, reward.cause,
                     by_case  ? trail.fraud_case->decided_by
                     : person ? reward.closed_by
                              : std::string()});
  } else if (reward.expiry_time.has_value() && !reward.fulfilled_time.has_value()) {
    steps.push_back({RewardState::kExpired, *reward.expiry_time, "", ""});
  }
  const domain::Explanation explanation = domain::ParseExplanation(reward.explanation);
  for (const domain::Stay& stay : explanation.stays) {
    AddUnchanged(steps, stay.time, kReferrerChanged, stay.decided_by);
  }
  if (trail.late_reversal.has_value()) {
    AddUnchanged(steps, *trail.late_reversal, kClawbackWindowOver, "");
  }
  return steps;
}

}  // namespace kith::referral::app
