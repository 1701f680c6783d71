// The facts about leads that the referral service publishes (see kith/events/v1/events.proto).
#ifndef KITH_SERVICES_REFERRAL_APP_LEAD_FACTS_H_
#define KITH_SERVICES_REFERRAL_APP_LEAD_FACTS_H_

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// `alert_referee`: whether the program tells the referee as well.
void PublishReferralSubmitted(exec::Unit& unit, const domain::Referral& referral,
                              bool alert_referee);
// `after` is the lead with its new state.
void PublishLeadStateChanged(exec::Unit& unit, const domain::Referral& before,
                             const domain::Referral& after);
void PublishFollowUpBreached(exec::Unit& unit, const domain::Referral& referral);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_LEAD_FACTS_H_
