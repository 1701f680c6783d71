// What the signals look at, found in the store by keys: nothing is scanned.
#ifndef KITH_SERVICES_REFERRAL_APP_FRAUD_LOOKUPS_H_
#define KITH_SERVICES_REFERRAL_APP_FRAUD_LOOKUPS_H_

#include <vector>

#include "common/executor/unit.h"
#include "services/referral/app/fraud.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/fraud_signals.h"
#include "services/referral/domain/program.h"
#include "services/referral/store/fraud_tables.h"

namespace kith::referral::app {

// The version in force at the subject's time if it has fraud rules, or else nullptr.
const domain::ProgramVersion* FraudVersion(const Rules& rules, const FraudSubject& subject);

// The counts that the subject adds to: those of limits of the program. A signup of a lead adds
// nothing to its advocate's count, which the lead is in.
std::vector<store::VelocityTable::Key> VelocityKeys(const domain::Program& program,
                                                    const FraudSubject& subject);
// Where a lead was submitted from; none for a signup.
std::vector<store::AdvocateTraceTable::Key> TraceKeys(const FraudSubject& subject);

// `program` is the version that judges.
void WantLookups(exec::Loader& loader, const Rules& rules, const domain::Program& program,
                 const FraudSubject& subject);
domain::SignalInput LookUp(exec::Unit& unit, const Rules& rules,
                           const domain::Program& program, const FraudSubject& subject);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FRAUD_LOOKUPS_H_
