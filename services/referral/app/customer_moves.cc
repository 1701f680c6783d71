#include "services/referral/app/customer_moves.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "services/referral/app/conversion_moves.h"
#include "services/referral/app/granting.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/release.h"
#include "services/referral/app/retention_grants.h"
#include "services/referral/app/settlement.h"
#include "services/referral/domain/conversion.h"
#include "services/referral/domain/counting.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/referral_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::Conversion;
using domain::Customer;
using domain::Referral;
using domain::Reward;
using domain::RewardSide;
using domain::Trigger;

// The conversions that stay with a referral when its customer leaves.
std::set<std::string> RemainingOf(exec::Unit& unit, const Referral& referral) {
  std::set<std::string> remaining;
  for (const Conversion* conversion :
       unit.Select<store::OpenByReferral>({referral.program_id, referral.referral_id})) {
    if (!GoesWithCustomer(*conversion, referral)) remaining.insert(conversion->conversion_id);
  }
  return remaining;
}

bool Remains(const Reward& reward, const Referral& referral,
             const std::set<std::string>& remaining) {
  // What the advocate's count does not reach then goes when all have moved.
  if (domain::IsOverCounts(reward.trigger)) return true;
  const bool of_lead =
      reward.trigger == Trigger::kSubmitted || reward.trigger == Trigger::kQualified;
  // What the lead earned for a referee who was known by this signup only goes with it.
  if (reward.side == RewardSide::kReferee) return of_lead && !referral.referee_id.empty();
  if (reward.trigger == Trigger::kConverted) {
    return remaining.count(reward.conversion_id) > 0;
  }
  return of_lead;
}

// What of a referee's own the new referral earns as well.
class Keeper {
 public:
  Keeper(exec::Unit& unit, const Rules& rules, const Customer& customer, Referral referral,
         const std::string& live_before, absl::Time now)
      : unit_(unit),
        rules_(rules),
        customer_(customer),
        referral_(std::move(referral)),
        open_(
            unit.Select<store::OpenByReferral>({referral_.program_id, referral_.referral_id})),
        now_(now) {
    // As it will be when its conversions are settled.
    const Conversion* next = NextOf(open_, live_before);
    if (referral_.conversion_id.empty() && next != nullptr) {
      referral_.conversion_id = next->conversion_id;
    }
  }

  bool Keeps(const Reward& reward, const std::vector<Reward>& all) {
    if (referral_.fraud == domain::FraudState::kRejected) return false;
    if (!domain::IsSupplement(reward)) return EarnsAlike(reward);
    // What makes a reward up goes with it.
    for (const Reward& other : all) {
      if (domain::IsSupplement(other) || other.rule_id != reward.rule_id) continue;
      if (other.campaign != reward.campaign) continue;
      if (other.conversion_id == reward.conversion_id) return EarnsAlike(other);
    }
    return ConversionOf(reward) != nullptr;
  }

 private:
  const Conversion* ConversionOf(const Reward& reward) const {
    for (const Conversion* conversion : open_) {
      if (conversion->conversion_id == reward.conversion_id) return conversion;
    }
    return nullptr;
  }

  bool EarnsAlike(const Reward& reward) {
    const domain::ProgramVersion* version = VersionFor(reward);
    const std::optional<domain::Occasion> occasion = OccasionFor(reward);
    if (version == nullptr || !occasion.has_value()) return false;
    for (const domain::RuleInForce& rule : JudgedBy(rules_, version, referral_).rules) {
      if (domain::IsBy(reward, rule) && rule.rule->trigger == reward.trigger) {
        return GivesAlike(*version, rule, *occasion, reward);
      }
    }
    return false;
  }

  bool GivesAlike(const domain::ProgramVersion& version, const domain::RuleInForce& rule,
                  const domain::Occasion& occasion, const Reward& reward) {
    const Conversion* conversion = occasion.conversion;
    if (conversion != nullptr && !EarnsAnew(unit_, rule, referral_, *conversion)) return false;
    if (reward.trigger == Trigger::kRetained &&
        RetainedTime(referral_, *rule.rule) != reward.occasion_time) {
      return false;
    }
    const int64_t ordinal =
        std::max<int64_t>(1, domain::ParseExplanation(reward.explanation).ordinal);
    const auto proposal =
        domain::Propose(domain::VersionOf(version, rule), rule, occasion, ordinal - 1, now_);
    if (!proposal.has_value()) return false;
    const Reward& anew = proposal->reward;
    return anew.side == reward.side && anew.recipient_id == reward.recipient_id &&
           anew.kind == reward.kind && anew.currency == reward.currency &&
           anew.item == reward.item && anew.wanted_minor == reward.wanted_minor;
  }

  // By conversions: what a recalculation has judged is judged by that.
  const domain::ProgramVersion* VersionFor(const Reward& reward) const {
    if (reward.trigger == Trigger::kConverted) {
      return rules_.Version(domain::CountedBy(reward));
    }
    const std::optional<absl::Time> time = TimeFor(reward);
    return time.has_value() ? rules_.InForce(*time) : nullptr;
  }

