// What becomes of a referral when its case is decided, by a person or by the rules: the case
// and the referral always tell the same.
#ifndef KITH_SERVICES_REFERRAL_APP_FRAUD_GATE_H_
#define KITH_SERVICES_REFERRAL_APP_FRAUD_GATE_H_

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Wants what RejectReferral needs besides what WantGrants wants.
void WantRejection(exec::Loader& loader, const domain::Referral& referral);

// The referral is honest: its rewards go on.
void ApproveReferral(exec::Unit& unit, const Rules& rules, domain::Referral referral,
                     absl::Time now);

// The referral is a fraud: its rewards are taken back, nobody has to call it, and its live
// conversion counts for it and its advocate no more, which is published as conversion_reversed
// with the cause `fraud`. The conversion itself stands, as one of its customer. A referral
// that is rejected never has a live conversion (see MakeLive).
void RejectReferral(exec::Unit& unit, const Rules& rules, domain::Referral referral,
                    absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FRAUD_GATE_H_
