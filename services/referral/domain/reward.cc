#include "services/referral/domain/reward.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/referral/domain/amount.h"
#include "services/referral/domain/counting.h"

namespace kith::referral::domain {
namespace {

bool IsOverConversions(Trigger trigger) {
  return trigger == Trigger::kConverted || trigger == Trigger::kNthSuccess;
}

bool ReachesMinimum(const RewardRule& rule, const Occasion& occasion) {
  if (!rule.min_conversion_minor.has_value() || !IsOverConversions(rule.trigger)) return true;
  // A conversion without an amount counts as 0.
  return occasion.conversion->amount_minor.value_or(0) >= *rule.min_conversion_minor;
}

// Nothing, and why for who asks.
std::optional<Proposal> Nothing(Unpaid* why, absl::string_view reason,
                                absl::string_view detail) {
  if (why != nullptr) *why = {std::string(reason), std::string(detail), {}};
  return std::nullopt;
}

Unpaid TooSmall(const RewardRule& rule, const Conversion& conversion) {
  return {std::string(unpaid::kAmountTooSmall),
          absl::StrCat("its amount, ", conversion.amount_minor.value_or(0), ", is less than ",
                       *rule.min_conversion_minor, " minor units"),
          {}};
}

Reward NewReward(const ProgramVersion& version, const RuleInForce& in_force,
                 const Occasion& occasion, absl::Time now) {
  const RewardRule& rule = *in_force.rule;
  Reward reward;
  reward.program_id = version.program.program_id;
  reward.reward_id = RewardId(in_force, occasion);
  reward.referral_id = occasion.referral->referral_id;
  if (occasion.conversion != nullptr)
    reward.conversion_id = occasion.conversion->conversion_id;
  reward.rule_id = rule.rule_id;
  if (in_force.campaign != nullptr) reward.campaign = in_force.campaign->campaign_id;
  reward.program_version = version.version;
  reward.trigger = occasion.trigger;
  reward.side = rule.side;
  reward.recipient_id = RecipientOf(rule.side, *occasion.referral);
  reward.kind = rule.kind;
  reward.currency = UnitOf(rule, version.program.currency);
  reward.item = rule.item;
  reward.occasion_time = occasion.time;
  reward.available_time = occasion.time + rule.holding_period;
  if (rule.expires_after.has_value()) {
    reward.expiry_time = reward.available_time + *rule.expires_after;
  }
  reward.created_time = now;
  return reward;
}

// The id of the first reward of its rule for its conversion.
std::string IdByConversion(const Reward& reward) {
  if (reward.campaign.empty()) return RewardId(reward.conversion_id, reward.rule_id);
  return absl::StrCat(reward.campaign, "/", reward.rule_id, ":", reward.conversion_id);
}

}  // namespace

std::optional<Proposal> Propose(const ProgramVersion& version, const RuleInForce& rule,
                                const Occasion& occasion, int64_t granted, absl::Time now,
                                Unpaid* why) {
  if (RecipientOf(rule.rule->side, *occasion.referral).empty()) {
    return Nothing(why, unpaid::kNoRecipient, "the referee's customer id is not known");
  }
  if (!ReachesMinimum(*rule.rule, occasion)) {
    if (why != nullptr) *why = TooSmall(*rule.rule, *occasion.conversion);
    return std::nullopt;
  }
  Explanation explanation;
  explanation.ordinal = granted + 1;
  FieldValues values;
  // The fields are gathered only for those who ask.
  if (!rule.rule->condition.always() || !rule.rule->cases.empty()) {
    values = FieldsOf(occasion, granted + 1);
  }
  if (!rule.rule->condition.always()) {
    Evaluation evaluation = Evaluate(rule.rule->condition, values);
    if (!evaluation.holds) {
      Nothing(why, unpaid::kConditionNotMet, ToText(rule.rule->condition));
      if (why != nullptr) why->tests = std::move(evaluation.tests);
      return std::nullopt;
    }
    explanation.tests = std::move(evaluation.tests);
  }
  WantedAmount wanted = Want(*rule.rule, values, occasion.conversion);
  if (wanted.amount.minor <= 0) return Nothing(why, unpaid::kNoAmount, wanted.amount.text);
  explanation.case_tests = std::move(wanted.case_tests);
  explanation.arithmetic.push_back(std::move(wanted.amount.text));
  Proposal proposal{NewReward(version, rule, occasion, now), std::move(explanation)};
  proposal.reward.amount_minor = wanted.amount.minor;
  proposal.reward.wanted_minor = wanted.amount.minor;
  return proposal;
}

bool LeaveOut(Proposal& proposal, int64_t given) {
  Reward& reward = proposal.reward;
  if (given == 0) return true;
  if (reward.amount_minor <= given) return false;
  const int64_t whole = reward.amount_minor;
  reward.amount_minor -= given;
  reward.wanted_minor = reward.amount_minor;
  proposal.explanation.arithmetic.push_back(
      absl::StrCat(whole, " - ", given, " = ", reward.amount_minor));
  return true;
}

void ApplyCaps(Proposal& proposal, const std::vector<CapInForce>& caps,
               const CountOf& count_of) {
  Reward& reward = proposal.reward;
  for (const CapInForce& cap : caps) {
    const int64_t before = reward.amount_minor;
    CapOutcome outcome = MeetCap(cap, count_of(cap.key), reward.amount_minor);
    if (outcome.bound) {
      proposal.explanation.arithmetic.push_back(absl::StrCat(
          "cap of ", cap.key.holder, " leaves ", reward.amount_minor, " of ", before));
    }
    proposal.explanation.caps.push_back(std::move(outcome));
    if (reward.amount_minor == 0) break;
  }
  if (reward.amount_minor > 0) return;
  reward.stored_state = RewardState::kCancelled;
  reward.reversal_time = reward.created_time;
  reward.cause = std::string(kCapReached);
}

void CloseGates(Reward& reward, bool fraud_held, bool released) {
  if (!reward.owed()) return;
  reward.released = released;
  if (fraud_held) {
    reward.stored_state = RewardState::kPending;
  } else {
    reward.stored_state = released ? RewardState::kHeld : RewardState::kApproved;
  }
}

void MoveExpiry(Reward& reward, const RewardRule* rule, absl::Time time) {
  if (rule == nullptr || !rule->expires_after.has_value()) return;
  reward.expiry_time = std::max(reward.available_time, time) + *rule->expires_after;
}

bool OpenFraudGate(Reward& reward, const RewardRule* rule, absl::Time time) {
  if (reward.stored_state != RewardState::kPending) return false;
  reward.stored_state = reward.released ? RewardState::kHeld : RewardState::kApproved;
  if (reward.released) MoveExpiry(reward, rule, time);
  return true;
}

void CloseFraudGate(Reward& reward) {
  const bool past = reward.stored_state == RewardState::kApproved ||
                    reward.stored_state == RewardState::kHeld;
  if (past) reward.stored_state = RewardState::kPending;
}

bool Release(Reward& reward, const RewardRule* rule, absl::Time time) {
  const bool waits = reward.stored_state == RewardState::kPending ||
                     reward.stored_state == RewardState::kApproved;
  if (reward.released || !waits) return false;
  reward.released = true;
  if (reward.stored_state == RewardState::kApproved) reward.stored_state = RewardState::kHeld;
  MoveExpiry(reward, rule, time);
  return true;
}

bool CloseRelease(Reward& reward) {
  const bool waits = reward.stored_state == RewardState::kPending ||
                     reward.stored_state == RewardState::kHeld;
  if (!waits || !reward.released) return false;
  reward.released = false;
  if (reward.stored_state == RewardState::kHeld) reward.stored_state = RewardState::kApproved;
  return true;
}

bool Releases(const Conversion& event, const RewardRule& rule, const Conversion* rewarded) {
  if (event.event.empty() || event.event != rule.release_event) return false;
  if (rewarded == nullptr) return true;
  return event.conversion_time >= rewarded->conversion_time &&
         (rewarded->order_id.empty() || event.order_id == rewarded->order_id);
}

Taken TakeBack(Reward& reward, absl::string_view cause, absl::string_view by, absl::Time now) {
  if (!reward.owed() || reward.reversal_time.has_value()) return Taken::kNothing;
  const RewardState before = reward.stored_state;
  reward.reversal_time = now;
  reward.cause = std::string(cause);
  if (!by.empty()) reward.closed_by = std::string(by);
  switch (before) {
    case RewardState::kFulfilling:
      return Taken::kMarked;
    case RewardState::kPending:
    case RewardState::kApproved:
      reward.stored_state = RewardState::kCancelled;
      return Taken::kUnpaid;
    case RewardState::kFulfilled:
      reward.stored_state = RewardState::kReversed;
      return Taken::kPaid;
    default:
      reward.stored_state = RewardState::kReversed;
      return Taken::kUnpaid;
  }
}

bool IsBeforeAvailable(const Reward& reward, absl::Time time) {
  return reward.stored_state == RewardState::kPending ||
         reward.stored_state == RewardState::kApproved || time < reward.available_time;
}

bool InClawbackWindow(const Reward& reward, const RewardRule* rule, absl::Time time) {
  if (IsBeforeAvailable(reward, time)) return true;
  if (rule == nullptr || !rule->clawback_window.has_value()) return true;
  return time <= reward.occasion_time + *rule->clawback_window;
}

bool InChurnWindow(const Reward& reward, const RewardRule* rule, absl::Time signup_time,
                   absl::Time time, absl::Time released) {
  if (IsOverCounts(reward.trigger)) return false;
  if (reward.occasion_time > time) return reward.trigger == Trigger::kRetained;
  if (IsBeforeAvailable(reward, time) || time < released) return true;
  if (rule == nullptr || !rule->churn_clawback_window.has_value()) return false;
  return time <= signup_time + *rule->churn_clawback_window;
}

RuleInForce RuleOf(const Program& program, const Reward& reward) {
  const Campaign* campaign = FindCampaign(program, reward.campaign);
  RuleInForce found;
  if (!reward.campaign.empty() && campaign == nullptr) return found;
  for (const RewardRule& rule : campaign == nullptr ? program.rewards : campaign->rewards) {
    if (rule.rule_id == reward.rule_id) found = {&rule, campaign};
  }
  return found;
}

bool MakesWay(const Reward& reward) { return IsReservedName(reward.closed_by); }

bool IsReservedName(absl::string_view closed_by) {
  return closed_by == kByAttribution || closed_by == kByRecalculation ||
         closed_by == kByReversal || closed_by == kByLeaving;
}

bool Stands(const Reward& reward) {
  return reward.owed() && !reward.reversal_time.has_value();
}

int64_t CountedBy(const Reward& reward) {
  return reward.recalculated_version > 0 ? reward.recalculated_version
                                         : reward.program_version;
}

std::string SupplementId(absl::string_view reward_id, int64_t version) {
  return absl::StrCat(reward_id, "@v", version);
}

bool IsSupplement(const Reward& reward) {
  if (reward.recalculated_version == 0 || reward.trigger != Trigger::kConverted) return false;
  // What follows the id that its rule and conversion make: their names may look like anything.
  absl::string_view rest = reward.reward_id;
  if (!absl::ConsumePrefix(&rest, IdByConversion(reward))) return false;
  if (absl::ConsumePrefix(&rest, "~")) {
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));
  }
  return absl::StartsWith(rest, "@v");
}

}  // namespace kith::referral::domain