  // When what earns it happened, as far as it has, for this referral.
  std::optional<absl::Time> TimeFor(const Reward& reward) const {
    const bool lead = referral_.origin == domain::ReferralOrigin::kLead;
    switch (reward.trigger) {
      case Trigger::kSignedUp:
      case Trigger::kRetained:
        return referral_.signup_time;
      case Trigger::kAhaReached:
        return customer_.aha_time;
      case Trigger::kSubmitted:
        return lead ? std::optional(referral_.submitted_time) : std::nullopt;
      case Trigger::kQualified:
        if (!lead || !referral_.ever_qualified) return std::nullopt;
        return referral_.qualified_time.value_or(referral_.submitted_time);
      default:
        return std::nullopt;
    }
  }

  std::optional<domain::Occasion> OccasionFor(const Reward& reward) {
    if (reward.trigger == Trigger::kConverted) {
      const Conversion* conversion = ConversionOf(reward);
      if (conversion == nullptr) return std::nullopt;
      return ConversionOccasion(unit_, referral_, *conversion);
    }
    const std::optional<absl::Time> time = TimeFor(reward);
    if (!time.has_value()) return std::nullopt;
    return OccasionOf(unit_, referral_, reward.trigger, *time);
  }

  exec::Unit& unit_;
  const Rules& rules_;
  const Customer& customer_;
  Referral referral_;
  const std::vector<const Conversion*> open_;
  const absl::Time now_;
};

void Keep(exec::Unit& unit, const Referral& referral, Reward reward, const Parting& parting) {
  reward.referral_id = referral.referral_id;
  domain::Explanation explanation = domain::ParseExplanation(reward.explanation);
  explanation.stays.push_back({parting.now, parting.decided_by});
  reward.explanation = domain::ToText(explanation);
  if (referral.fraud == domain::FraudState::kHeld) {
    domain::CloseFraudGate(reward);
  } else if (domain::OpenFraudGate(reward, MakerOf(unit, reward).rule, parting.now)) {
    Announce(unit, reward, parting.now);
  }
  unit.Put<store::RewardTable>(std::move(reward));
}

}  // namespace

Luggage LeaveReferral(exec::Unit& unit, const Rules& rules, const store::IdKey& key,
                      bool still_referred, const Parting& parting) {
  Luggage luggage;
  const Referral* stored = unit.Find<store::ReferralTable>(key);
  if (stored == nullptr) return luggage;
  Referral referral = *stored;
  luggage.live = referral.conversion_id;
  const std::set<std::string> remaining = RemainingOf(unit, referral);
  for (Reward& reward : RewardsOf(unit, referral)) {
    if (Remains(reward, referral, remaining)) continue;
    if (still_referred && reward.side == RewardSide::kReferee && domain::Stands(reward)) {
      luggage.own.push_back(std::move(reward));
    } else {
      TakeBack(unit, std::move(reward), parting.cause, parting.now, domain::kByAttribution);
    }
  }
  referral = ReleaseConversions(unit, std::move(referral), parting.cause, parting.now);
  if (referral.origin == domain::ReferralOrigin::kSignup) {
    unit.Erase<store::ReferralTable>(key);
    return luggage;
  }
  if (referral.campaign_by_code) referral.campaign.clear();
  referral.campaign_by_code = false;
  referral.customer_id.clear();
  referral.signup_time.reset();
  referral.evidence = domain::EvidenceKind::kNone;
  unit.Put<store::ReferralTable>(referral);
  for (Reward& reward : RewardsOf(unit, referral)) {
    // What the advocate's count has reached does not wait for one who filled it and has gone.
    if (domain::IsOverCounts(reward.trigger)) continue;
    if (Remains(reward, referral, remaining)) {
      CloseUnreleased(unit, referral, std::move(reward));
    }
  }
  if (!remaining.empty()) SettleConversions(unit, rules, key, parting.now);
  return luggage;
}

void KeepOrTakeBack(exec::Unit& unit, const Rules& rules, const Customer& customer,
                    const Luggage& luggage, const Parting& parting) {
  const std::vector<Reward>& rewards = luggage.own;
  if (rewards.empty()) return;
  const auto* stored =
      unit.Find<store::ReferralTable>({customer.program_id, customer.judgement.referral_id});
  if (stored == nullptr) return;
  const Referral referral = *stored;
  Keeper keeper(unit, rules, customer, referral, luggage.live, parting.now);
  std::vector<const Reward*> kept;
  for (const Reward& reward : rewards) {
    if (keeper.Keeps(reward, rewards)) kept.push_back(&reward);
  }
  for (const Reward& reward : rewards) {
    if (std::count(kept.begin(), kept.end(), &reward) > 0) {
      Keep(unit, referral, reward, parting);
    } else {
      TakeBack(unit, reward, parting.cause, parting.now, domain::kByAttribution);
    }
  }
}

}  // namespace kith::referral::app
