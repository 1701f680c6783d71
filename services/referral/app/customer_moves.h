// A customer who leaves a referral: what goes with the customer, and what of the referee's own
// stays as it is.
#ifndef KITH_SERVICES_REFERRAL_APP_CUSTOMER_MOVES_H_
#define KITH_SERVICES_REFERRAL_APP_CUSTOMER_MOVES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/keys.h"

namespace kith::referral::app {

// Why a customer leaves a referral, and when.
struct Parting {
  std::string cause;       // of the rewards that are taken back
  std::string decided_by;  // a person; empty: evidence
  absl::Time now;
};

// What a customer takes along to another referral.
struct Luggage {
  std::vector<domain::Reward> own;  // the referee's own rewards that are owed
  std::string live;                 // the conversion that was the live one; empty: none
};

// Parts the customer of a stored referral from it. What the signup and the customer's
// conversions earned is taken back, whoever had it: cancelled, or clawed back if it is paid.
// What the lead earned stays, and so do the conversions of others that name the lead, with
// what they earned its advocate; what of it was released by what goes waits again. The
// referee's own rewards that are owed are left to KeepOrTakeBack if the customer is
// `still_referred`, by another referral; else they go too.
Luggage LeaveReferral(exec::Unit& unit, const Rules& rules, const store::IdKey& key,
                      bool still_referred, const Parting& parting);

// Of the rewards of `luggage` those that the customer's referral of now earns as well, by the
// version that judged them, of the same rule, for the same conversion, signup or lead, and
// before caps of the same amount, stay as they are, paid or not, and are this referral's from
// now on. Whoever waits for its fraud decision, waits. The others are taken back. To be called
// when the conversions have come with the customer, and before anything is granted.
void KeepOrTakeBack(exec::Unit& unit, const Rules& rules, const domain::Customer& customer,
                    const Luggage& luggage, const Parting& parting);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_CUSTOMER_MOVES_H_
