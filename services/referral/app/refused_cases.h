// The case of a lead that the rules refused. It is filed under the lead's id, which no
// referral has, so that another lead may come with the same id.
#ifndef KITH_SERVICES_REFERRAL_APP_REFUSED_CASES_H_
#define KITH_SERVICES_REFERRAL_APP_REFUSED_CASES_H_

#include "common/executor/unit.h"
#include "services/referral/app/fraud.h"
#include "services/referral/app/rules.h"

namespace kith::referral::app {

// Wants what the two below need. `lead` is one whose id no referral has.
void WantRefusedCase(exec::Loader& loader, const Rules& rules, const FraudSubject& lead);

// `lead` is refused as well, and about to be recorded: the case under its id is then about it.
// One about another advocate is dropped, with what was judged; the fact that it was filed
// stays on the feed.
void DropRefusedCase(exec::Unit& unit, const Rules& rules, const FraudSubject& lead);

// `lead` is accepted, and about to be recorded: the case under its id is not about it, and
// goes on as it is under an id of its own, `<id>~1` or the next one that is free.
void SetRefusedCaseAside(exec::Unit& unit, const Rules& rules, const FraudSubject& lead);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REFUSED_CASES_H_
