// Conversions that come to a referral, and leave it, with their customer.
#ifndef KITH_SERVICES_REFERRAL_APP_CONVERSION_MOVES_H_
#define KITH_SERVICES_REFERRAL_APP_CONVERSION_MOVES_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Ties the open conversions of a customer and of the referral that he or she is attributed to
// to each other. Returns how many open ones the customer has then.
int64_t AdoptConversions(exec::Unit& unit, const domain::Customer& customer);

// How many open conversions a customer has since the signup. Needs OpenByCustomer.
int64_t CountOpen(exec::Unit& unit, const domain::Customer& customer);

// Makes the next conversion of the customer's referral live if none is, and grants what its
// open conversions earn and have not earned yet.
void SettleConversions(exec::Unit& unit, const Rules& rules, const domain::Customer& customer,
                       absl::Time now);

// Parts `referral`, whose customer has left (see OnSignupLeft), from its conversions, which
// wait for another one then; publishes that the live one counts for it no more. Returns the
// referral as one that never converted, which the caller puts.
domain::Referral ReleaseConversions(exec::Unit& unit, domain::Referral referral,
                                    absl::string_view cause, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CONVERSION_MOVES_H_
