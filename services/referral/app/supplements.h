// What recalculations have made up for rewards of conversions that were paid (see
// domain::SupplementId).
#ifndef KITH_SERVICES_REFERRAL_APP_SUPPLEMENTS_H_
#define KITH_SERVICES_REFERRAL_APP_SUPPLEMENTS_H_

#include <cstdint>
#include <vector>

#include "common/executor/unit.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Whether `reward` makes up what `stored` lacked.
bool IsSupplementOf(const domain::Reward& reward, const domain::Reward& stored);
// Whether two rewards are of one kind, in one unit, for the same side.
bool AreAlike(const domain::Reward& one, const domain::Reward& other);

// The supplements that are owed of a reward: its own, and those that are left of one before
// it, by the same rule for the same conversion and recipient, that was taken back when they
// were paid. `stored` may be one that is yet to be given.
std::vector<domain::Reward> SupplementsOf(exec::Unit& unit, const domain::Referral& referral,
                                          const domain::Reward& stored);
// The sum of them.
int64_t MadeUp(exec::Unit& unit, const domain::Referral& referral,
               const domain::Reward& stored);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SUPPLEMENTS_H_
