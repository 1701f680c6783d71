// Judges customers and makes the judgement so. Shared by the commands that bring signups or
// evidence, which may arrive in any order.
#ifndef KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_H_
#define KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_H_

#include <string>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Wants everything that Attribute needs for this customer. `new_advocate_id` is whom
// evidence that the command itself brings speaks for; empty for none.
void WantAttribution(exec::Loader& loader, const Rules& rules,
                     const domain::Customer& customer, const std::string& new_advocate_id);

// Judges a customer, new or stored, by all evidence that there is now; moves the customer to
// the referral that wins; lets conversions that waited count for it; grants what becomes
// due; stores the customer; publishes the judgement when it is new or another one. A
// customer whose referral has, or once had, a live conversion is left as it is.
void Attribute(exec::Unit& unit, const Rules& rules, domain::Customer customer,
               absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_H_
