// Changes to an advocate's sums, with the ledger and the facts that go with them.
#ifndef KITH_SERVICES_ADVOCACY_APP_STANDING_H_
#define KITH_SERVICES_ADVOCACY_APP_STANDING_H_

#include <string>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/advocacy/domain/policy.h"
#include "services/advocacy/domain/scoring.h"

namespace kith::advocacy::app {

// The advocate as stored, or a new one.
domain::Advocate FindOrMake(exec::Unit& unit, const std::string& program_id,
                            const std::string& advocate_id);

// Puts the advocate with the change applied and publishes what it did: tier_changed, and
// segment_changed between Dormant and Contributor. (Those two never depend on the others;
// the cut-off to Champion moves with everybody's successes and is found on reading.)
void ChangeAdvocate(exec::Unit& unit, domain::Advocate advocate, const domain::Change& change,
                    const domain::ScoringPolicy& newest);

// Lets an act count, or takes a counting act back (`sign` +1 or -1): its entry in the ledger
// at time `when` and its advocate's sums. Changes `act.entries`; does not put the act.
void BookActivity(exec::Unit& unit, domain::Activity& act, int sign, absl::Time when,
                  const domain::ScoringPolicy& newest);

// The same for a success.
void BookSuccess(exec::Unit& unit, domain::Success& success, int sign, absl::Time when,
                 const domain::ScoringPolicy& newest);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_STANDING_H_
