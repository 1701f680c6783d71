#include "services/referral/app/settlement.h"

#include <optional>
#include <utility>

#include "services/referral/app/facts.h"
#include "services/referral/domain/reward.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/referral_tables.h"

namespace kith::referral::app {
namespace {

// The rules that judge a conversion: those that were in force when it was recorded.
absl::Span<const domain::RewardRule> RulesOf(const Rules& rules,
                                             const domain::Conversion& conversion) {
  const domain::ProgramVersion* version = rules.Version(conversion.program_version);
  if (version == nullptr) return {};
  return version->program.rewards;
}

store::IdKey RewardKey(const domain::Conversion& conversion, const domain::RewardRule& rule) {
  return {conversion.program_id, domain::RewardId(conversion.conversion_id, rule.rule_id)};
}

}  // namespace

ConversionView ViewConversion(exec::Unit& unit, const Rules& rules,
                              const domain::Conversion& conversion) {
  ConversionView view;
  view.conversion = conversion;
  if (conversion.referral_id.empty()) return view;
  const auto* referral =
      unit.Find<store::ReferralTable>({conversion.program_id, conversion.referral_id});
  view.live = referral != nullptr && referral->conversion_id == conversion.conversion_id;
  // Only a conversion that is live, or was until its reversal, has rewards.
  if (!view.live && !conversion.reversed()) return view;
  for (const domain::RewardRule& rule : RulesOf(rules, conversion)) {
    const store::IdKey key = RewardKey(conversion, rule);
    if (unit.Find<store::RewardTable>(key) != nullptr) view.reward_ids.push_back(key.second);
  }
  return view;
}

void WantRewards(exec::Loader& loader, const Rules& rules,
                 const domain::Conversion& conversion, const std::string& advocate_id,
                 const std::string& referee_id) {
  for (const domain::RewardRule& rule : RulesOf(rules, conversion)) {
    loader.Want<store::RewardTable>(RewardKey(conversion, rule));
    const std::string& recipient_id =
        rule.side == domain::RewardSide::kReferrer ? advocate_id : referee_id;
    if (recipient_id.empty()) continue;
    loader.Want<store::RewardCountTable>({conversion.program_id, rule.rule_id, recipient_id});
  }
}

void MakeLive(exec::Unit& unit, const Rules& rules, const domain::Conversion& conversion,
              absl::Time now) {
  const auto* stored =
      unit.Find<store::ReferralTable>({conversion.program_id, conversion.referral_id});
  if (stored == nullptr) return;
  domain::Referral referral = *stored;
  referral.conversion_id = conversion.conversion_id;
  referral.conversion_time = conversion.conversion_time;
  referral.ever_converted = true;
  unit.Put<store::ReferralTable>(referral);
  PublishReferralConverted(unit, referral, conversion);
  GrantRewards(unit, rules, referral, conversion, now);
}

void GrantRewards(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                  const domain::Conversion& conversion, absl::Time now) {
  for (const domain::RewardRule& rule : RulesOf(rules, conversion)) {
    if (unit.Find<store::RewardTable>(RewardKey(conversion, rule)) != nullptr) continue;
    const std::string& recipient_id = domain::RecipientOf(rule.side, referral);
    if (recipient_id.empty()) continue;
    const auto* count = unit.Find<store::RewardCountTable>(
        {conversion.program_id, rule.rule_id, recipient_id});
    const std::optional<domain::Reward> reward =
        domain::DueReward(*rules.Version(conversion.program_version), rule, referral,
                          conversion, count == nullptr ? 0 : count->rewards, now);
    if (!reward.has_value()) continue;
    unit.Put<store::RewardTable>(*reward);
    store::Book(unit, *reward, domain::EntryKind::kAccrual, now);
    PublishRewardCreated(unit, *reward);
  }
}

void RevokeRewards(exec::Unit& unit, const Rules& rules, const domain::Conversion& conversion,
                   absl::Time now) {
  for (const domain::RewardRule& rule : RulesOf(rules, conversion)) {
    const auto* stored = unit.Find<store::RewardTable>(RewardKey(conversion, rule));
    if (stored == nullptr || stored->reversal_time.has_value()) continue;
    domain::Reward reward = *stored;
    reward.reversal_time = now;
    reward.cause = conversion.cause;
    unit.Put<store::RewardTable>(reward);
    store::Book(unit, reward, domain::EntryKind::kReversal, now);
    PublishRewardReversed(unit, reward);
  }
}

}  // namespace kith::referral::app
