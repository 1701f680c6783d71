// The parts that app/grants.h and app/settlement.h are made of: how one reward comes into
// being, moves on and ends, with its caps, its ledger entries, its facts and its due work.
#ifndef KITH_SERVICES_REFERRAL_APP_GRANTING_H_
#define KITH_SERVICES_REFERRAL_APP_GRANTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/occasion.h"
#include "services/referral/domain/reward.h"

namespace kith::referral::app {

// The version that judges, and its rules for one referral. Points into the unit. Empty before
// the first version.
struct Judging {
  const domain::ProgramVersion* version = nullptr;
  std::vector<domain::RuleInForce> rules;
  // What a recalculation has withdrawn stays so, but for another recalculation.
  bool recalculates = false;
  // What a late leaving took too early is for the return that turns out to have been before
  // it.
  bool returned = false;

  bool Has(domain::Trigger trigger) const;
  // The version that one of the rules is of.
  const domain::ProgramVersion& Of(const domain::RuleInForce& rule) const {
    return domain::VersionOf(*version, rule);
  }
};
Judging JudgedBy(const Rules& rules, const domain::ProgramVersion* version,
                 const domain::Referral& referral);
Judging JudgedAt(const Rules& rules, const domain::Referral& referral, absl::Time time);

// An occasion of a referral with its advocate and customer as they are in the unit.
domain::Occasion OccasionOf(exec::Unit& unit, const domain::Referral& referral,
                            domain::Trigger trigger, absl::Time time);

// Wants what granting a rule's reward for an occasion may need: the reward itself, its due
// work, and the caps of whoever of the two ends would receive it.
void WantGrant(exec::Loader& loader, const Judging& judging, const domain::RuleInForce& rule,
               const domain::Occasion& occasion);
// Wants what taking a reward back, or recalculating it, needs besides itself.
void WantChange(exec::Loader& loader, const Rules& rules, const domain::Reward& reward);

// What an occasion earns by one rule, besides what was `given` of it already, after caps and
// before gates; nullopt: nothing.
std::optional<domain::Proposal> ProposeGrant(exec::Unit& unit, const Judging& judging,
                                             const domain::RuleInForce& rule,
                                             const domain::Occasion& occasion, absl::Time now,
                                             int64_t given = 0);
// Grants it, unless it was granted before. Returns the reward's row, or nullptr.
const domain::Reward* Grant(exec::Unit& unit, const Judging& judging,
                            const domain::RuleInForce& rule, const domain::Occasion& occasion,
                            absl::Time now, int64_t given = 0);
// Keeps a reward that was missed because the referee was away: cancelled, never owed.
void Miss(exec::Unit& unit, const Judging& judging, const domain::RuleInForce& rule,
          const domain::Occasion& occasion, absl::Time now);
// The same as Grant for all rules with the occasion's trigger.
void GrantAll(exec::Unit& unit, const Judging& judging, const domain::Occasion& occasion,
              absl::Time now);

// Puts a new reward, counts it in caps, books it, publishes it, and has its due work done.
void AddReward(exec::Unit& unit, domain::Reward reward, absl::Time now);
// Takes a reward back that the leaving of the referral's customer, at `left`, is too early
// for. `released`: see domain::InChurnWindow.
void TakeBackOnLeaving(exec::Unit& unit, const domain::Referral& referral,
                       domain::Reward reward, absl::Time left, absl::Time now,
                       absl::Time released = absl::InfinitePast());
// The same of one that comes to be owed after its customer is known to have left. One that
// waits for its release event is left: that may have happened before. `released`: when that
// event was.
void TakeBackIfLeft(exec::Unit& unit, const domain::Referral& referral,
                    const std::string& reward_id, absl::Time now,
                    absl::Time released = absl::InfinitePast());
// Announces a reward whose gates are open when it may be taken, else schedules that; schedules
// its expiry. Changes `announced`; the caller puts the reward.
void Announce(exec::Unit& unit, domain::Reward& reward, absl::Time now);
// The keys of all caps that a reward counts under; empty when its rule is gone.
std::vector<domain::CapKey> CapKeysOf(exec::Unit& unit, const domain::Reward& reward);
// Counts a reward, or a change of its amount, in all caps that it counts under.
void CountInCaps(exec::Unit& unit, const domain::Reward& reward, int64_t rewards,
                 int64_t minor);

// The rule that made a reward, as the version had it that judged; rule == nullptr: gone.
domain::RuleInForce MakerOf(exec::Unit& unit, const domain::Reward& reward);
// Copies, so that they can be changed one by one.
std::vector<domain::Reward> RewardsOf(exec::Unit& unit, const domain::Referral& referral);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_GRANTING_H_
