// What becomes of a referral when its case is decided, by a person or by the rules: the case
// and the referral always tell the same.
#ifndef KITH_SERVICES_REFERRAL_APP_FRAUD_GATE_H_
#define KITH_SERVICES_REFERRAL_APP_FRAUD_GATE_H_

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Has the customer of the referral count as referred, or not, by what the referral says of
// fraud; publishes signup_attributed when that changes.
void Withdraw(exec::Unit& unit, const domain::Referral& referral);

// Wants what RejectReferral needs besides what WantGrants wants.
void WantRejection(exec::Loader& loader, const Rules& rules, const domain::Referral& referral);

// Wants what ApproveReferral needs besides what WantGrants wants.
void WantApproval(exec::Loader& loader, const Rules& rules, const domain::Referral& referral);

// The referral is honest: its rewards go on, it counts towards milestones and Nth successes
// from now on, and both sides are thanked if it has converted meanwhile.
void ApproveReferral(exec::Unit& unit, const Rules& rules, domain::Referral referral,
                     absl::Time now);

// The referral is a fraud: its rewards are taken back, nobody has to call it, and its live
// conversion counts for it and its advocate no more, which is published as conversion_reversed
// with the cause `fraud`. The conversion itself stands, as one of its customer, who counts
// as referred by nobody from now on. A referral that is rejected never has a live conversion
// (see MakeLive).
void RejectReferral(exec::Unit& unit, const Rules& rules, domain::Referral referral,
                    absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FRAUD_GATE_H_
