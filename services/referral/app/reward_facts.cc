#include "services/referral/app/reward_facts.h"

#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"
#include "services/referral/app/fact_values.h"
#include "services/referral/domain/names.h"

namespace kith::referral::app {

using events::v1::Fact;

void PublishRewardCreated(exec::Unit& unit, const domain::Reward& reward) {
  Fact fact;
  auto& created = *fact.mutable_reward_created();
  created.set_reward_id(reward.reward_id);
  created.set_referral_id(reward.referral_id);
  created.set_recipient_id(reward.recipient_id);
  created.set_side(std::string(domain::Name(reward.side)));
  SetMoney(*created.mutable_amount(), reward.amount_minor, reward.currency);
  SetTime(*created.mutable_available_time(), reward.available_time);
  created.set_kind(std::string(domain::Name(reward.kind)));
  created.set_item(reward.item);
  feed::Emit(unit, reward.program_id, fact);
}

void PublishRewardReversed(exec::Unit& unit, const domain::Reward& reward) {
  Fact fact;
  auto& reversed = *fact.mutable_reward_reversed();
  reversed.set_reward_id(reward.reward_id);
  reversed.set_recipient_id(reward.recipient_id);
  SetMoney(*reversed.mutable_amount(), reward.amount_minor, reward.currency);
  reversed.set_cause(reward.cause);
  feed::Emit(unit, reward.program_id, fact);
}

void PublishRewardAvailable(exec::Unit& unit, const domain::Reward& reward) {
  Fact fact;
  auto& available = *fact.mutable_reward_available();
  available.set_reward_id(reward.reward_id);
  available.set_recipient_id(reward.recipient_id);
  available.set_side(std::string(domain::Name(reward.side)));
  available.set_kind(std::string(domain::Name(reward.kind)));
  SetMoney(*available.mutable_amount(), reward.amount_minor, reward.currency);
  if (reward.expiry_time.has_value()) {
    SetTime(*available.mutable_expiry_time(), *reward.expiry_time);
  }
  feed::Emit(unit, reward.program_id, fact);
}

void PublishRewardFulfilled(exec::Unit& unit, const domain::Reward& reward) {
  Fact fact;
  auto& fulfilled = *fact.mutable_reward_fulfilled();
  fulfilled.set_reward_id(reward.reward_id);
  fulfilled.set_recipient_id(reward.recipient_id);
  SetMoney(*fulfilled.mutable_amount(), reward.amount_minor, reward.currency);
  SetTime(*fulfilled.mutable_fulfilled_time(), reward.fulfilled_time.value());
  feed::Emit(unit, reward.program_id, fact);
}

void PublishRewardExpired(exec::Unit& unit, const domain::Reward& reward) {
  Fact fact;
  auto& expired = *fact.mutable_reward_expired();
  expired.set_reward_id(reward.reward_id);
  expired.set_recipient_id(reward.recipient_id);
  SetMoney(*expired.mutable_amount(), reward.amount_minor, reward.currency);
  feed::Emit(unit, reward.program_id, fact);
}

void PublishRewardAdjusted(exec::Unit& unit, const domain::Reward& reward, int64_t old_minor) {
  Fact fact;
  auto& adjusted = *fact.mutable_reward_adjusted();
  adjusted.set_reward_id(reward.reward_id);
  adjusted.set_recipient_id(reward.recipient_id);
  SetMoney(*adjusted.mutable_old_amount(), old_minor, reward.currency);
  SetMoney(*adjusted.mutable_new_amount(), reward.amount_minor, reward.currency);
  adjusted.set_program_version(reward.recalculated_version);
  feed::Emit(unit, reward.program_id, fact);
}

void PublishThankYouDue(exec::Unit& unit, const domain::Referral& referral) {
  Fact fact;
  auto& due = *fact.mutable_thank_you_due();
  due.set_referral_id(referral.referral_id);
  due.set_advocate_id(referral.advocate_id);
  due.set_customer_id(referral.customer_id);
  feed::Emit(unit, referral.program_id, fact);
}

void PublishMilestoneReached(exec::Unit& unit, const domain::Reward& reward,
                             const std::string& advocate_id, int64_t count) {
  Fact fact;
  auto& reached = *fact.mutable_milestone_reached();
  reached.set_advocate_id(advocate_id);
  reached.set_rule_id(reward.rule_id);
  reached.set_count(count);
  SetTime(*reached.mutable_reached_time(), reward.occasion_time);
  feed::Emit(unit, reward.program_id, fact);
}

}  // namespace kith::referral::app
