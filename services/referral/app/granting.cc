#include "services/referral/app/granting.h"

#include <algorithm>
#include <utility>

#include "services/referral/app/due.h"
#include "services/referral/app/grants.h"
#include "services/referral/app/release.h"
#include "services/referral/app/reward_facts.h"
#include "services/referral/domain/amount.h"
#include "services/referral/domain/explanation.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/conversion_tables.h"
#include "services/referral/store/customer_tables.h"
#include "services/referral/store/fulfilment_tables.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/reward_tables.h"

namespace kith::referral::app {
namespace {

using domain::Reward;
using domain::RewardState;
using domain::Trigger;

// A signup or conversion can move so often; what moves on is not granted again.
constexpr int kMaxSuccessors = 8;

domain::CapCount CountOf(exec::Unit& unit, const std::string& program_id,
                         const domain::CapKey& key) {
  const auto* use = unit.Find<store::CapUseTable>(store::CapUseTable::ToKey(program_id, key));
  return use == nullptr ? domain::CapCount() : use->count;
}

// How often the recipient got the rule's reward before.
int64_t GrantedBefore(exec::Unit& unit, const domain::RuleInForce& rule,
                      const domain::Referral& referral) {
  const std::string& recipient = domain::RecipientOf(rule.rule->side, referral);
  if (recipient.empty()) return 0;
  return CountOf(unit, referral.program_id, domain::RuleCountKey(RuleKey(rule), recipient))
      .rewards;
}

// Whether a reward has the id of the occasion's for good.
bool Stays(const Reward& known, const domain::RuleInForce& rule,
           const domain::Occasion& occasion, bool recalculates) {
  if (!domain::IsOf(known, rule, occasion)) return false;
  const bool withdrawn = known.closed_by == domain::kByRecalculation;
  return !domain::MakesWay(known) || (withdrawn && !recalculates);
}

// Whether the referee has kept the reward under the id that it got from the referral of an
// advocate who had the customer before.
bool IsKept(exec::Unit& unit, const Judging& judging, const domain::RuleInForce& rule,
            const domain::Occasion& occasion) {
  const domain::Referral& referral = *occasion.referral;
  const bool may_be = rule.rule->side == domain::RewardSide::kReferee &&
                      occasion.conversion == nullptr && !referral.customer_id.empty();
  if (!may_be) return false;
  const auto rewards =
      unit.Select<store::RewardsByReferral>({referral.program_id, referral.referral_id});
  return std::any_of(rewards.begin(), rewards.end(), [&](const Reward* reward) {
    return Stays(*reward, rule, occasion, judging.recalculates);
  });
}

// The id that a new reward gets; empty when the occasion has its reward.
std::string FreeId(exec::Unit& unit, const Judging& judging, const domain::RuleInForce& rule,
                   const domain::Occasion& occasion) {
  if (IsKept(unit, judging, rule, occasion)) return "";
  const std::string reward_id = domain::RewardId(rule, occasion);
  const Reward* last = nullptr;
  for (int n = 1; n <= kMaxSuccessors; ++n) {
    std::string id = domain::SuccessorId(reward_id, n);
    const Reward* known = unit.Find<store::RewardTable>({occasion.referral->program_id, id});
    if (known == nullptr) {
      const bool left = last != nullptr && last->closed_by == domain::kByLeaving;
      return left && !judging.returned ? "" : id;
    }
    if (Stays(*known, rule, occasion, judging.recalculates)) break;
    last = known;
  }
  return "";
}

// Only what holds has an end of that, and only what expires an expiry.
void WantDueOf(exec::Loader& loader, const domain::RewardRule& rule,
               const std::string& program_id, const std::string& reward_id) {
  if (rule.holding_period > absl::ZeroDuration()) {
    WantDue(loader, program_id, DueKind::kRewardAvailable, reward_id);
  }
  if (rule.expires_after.has_value()) {
    WantDue(loader, program_id, DueKind::kRewardExpiry, reward_id);
  }
}

void WantFreeId(exec::Loader& loader, const std::string& program_id,
                const domain::RuleInForce& rule, const domain::Occasion& occasion) {
  const std::string reward_id = domain::RewardId(rule, occasion);
  bool stands = false;  // what stands may be taken back by the command that asks
  for (int n = 1; n <= kMaxSuccessors; ++n) {
    const store::IdKey key = {program_id, domain::SuccessorId(reward_id, n)};
    loader.Want<store::RewardTable>(key);
    WantDueOf(loader, *rule.rule, program_id, key.second);
    const Reward* known = loader.Peek<store::RewardTable>(key);
    if (known == nullptr || stands) return;
    stands = Stays(*known, rule, occasion, /*recalculates=*/true);
  }
}

}  // namespace

bool Judging::Has(Trigger trigger) const {
  return std::any_of(rules.begin(), rules.end(), [&](const domain::RuleInForce& rule) {
    return rule.rule->trigger == trigger;
  });
}

Judging JudgedBy(const Rules& rules, const domain::ProgramVersion* version,
                 const domain::Referral& referral) {
  Judging judging;
  if (version == nullptr) return judging;
  judging.version = version;
  judging.rules =
      domain::RulesFor(*version, domain::BegunUnder(rules.versions(), referral), referral);
  return judging;
}

Judging JudgedAt(const Rules& rules, const domain::Referral& referral, absl::Time time) {
  return JudgedBy(rules, rules.InForce(time), referral);
}

domain::Occasion OccasionOf(exec::Unit& unit, const domain::Referral& referral,
                            Trigger trigger, absl::Time time) {
  domain::Occasion occasion;
  occasion.trigger = trigger;
  occasion.time = time;
  occasion.referral = &referral;
  occasion.advocate =
      unit.Find<store::AdvocateTable>({referral.program_id, referral.advocate_id});
  if (!referral.customer_id.empty()) {
    occasion.customer =
        unit.Find<store::CustomerTable>({referral.program_id, referral.customer_id});
  }
  return occasion;
}

void WantGrant(exec::Loader& loader, const Judging& judging, const domain::RuleInForce& rule,
               const domain::Occasion& occasion) {
  const domain::Program& program = judging.Of(rule).program;
  WantFreeId(loader, program.program_id, rule, occasion);
  const std::string& recipient = domain::RecipientOf(rule.rule->side, *occasion.referral);
  if (recipient.empty()) return;
  for (const domain::CapKey& key :
       domain::CountedUnder(program, rule, recipient, occasion.time)) {
    loader.Want<store::CapUseTable>(store::CapUseTable::ToKey(program.program_id, key));
  }
}

void WantChange(exec::Loader& loader, const Rules& rules, const Reward& reward) {
  const auto want = [&](int64_t judge) {
    const domain::ProgramVersion* version = rules.Version(judge);
    if (version == nullptr) return;
    const domain::RuleInForce rule = domain::RuleOf(version->program, reward);
    if (rule.rule == nullptr) return;
    WantDueOf(loader, *rule.rule, reward.program_id, reward.reward_id);
    for (const domain::CapKey& key : domain::CountedUnder(
             version->program, rule, reward.recipient_id, reward.occasion_time)) {
      loader.Want<store::CapUseTable>(store::CapUseTable::ToKey(reward.program_id, key));
    }
  };
  if (reward.retry_time.has_value() || reward.failed) {
    loader.Want<store::FulfilmentTable>({reward.program_id, reward.reward_id});
  }
  want(reward.program_version);
  if (domain::CountedBy(reward) != reward.program_version) want(domain::CountedBy(reward));
}

std::optional<domain::Proposal> ProposeGrant(exec::Unit& unit, const Judging& judging,
                                             const domain::RuleInForce& rule,
                                             const domain::Occasion& occasion, absl::Time now,
                                             int64_t given) {
  const domain::Program& program = judging.Of(rule).program;
  const auto count_of = [&](const domain::CapKey& key) {
    return CountOf(unit, program.program_id, key);
  };
  const std::string& recipient = domain::RecipientOf(rule.rule->side, *occasion.referral);
  auto proposal = domain::Propose(judging.Of(rule), rule, occasion,
                                  GrantedBefore(unit, rule, *occasion.referral), now);
  if (!proposal.has_value() || !domain::LeaveOut(*proposal, given)) return std::nullopt;
  domain::ApplyCaps(*proposal, domain::CapsInForce(program, rule, recipient, occasion.time),
                    count_of);
  return proposal;
}

const Reward* Grant(exec::Unit& unit, const Judging& judging, const domain::RuleInForce& rule,
                    const domain::Occasion& occasion, absl::Time now, int64_t given) {
  const domain::Referral& referral = *occasion.referral;
  if (referral.fraud == domain::FraudState::kRejected) return nullptr;
  if (domain::RecipientOf(rule.rule->side, referral).empty()) return nullptr;
  std::string id = FreeId(unit, judging, rule, occasion);
  if (id.empty()) return nullptr;
  auto proposal = ProposeGrant(unit, judging, rule, occasion, now, given);
  if (!proposal.has_value()) return nullptr;
  Reward& reward = proposal->reward;
  reward.reward_id = std::move(id);
  reward.explanation = domain::ToText(proposal->explanation);
  const std::optional<absl::Time> released = ReleasedAt(unit, *rule.rule, occasion);
  domain::CloseGates(reward, referral.fraud == domain::FraudState::kHeld,
                     released.has_value());
  // By other rules it comes to be owed now, however long ago it was earned.
  domain::MoveExpiry(reward, rule.rule,
                     judging.recalculates ? now : released.value_or(absl::InfinitePast()));
  const store::IdKey key = {reward.program_id, reward.reward_id};
  AddReward(unit, std::move(reward), now);
  TakeBackIfLeft(unit, referral, key.second, now);
  return unit.Find<store::RewardTable>(key);
}

void Miss(exec::Unit& unit, const Judging& judging, const domain::RuleInForce& rule,
          const domain::Occasion& occasion, absl::Time now) {
  if (occasion.referral->fraud == domain::FraudState::kRejected) return;
  const std::string id = FreeId(unit, judging, rule, occasion);
  auto proposal = domain::Propose(judging.Of(rule), rule, occasion,
                                  GrantedBefore(unit, rule, *occasion.referral), now);
  if (id.empty() || !proposal.has_value()) return;
  Reward& reward = proposal->reward;
  reward.reward_id = id;
  reward.explanation = domain::ToText(proposal->explanation);
  reward.amount_minor = 0;
  reward.stored_state = RewardState::kCancelled;
  reward.reversal_time = now;
  reward.cause = std::string(domain::kNotRetained);
  AddReward(unit, std::move(reward), now);
}

void GrantAll(exec::Unit& unit, const Judging& judging, const domain::Occasion& occasion,
              absl::Time now) {
  for (const domain::RuleInForce& rule : judging.rules) {
    if (rule.rule->trigger != occasion.trigger) continue;
    Grant(unit, judging, rule, occasion, now);
  }
}

void AddReward(exec::Unit& unit, Reward reward, absl::Time now) {
  if (!reward.owed()) {
    unit.Put<store::RewardTable>(std::move(reward));
    return;
  }
  CountInCaps(unit, reward, domain::IsSupplement(reward) ? 0 : 1, reward.amount_minor);
  store::Book(unit, domain::LedgerEntries(reward, domain::EntryKind::kAccrual, now));
  PublishRewardCreated(unit, reward);
  Announce(unit, reward, now);
  unit.Put<store::RewardTable>(std::move(reward));
}

void TakeBackOnLeaving(exec::Unit& unit, const domain::Referral& referral, Reward reward,
                       absl::Time left, absl::Time now, absl::Time released) {
  if (!domain::IsFor(reward, referral)) return;
  const domain::RewardRule* rule = MakerOf(unit, reward).rule;
  if (!domain::InChurnWindow(reward, rule, *referral.signup_time, left, released)) return;
  const bool to_come = reward.occasion_time > left;
  TakeBack(unit, std::move(reward), domain::kChurn, now,
           to_come ? domain::kByLeaving : absl::string_view());
}

void TakeBackIfLeft(exec::Unit& unit, const domain::Referral& referral,
                    const std::string& reward_id, absl::Time now, absl::Time released) {
  if (referral.customer_id.empty() || !referral.signup_time.has_value()) return;
  const auto* customer =
      unit.Find<store::CustomerTable>({referral.program_id, referral.customer_id});
  if (customer == nullptr || !customer->churned_time.has_value()) return;
  const Reward* reward = unit.Find<store::RewardTable>({referral.program_id, reward_id});
  if (reward == nullptr || !reward->released) return;
  TakeBackOnLeaving(unit, referral, *reward, *customer->churned_time, now, released);
}

void Announce(exec::Unit& unit, Reward& reward, absl::Time now) {
  const bool waits = reward.stored_state == RewardState::kApproved;
  if (!waits && reward.stored_state != RewardState::kHeld) return;
  if (reward.expiry_time.has_value()) {
    Schedule(unit, reward.program_id, DueKind::kRewardExpiry, reward.reward_id,
             *reward.expiry_time);
  }
  if (waits || reward.announced) return;
  if (now < reward.available_time) {
    Schedule(unit, reward.program_id, DueKind::kRewardAvailable, reward.reward_id,
             reward.available_time);
  } else if (reward.state(now) != RewardState::kExpired) {
    reward.announced = true;
    PublishRewardAvailable(unit, reward);
  }
}

std::vector<domain::CapKey> CapKeysOf(exec::Unit& unit, const Reward& reward) {
  const auto* version =
      unit.Find<store::ProgramVersionTable>({reward.program_id, domain::CountedBy(reward)});
  if (version == nullptr) return {};
  const domain::RuleInForce rule = domain::RuleOf(version->program, reward);
  if (rule.rule == nullptr) return {};
  return domain::CountedUnder(version->program, rule, reward.recipient_id,
                              reward.occasion_time);
}

void CountInCaps(exec::Unit& unit, const Reward& reward, int64_t rewards, int64_t minor) {
  for (const domain::CapKey& key : CapKeysOf(unit, reward)) {
    const store::CapUseTable::Key row_key = store::CapUseTable::ToKey(reward.program_id, key);
    domain::CapCount count = CountOf(unit, reward.program_id, key);
    count.rewards = std::max<int64_t>(0, count.rewards + rewards);
    if (domain::CountsAmount(key, reward.kind)) {
      count.minor = std::max<int64_t>(0, domain::SaturatingAdd(count.minor, minor));
    }
    // A count that returns to nothing leaves nothing.
    if (count.rewards == 0 && count.minor == 0) {
      unit.Erase<store::CapUseTable>(row_key);
    } else {
      unit.Put<store::CapUseTable>({reward.program_id, key, count});
    }
  }
}

domain::RuleInForce MakerOf(exec::Unit& unit, const Reward& reward) {
  const auto* version =
      unit.Find<store::ProgramVersionTable>({reward.program_id, reward.program_version});
  if (version == nullptr) return {};
  return domain::RuleOf(version->program, reward);
}

std::vector<Reward> RewardsOf(exec::Unit& unit, const domain::Referral& referral) {
  std::vector<Reward> rewards;
  for (const Reward* reward :
       unit.Select<store::RewardsByReferral>({referral.program_id, referral.referral_id})) {
    rewards.push_back(*reward);
  }
  return rewards;
}

}  // namespace kith::referral::app
