// The quality-collapse alarm, computed as outcomes arrive and as the time for them passes.
#ifndef KITH_SERVICES_REFERRAL_APP_QUALITY_H_
#define KITH_SERVICES_REFERRAL_APP_QUALITY_H_

#include <string>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Wants what the functions below need for a referral, which need not be stored yet.
void WantQuality(exec::Loader& loader, const Rules& rules, const domain::Referral& referral);

// Outcomes outside campaigns make the baseline, those of a campaign feed its test. Each
// referral gives one outcome a metric, as domain/quality.h says. Raises the alarm: a fact, a
// row, and a pause if the rules say so.

// It became known whether a lead fits.
void ObserveFit(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                const domain::LeadOutcome& outcome, absl::Time now);

// A referral began, or came to another campaign: schedules when it will have converted or not.
// Nothing in programs that do not watch conversions.
void AwaitConversion(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                     absl::Time now);
// It converted, or was won, at `time`.
void ObserveConversion(exec::Unit& unit, const Rules& rules, const domain::Referral& referral,
                       absl::Time time, absl::Time now);
// The time of an entry of due work is over.
void WantOutcomeDue(exec::Loader& loader, const Rules& rules, const std::string& program_id,
                    const std::string& subject_id);
void ApplyOutcomeDue(exec::Unit& unit, const Rules& rules, const std::string& program_id,
                     const std::string& subject_id, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_QUALITY_H_
