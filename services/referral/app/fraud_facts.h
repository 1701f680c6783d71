// The facts about honesty and quality.
#ifndef KITH_SERVICES_REFERRAL_APP_FRAUD_FACTS_H_
#define KITH_SERVICES_REFERRAL_APP_FRAUD_FACTS_H_

#include "common/executor/unit.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/domain/quality.h"

namespace kith::referral::app {

void PublishFraudCaseOpened(exec::Unit& unit, const domain::FraudCase& opened);
void PublishFraudCaseResolved(exec::Unit& unit, const domain::FraudCase& resolved);
// `advocate` has the cause.
void PublishAdvocateSuspended(exec::Unit& unit, const domain::Advocate& advocate);
void PublishAdvocateReinstated(exec::Unit& unit, const domain::Advocate& advocate);
// `test` has its alarm time.
void PublishQualityCollapsed(exec::Unit& unit, const domain::QualityTest& test);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FRAUD_FACTS_H_
