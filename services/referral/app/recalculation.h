// What another version of the rules makes of one conversion's rewards.
#ifndef KITH_SERVICES_REFERRAL_APP_RECALCULATION_H_
#define KITH_SERVICES_REFERRAL_APP_RECALCULATION_H_

#include <vector>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/recalculate_program.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

namespace kith::referral::app {

// kMissing: of a conversion that was judged before only what it has not got. What is given
// once may be free since a reward of the referral's was withdrawn.
enum class RecalculationScope { kAll, kMissing };

// Gives a conversion's rewards, those of rules over conversions, the amounts of `version`, and
// tells what became of each that differs. Nothing of reversed conversions, of those that
// count for no referral, and of those in another currency than the version's. A reward that
// `version` has judged already stays as it is, and so do those that were taken back or have
// expired; one that a newer version has granted, or a recalculation by it has judged, whatever
// it did with it, stays too, and is told of when this version would give another amount. What
// a cap keeps as it is is told of once. Rewards of a campaign that the version has not got any
// more, though the referral came to it, stay as they are (see domain::RulesFor).
std::vector<RecalculatedReward> Recalculate(exec::Unit& unit, const Rules& rules,
                                            const domain::ProgramVersion& version,
                                            const domain::Conversion& conversion,
                                            RecalculationScope scope, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_RECALCULATION_H_
