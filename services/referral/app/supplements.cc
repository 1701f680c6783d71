#include "services/referral/app/supplements.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/referral/app/granting.h"
#include "services/referral/domain/amount.h"

namespace kith::referral::app {
namespace {

using domain::Reward;

bool IsOfSame(const Reward& supplement, const Reward& stored) {
  return domain::IsSupplement(supplement) && supplement.rule_id == stored.rule_id &&
         supplement.campaign == stored.campaign &&
         supplement.conversion_id == stored.conversion_id;
}

bool IsLeftFor(const Reward& supplement, const Reward& stored) {
  return IsOfSame(supplement, stored) && domain::Stands(supplement) &&
         supplement.recipient_id == stored.recipient_id && AreAlike(supplement, stored);
}

}  // namespace

bool IsSupplementOf(const Reward& reward, const Reward& stored) {
  return IsOfSame(reward, stored) &&
         absl::StartsWith(reward.reward_id, absl::StrCat(stored.reward_id, "@v"));
}

bool AreAlike(const Reward& one, const Reward& other) {
  return one.currency == other.currency && one.kind == other.kind && one.side == other.side;
}

std::vector<Reward> SupplementsOf(exec::Unit& unit, const domain::Referral& referral,
                                  const Reward& stored) {
  std::vector<Reward> supplements = RewardsOf(unit, referral);
  std::erase_if(supplements, [&](const Reward& reward) {
    const bool own = reward.owed() && IsSupplementOf(reward, stored);
    return !own && !IsLeftFor(reward, stored);
  });
  return supplements;
}

int64_t MadeUp(exec::Unit& unit, const domain::Referral& referral, const Reward& stored) {
  int64_t minor = 0;
  for (const Reward& reward : SupplementsOf(unit, referral, stored)) {
    minor = domain::SaturatingAdd(minor, reward.amount_minor);
  }
  return minor;
}

}  // namespace kith::referral::app
