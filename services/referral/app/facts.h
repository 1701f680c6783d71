// The facts that the referral service publishes (see kith/events/v1/events.proto).
#ifndef KITH_SERVICES_REFERRAL_APP_FACTS_H_
#define KITH_SERVICES_REFERRAL_APP_FACTS_H_

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

void PublishAdvocateEnrolled(exec::Unit& unit, const domain::Advocate& advocate);
void PublishAdvocateUpdated(exec::Unit& unit, const domain::Advocate& advocate,
                            absl::Time time);
// Of a customer whose referral was rejected as a fraud: to nobody.
void PublishSignupAttributed(exec::Unit& unit, const domain::Customer& customer);
void PublishReferralConverted(exec::Unit& unit, const domain::Referral& referral,
                              const domain::Conversion& conversion);
// `conversion` has its reversal time and cause.
void PublishConversionReversed(exec::Unit& unit, const domain::Referral& referral,
                               const domain::Conversion& conversion);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FACTS_H_
