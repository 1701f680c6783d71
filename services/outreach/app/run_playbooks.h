// Starts and ends playbooks as facts arrive, in whatever order they do.
#ifndef KITH_SERVICES_OUTREACH_APP_RUN_PLAYBOOKS_H_
#define KITH_SERVICES_OUTREACH_APP_RUN_PLAYBOOKS_H_

#include <string>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/outreach/domain/enrollment.h"
#include "services/outreach/store/enrollment_tables.h"

namespace kith::outreach {

// Notes that the program exists.
void WantProgram(const std::string& program_id, exec::Loader& loader);
void KnowProgram(const std::string& program_id, exec::Unit& unit, absl::Time now);

// Starts every playbook with the fact's trigger, in the version that was in force at the
// fact's time (the first, for a fact before it), unless it was started for the same contact,
// subject and life before: then it only goes on, with a conversion that takes the place of one
// that was reversed, or with the attribution that holds now. One that a known milestone ends
// is started and ended at once, so that the trace stays. The contact becomes known when a
// playbook starts.
void WantStart(const std::string& program_id, const TriggerFact& fact, exec::Loader& loader);
void Start(const std::string& program_id, const TriggerFact& fact, exec::Unit& unit,
           absl::Time now);

// Keeps the milestone, and ends the playbooks that it ends.
void WantReach(const Milestone& milestone, exec::Loader& loader);
void Reach(const Milestone& milestone, exec::Unit& unit, absl::Time now);

// Nobody has referred the customer, or nobody any more: ends the playbooks that an attribution
// started.
void WantWithdrawal(const std::string& program_id, const std::string& customer_id,
                    exec::Loader& loader);
void Withdraw(const std::string& program_id, const std::string& customer_id, exec::Unit& unit,
              absl::Time now);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_RUN_PLAYBOOKS_H_
