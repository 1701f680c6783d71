// Attributions that a confirmed fraud has ended.
//
// The referral that is rejected keeps its customer, so that it can be told what became of it;
// but nobody has brought the customer any more. Of that the judgement lists the advocate as
// rejected, with no evidence of a kind, as FRAUD_REJECTED.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_WITHDRAWAL_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_WITHDRAWAL_H_

#include "services/referral/domain/model.h"

namespace kith::referral::domain {

// Whether the customer's referral was rejected as a fraud.
bool IsWithdrawn(const Judgement& judgement);

// Makes it so, or not; of a judgement in favour of nobody it never is.
void SetWithdrawn(bool withdrawn, Judgement& judgement);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_WITHDRAWAL_H_
