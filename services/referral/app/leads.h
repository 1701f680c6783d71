// What happens to leads outside the commands that are about them.
#ifndef KITH_SERVICES_REFERRAL_APP_LEADS_H_
#define KITH_SERVICES_REFERRAL_APP_LEADS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/lead.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Wants what a change of the sales work on this referral needs besides the referral itself:
// its advocate, its follow-up and the quality counts. WantGrants is for the caller.
void WantLeadChange(exec::Loader& loader, const Rules& rules,
                    const domain::Referral& referral);

// A referral got its first or another live conversion at `time`. An open lead is won: its
// follow-up is over, the change is published, the outcome is observed. Changes only the
// lead's fields of `referral`, which the caller puts; call it before `ever_converted` is set,
// which tells whether it converted before. Does nothing to referrals that began with a signup.
void LeadWon(exec::Unit& unit, const Rules& rules, domain::Referral& referral, absl::Time time,
             absl::Time now);

// The time of a first contact has come: a lead that was not contacted is breached, once; not
// one that was rejected as a fraud or whose referee has opted out since.
void WantFollowUpDue(exec::Loader& loader, const std::string& program_id,
                     const std::string& referral_id);
void ApplyFollowUpDue(exec::Unit& unit, const std::string& program_id,
                      const std::string& referral_id, absl::Time now);

// A lead that nobody had to call is to be called again, by the time that it was due: it was
// rejected as a fraud and is honest after all, or its referee has opted in again. Does nothing
// to others. Needs what WantFollowUpDue and WantDue want.
void ResumeFollowUp(exec::Unit& unit, const domain::Referral& referral);

// Whom a stored lead names has opted out, or in again: the lead tells so, and is to be called
// again (see ResumeFollowUp). Needs the same.
void FollowOptOut(exec::Unit& unit, const domain::Referral& lead);

// Makes an allowed change of a stored lead (see domain/lead.h) with all that follows from it:
// the follow-up ends, a breach shows (not of one who has opted out), the change is published,
// quality and milestones count it. Returns the lead as stored then.
domain::Referral ChangeLead(exec::Unit& unit, const Rules& rules,
                            const domain::Referral& stored, const domain::LeadChange& change,
                            absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_LEADS_H_
