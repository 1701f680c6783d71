// The second gate of rewards: the event that they wait for.
#ifndef KITH_SERVICES_REFERRAL_APP_RELEASE_H_
#define KITH_SERVICES_REFERRAL_APP_RELEASE_H_

#include <optional>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/occasion.h"
#include "services/referral/store/keys.h"

namespace kith::referral::app {

// Wants what the functions below need of a referral whose rewards are wanted: its open
// conversions, and those that have earned what waits for an event.
void WantReleases(exec::Loader& loader, const Rules& rules, const store::IdKey& referral);

// When what an occasion earns by a rule was released, as far as is known: the infinite past if
// the rule waits for nothing, nullopt if it still waits.
std::optional<absl::Time> ReleasedAt(exec::Unit& unit, const domain::RewardRule& rule,
                                     const domain::Occasion& occasion);
// Opens the gate of the referral's rewards that wait for what `event` is.
void ReleaseRewards(exec::Unit& unit, const domain::Referral& referral,
                    const domain::Conversion& event, absl::Time now);
// Of those that wait for the success event, which the referee reached at `time`.
void ReleaseByAha(exec::Unit& unit, const domain::Referral& referral, absl::Time time,
                  absl::Time now);
// `event` was reversed: closes the gate of what it, and no other one, has released, unless
// that is paid or a provider is at it.
void CloseReleases(exec::Unit& unit, const domain::Referral& referral,
                   const domain::Conversion& event);
// The same of one reward of a referral whose customer has left it, with what he or she paid
// and reached.
void CloseUnreleased(exec::Unit& unit, const domain::Referral& referral,
                     domain::Reward reward);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RELEASE_H_
