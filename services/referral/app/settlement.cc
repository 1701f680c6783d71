#include "services/referral/app/settlement.h"

#include <algorithm>
#include <utility>

#include "services/referral/app/counting.h"
#include "services/referral/app/facts.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/leads.h"
#include "services/referral/app/quality.h"
#include "services/referral/app/release.h"
#include "services/referral/app/reward_facts.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::Conversion;
using domain::Occurrence;
using domain::Referral;
using domain::RewardRule;
using domain::Trigger;

// Whether a rule over conversions asks for one like this.
bool AsksFor(const RewardRule& rule, const Conversion& conversion) {
  if (rule.trigger != Trigger::kConverted) return false;
  return rule.event.empty() ? conversion.success : rule.event == conversion.event;
}

// Whether another conversion of the referral has the reward that is given once: one that
// `counts`.
template <class Counts>
bool AnotherHasIt(exec::Unit& unit, const domain::RuleInForce& rule, const Referral& referral,
                  const Conversion& conversion, Counts counts) {
  const auto rewards =
      unit.Select<store::RewardsByReferral>({referral.program_id, referral.referral_id});
  return std::any_of(rewards.begin(), rewards.end(), [&](const domain::Reward* reward) {
    return domain::IsBy(*reward, rule) && !domain::MakesWay(*reward) &&
           domain::IsFor(*reward, referral) && !reward->conversion_id.empty() &&
           reward->conversion_id != conversion.conversion_id && counts(*reward);
  });
}

// Whether a conversion has had the reward that is given once, though it was not taken, or was
// taken back; if the conversion was reversed, whether the reward stands all the same. What is
// honest after all begins anew.
bool WasGiven(exec::Unit& unit, const domain::Reward& reward) {
  if (domain::Stands(reward)) return true;
  if (reward.cause == domain::kFraudRejected) return false;
  const auto* conversion =
      unit.Find<store::ConversionTable>({reward.program_id, reward.conversion_id});
  return conversion == nullptr || !conversion->reversed();
}

// Whether the conversion itself has the rule's reward, owed or had.
bool HasIt(exec::Unit& unit, const domain::RuleInForce& rule, const Referral& referral,
           const Conversion& conversion) {
  const auto rewards =
      unit.Select<store::RewardsByReferral>({referral.program_id, referral.referral_id});
  return std::any_of(rewards.begin(), rewards.end(), [&](const domain::Reward* reward) {
    return domain::IsBy(*reward, rule) && domain::IsFor(*reward, referral) &&
           reward->conversion_id == conversion.conversion_id && domain::Stands(*reward);
  });
}

void WantRules(exec::Loader& loader, const Rules& rules, const Judging& judging,
               const Conversion& conversion, const Referral& referral) {
  if (judging.version == nullptr) return;
  domain::Occasion occasion;
  occasion.trigger = Trigger::kConverted;
  occasion.time = conversion.conversion_time;
  occasion.referral = &referral;
  occasion.advocate =
      loader.Peek<store::AdvocateTable>({referral.program_id, referral.advocate_id});
  occasion.conversion = &conversion;
  for (const domain::RuleInForce& rule : judging.rules) {
    if (rule.rule->trigger == Trigger::kNthSuccess) {
      WantCounts(loader, rules, judging, rule, occasion);
    } else if (AsksFor(*rule.rule, conversion)) {
      WantGrant(loader, judging, rule, occasion);
    }
  }
}

}  // namespace

Judging JudgedFor(const Rules& rules, const Conversion& conversion, const Referral& referral) {
  return JudgedBy(rules, rules.Version(conversion.program_version), referral);
}

bool Earns(exec::Unit& unit, const domain::RuleInForce& rule, const Referral& referral,
           const Conversion& conversion) {
  if (!AsksFor(*rule.rule, conversion)) return false;
  if (rule.rule->occurrence == Occurrence::kEvery) return true;
  if (rule.rule->event.empty()) return referral.conversion_id == conversion.conversion_id;
  // What it has is not undone by what another one had and lost.
  const bool has = HasIt(unit, rule, referral, conversion);
  return !AnotherHasIt(unit, rule, referral, conversion, [&](const domain::Reward& reward) {
    return has ? domain::Stands(reward) : WasGiven(unit, reward);
  });
}

bool EarnsAnew(exec::Unit& unit, const domain::RuleInForce& rule, const Referral& referral,
               const Conversion& conversion) {
  if (!Earns(unit, rule, referral, conversion)) return false;
  const bool once = rule.rule->occurrence == Occurrence::kFirst;
  return !once || !AnotherHasIt(unit, rule, referral, conversion, domain::Stands);
}

domain::Occasion ConversionOccasion(exec::Unit& unit, const Referral& referral,
                                    const Conversion& conversion) {
  domain::Occasion occasion =
      OccasionOf(unit, referral, Trigger::kConverted, conversion.conversion_time);
  occasion.conversion = &conversion;
  return occasion;
}

