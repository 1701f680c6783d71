// Judges customers and makes the judgement so. Shared by the commands that bring signups,
// evidence or decisions, which may arrive in any order.
#ifndef KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_H_
#define KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/app/rules.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// Wants everything that Attribute needs for this customer. `new_advocate_id` is whom
// evidence, or a decision, that the command itself brings speaks for; `new_lead_id` is the
// lead that it brings; empty for none.
void WantAttribution(exec::Loader& loader, const Rules& rules,
                     const domain::Customer& customer, const std::string& new_advocate_id,
                     const std::string& new_lead_id = "",
                     const std::string& email_domain = "");

// Judges a customer, new or stored, by all evidence that there is now and by the fraud rules;
// moves the customer to the referral that wins; lets conversions that waited count for it;
// grants what becomes due and takes back what the other referral had, but for the referee's
// own rewards that the new one earns as well (see customer_moves.h); stores the customer;
// publishes the judgement when it is new or another one. A customer whose referral has, or
// once had, a live conversion, or a reward that is available, fulfilling or fulfilled, is left
// as it is, and one about whom a person has decided stays
// with whom the person said. `email_domain` is that of the customer's address, which is known
// only while the signup is reported.
void Attribute(exec::Unit& unit, const Rules& rules, domain::Customer customer, absl::Time now,
               const std::string& email_domain = "");

// Gives a stored customer to `advocate_id`, who is enrolled (empty: to nobody), because a
// person decided so. Conversions move with the customer; rewards of a referral that is left
// are taken back with `cause`, but for the referee's own, as above. The sales work on a lead
// that is left stays as it is. A case about the two is not decided by it: a referral that
// waits, or was rejected by a person, stays so. Only what the rules alone have rejected gives
// way: its case is approved by `decided_by`; rewards that it had lost stay lost.
void AttributeByDecision(exec::Unit& unit, const Rules& rules, domain::Customer customer,
                         const std::string& advocate_id, const std::string& decided_by,
                         absl::string_view cause, absl::Time now);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_H_
