// The second gate of rewards: the event that they wait for.
#ifndef KITH_SERVICES_REFERRAL_APP_RELEASE_H_
#define KITH_SERVICES_REFERRAL_APP_RELEASE_H_

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

// Whether a rule waits for nothing (more) to release what an occasion earns by it.
bool IsReleased(exec::Unit& unit, const domain::RewardRule& rule,
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

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RELEASE_H_
