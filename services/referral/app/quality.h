// The quality-collapse alarm, computed as outcomes arrive.
#ifndef KITH_SERVICES_REFERRAL_APP_QUALITY_H_
#define KITH_SERVICES_REFERRAL_APP_QUALITY_H_

#include <string>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

void WantQuality(exec::Loader& loader, const Rules& rules, const domain::Referral& referral);

// An outcome of a referral became known: of kQualification when it is first found qualified
// (good) or unqualified (bad); of kConversion when it is first won or converted (good) or lost
// (bad). Outcomes outside campaigns make the baseline, those of a campaign feed its test. Each
// referral gives one outcome a metric. Raises the alarm: a fact, a row, and a pause if the
// rules say so.
void ObserveOutcome(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                    domain::QualityMetric metric, bool good, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_QUALITY_H_
