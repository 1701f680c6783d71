#include "services/referral/app/release.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/referral/app/granting.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::Conversion;
using domain::Reward;

bool Waits(const domain::RewardRule& rule) { return !rule.release_event.empty(); }

// The conversion that has earned a reward; nullptr: none did.
const Conversion* RewardedBy(exec::Unit& unit, const Reward& reward) {
  if (reward.conversion_id.empty()) return nullptr;
  return unit.Find<store::ConversionTable>({reward.program_id, reward.conversion_id});
}

// When the first of the referral's open conversions was that release what `rewarded` earns by
// a rule; nullopt: none does. A conversion is never the success event, even if it is called
// so.
std::optional<absl::Time> FirstRelease(exec::Unit& unit, const domain::Referral& referral,
                                       const domain::RewardRule& rule,
                                       const Conversion* rewarded) {
  std::optional<absl::Time> first;
  if (rule.release_event == domain::kAhaEvent) return first;
  for (const Conversion* event :
       unit.Select<store::OpenByReferral>({referral.program_id, referral.referral_id})) {
    if (!domain::Releases(*event, rule, rewarded)) continue;
    first = std::min(first.value_or(event->conversion_time), event->conversion_time);
  }
  return first;
}

void Open(exec::Unit& unit, const domain::Referral& referral, Reward reward,
          const domain::RewardRule* rule, absl::Time time, absl::Time now) {
  if (!domain::Release(reward, rule, time)) return;
  const std::string reward_id = reward.reward_id;
  Announce(unit, reward, now);
  unit.Put<store::RewardTable>(std::move(reward));
  TakeBackIfLeft(unit, referral, reward_id, now, time);
}

}  // namespace

void WantReleases(exec::Loader& loader, const Rules& rules, const store::IdKey& referral) {
  if (!rules.AnyWaiting()) return;
  loader.WantAll<store::OpenByReferral>(referral);
  for (const Reward* reward : loader.PeekAll<store::RewardsByReferral>(referral)) {
    const domain::ProgramVersion* version = rules.Version(reward->program_version);
    if (version == nullptr || reward->conversion_id.empty() || !reward->owed()) continue;
    const domain::RewardRule* rule = domain::RuleOf(version->program, *reward).rule;
    if (rule == nullptr || !Waits(*rule)) continue;
    loader.Want<store::ConversionTable>({reward->program_id, reward->conversion_id});
  }
}

std::optional<absl::Time> ReleasedAt(exec::Unit& unit, const domain::RewardRule& rule,
                                     const domain::Occasion& occasion) {
  if (!Waits(rule)) return absl::InfinitePast();
  if (rule.release_event != domain::kAhaEvent) {
    return FirstRelease(unit, *occasion.referral, rule, occasion.conversion);
  }
  return occasion.customer == nullptr ? std::nullopt : occasion.customer->aha_time;
}

void ReleaseRewards(exec::Unit& unit, const domain::Referral& referral,
                    const Conversion& event, absl::Time now) {
  if (event.event.empty() || event.event == domain::kAhaEvent) return;
  for (Reward& reward : RewardsOf(unit, referral)) {
    if (reward.released || !reward.owed()) continue;
    const domain::RewardRule* rule = MakerOf(unit, reward).rule;
    if (rule == nullptr || rule->release_event != event.event) continue;
    if (!domain::Releases(event, *rule, RewardedBy(unit, reward))) continue;
    Open(unit, referral, std::move(reward), rule, event.conversion_time, now);
  }
}

void ReleaseByAha(exec::Unit& unit, const domain::Referral& referral, absl::Time time,
                  absl::Time now) {
  for (Reward& reward : RewardsOf(unit, referral)) {
    if (reward.released) continue;
    const domain::RewardRule* rule = MakerOf(unit, reward).rule;
    if (rule == nullptr || rule->release_event != domain::kAhaEvent) continue;
    Open(unit, referral, std::move(reward), rule, time, now);
  }
}

void CloseReleases(exec::Unit& unit, const domain::Referral& referral,
                   const Conversion& event) {
  if (event.event.empty() || event.event == domain::kAhaEvent) return;
  for (Reward& reward : RewardsOf(unit, referral)) {
    const domain::RewardRule* rule = MakerOf(unit, reward).rule;
    if (rule == nullptr || rule->release_event != event.event) continue;
    CloseUnreleased(unit, referral, std::move(reward));
  }
}

void CloseUnreleased(exec::Unit& unit, const domain::Referral& referral, Reward reward) {
  const domain::RewardRule* rule = MakerOf(unit, reward).rule;
  if (rule == nullptr || !Waits(*rule)) return;
  if (FirstRelease(unit, referral, *rule, RewardedBy(unit, reward)).has_value()) return;
  if (domain::CloseRelease(reward)) unit.Put<store::RewardTable>(std::move(reward));
}

}  // namespace kith::referral::app
