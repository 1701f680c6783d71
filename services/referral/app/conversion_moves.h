// Conversions that come to a referral, and leave it, with their customer.
#ifndef KITH_SERVICES_REFERRAL_APP_CONVERSION_MOVES_H_
#define KITH_SERVICES_REFERRAL_APP_CONVERSION_MOVES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/keys.h"

namespace kith::referral::app {

// Ties the open conversions of a customer and of the referral that he or she is attributed to
// to each other. Returns how many open ones the customer has then.
int64_t AdoptConversions(exec::Unit& unit, const domain::Customer& customer);

// How many open conversions a customer has since the signup. Needs OpenByCustomer.
int64_t CountOpen(exec::Unit& unit, const domain::Customer& customer);

// Which of these becomes live when none is: the one that was live before for another referral,
// if it is among them, else the first. nullptr: none is a success.
const domain::Conversion* NextOf(const std::vector<const domain::Conversion*>& open,
                                 const std::string& live_before);

// Makes the next conversion of the customer's referral live if none is, and grants what its
// open conversions earn and have not earned yet. `live_before`: as above.
void SettleConversions(exec::Unit& unit, const Rules& rules, const domain::Customer& customer,
                       absl::Time now, const std::string& live_before = "");
// The same for any referral.
void SettleConversions(exec::Unit& unit, const Rules& rules, const store::IdKey& referral,
                       absl::Time now, const std::string& live_before = "");

// Whether a conversion is its referral's customer's and goes when the customer does. A lead
// may have others, of people who named it before its customer was known.
bool GoesWithCustomer(const domain::Conversion& conversion, const domain::Referral& referral);

// Parts `referral`, whose customer leaves, from the conversions that go with the customer, and
// wait for another one then; publishes that the live one, if it goes, counts for it no more.
// Returns the referral as one that has converted only by those that remain, which the caller
// puts, and settles.
domain::Referral ReleaseConversions(exec::Unit& unit, domain::Referral referral,
                                    absl::string_view cause, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CONVERSION_MOVES_H_