ConversionView ViewConversion(exec::Unit& unit, const Conversion& conversion) {
  ConversionView view;
  view.conversion = conversion;
  if (conversion.referral_id.empty()) {
    const auto* customer =
        conversion.customer_id.empty()
            ? nullptr
            : unit.Find<store::CustomerTable>({conversion.program_id, conversion.customer_id});
    view.uncounted = std::string(domain::WhyUncounted(conversion, customer));
    return view;
  }
  const store::IdKey key = {conversion.program_id, conversion.referral_id};
  const auto* referral = unit.Find<store::ReferralTable>(key);
  view.live = referral != nullptr && referral->conversion_id == conversion.conversion_id;
  for (const domain::Reward* reward : unit.Select<store::RewardsByReferral>(key)) {
    const bool its_own = reward->conversion_id == conversion.conversion_id;
    // What a cap has refused was never made.
    if (its_own && reward->amount_minor > 0) view.reward_ids.push_back(reward->reward_id);
  }
  return view;
}

void WantConversion(exec::Loader& loader, const Rules& rules, const Conversion& conversion,
                    const Referral& referral) {
  const store::IdKey key = {referral.program_id, referral.referral_id};
  loader.Want<store::AdvocateTable>({referral.program_id, referral.advocate_id});
  if (!referral.customer_id.empty()) {
    loader.Want<store::CustomerTable>({referral.program_id, referral.customer_id});
  }
  loader.WantAll<store::RewardsByReferral>(key);
  for (const auto* reward : loader.PeekAll<store::RewardsByReferral>(key)) {
    if (reward->conversion_id.empty() || domain::Stands(*reward)) continue;
    loader.Want<store::ConversionTable>({reward->program_id, reward->conversion_id});
  }
  if (rules.AnyWaiting()) {
    WantReleases(loader, rules, key);
    for (const auto* reward : loader.PeekAll<store::RewardsByReferral>(key)) {
      if (!reward->released) WantChange(loader, rules, *reward);
    }
  }
  if (!referral.ever_converted) {
    WantLeadChange(loader, rules, referral);
    WantQuality(loader, rules, referral);
  }
  WantRules(loader, rules, JudgedFor(rules, conversion, referral), conversion, referral);
}

void WantRewards(exec::Loader& loader, const Rules& rules, const Conversion& conversion,
                 const std::string& advocate_id, const std::string& referee_id) {
  Referral referral;
  referral.program_id = conversion.program_id;
  referral.advocate_id = advocate_id;
  referral.referee_id = referee_id;
  WantRules(loader, rules, JudgedFor(rules, conversion, referral), conversion, referral);
}

void MakeLive(exec::Unit& unit, const Rules& rules, const Conversion& conversion,
              absl::Time now) {
  const auto* stored =
      unit.Find<store::ReferralTable>({conversion.program_id, conversion.referral_id});
  if (stored == nullptr || stored->fraud == domain::FraudState::kRejected) return;
  Referral referral = *stored;
  const bool first = !referral.ever_converted;
  referral.conversion_id = conversion.conversion_id;
  referral.conversion_time = conversion.conversion_time;
  LeadWon(unit, rules, referral, conversion.conversion_time, now);
  referral.ever_converted = true;
  unit.Put<store::ReferralTable>(referral);
  PublishReferralConverted(unit, referral, conversion);
  if (first) {
    if (referral.origin == domain::ReferralOrigin::kSignup) {
      ObserveConversion(unit, rules, referral, conversion.conversion_time, now);
    }
    // Who is held for fraud is thanked when found honest.
    if (referral.cleared()) PublishThankYouDue(unit, referral);
  }
  GrantRewards(unit, rules, referral, conversion, now);
  GrantSuccesses(unit, rules, JudgedFor(rules, conversion, referral),
                 ConversionOccasion(unit, referral, conversion), now);
}

void GrantRewards(exec::Unit& unit, const Rules& rules, const Referral& referral,
                  const Conversion& conversion, absl::Time now) {
  const Judging judging = JudgedFor(rules, conversion, referral);
  const domain::Occasion occasion = ConversionOccasion(unit, referral, conversion);
  for (const domain::RuleInForce& rule : judging.rules) {
    if (!EarnsAnew(unit, rule, referral, conversion)) continue;
    Grant(unit, judging, rule, occasion, now);
  }
  if (rules.AnyWaiting()) ReleaseRewards(unit, referral, conversion, now);
}

void RevokeRewards(exec::Unit& unit, const Rules& rules, const Referral& referral,
                   const Conversion& conversion, bool still_converted, absl::Time now) {
  const absl::Time reversed = conversion.reversal_time.value_or(now);
  for (domain::Reward& reward : RewardsOf(unit, referral)) {
    const bool counted = domain::IsOverCounts(reward.trigger);
    if (counted || reward.conversion_id != conversion.conversion_id) continue;
    if (!domain::InClawbackWindow(reward, MakerOf(unit, reward).rule, reversed)) continue;
    TakeBack(unit, std::move(reward), conversion.cause, now);
  }
  if (still_converted) return;
  Referral gone = referral;
  gone.conversion_id = conversion.conversion_id;
  TakeBackUnreached(unit, rules, gone,
                    {.cause = conversion.cause,
                     .by = domain::kByReversal,
                     .of_leads = false,
                     .reversal_time = reversed},
                    now);
}

}  // namespace kith::referral::app
