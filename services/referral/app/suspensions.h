// Advocates who may not recommend: what suspending and reinstating does, whoever decides it.
#ifndef KITH_SERVICES_REFERRAL_APP_SUSPENSIONS_H_
#define KITH_SERVICES_REFERRAL_APP_SUSPENSIONS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/domain/advocate.h"

namespace kith::referral::app {

// Who decides, and why.
struct ConductDecision {
  std::string decided_by;
  std::string cause;
};

void WantSuspension(exec::Loader& loader, const std::string& program_id,
                    const std::string& advocate_id);

// Stores the advocate as suspended, keeps who and why, publishes it. One who is suspended
// already is stored as given, and stays suspended as before. Returns whether it is new.
bool Suspend(exec::Unit& unit, domain::Advocate advocate, const ConductDecision& decision,
             absl::Time now);
// The reverse. The confirmed frauds stay counted, so that another one suspends again.
bool Reinstate(exec::Unit& unit, domain::Advocate advocate, const ConductDecision& decision,
               absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_SUSPENSIONS_H_
