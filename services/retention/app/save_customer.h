// The one way in which a customer is changed: row, counters and facts together.
#ifndef KITH_SERVICES_RETENTION_APP_SAVE_CUSTOMER_H_
#define KITH_SERVICES_RETENTION_APP_SAVE_CUSTOMER_H_

#include "common/executor/unit.h"
#include "services/retention/domain/customer.h"

namespace kith::retention::app {

// Puts `after` in place of `before` (nullptr: a new customer), which is the unit's row;
// moves the counters and publishes what changed.
void SaveCustomer(exec::Unit& unit, const Customer* before, Customer after);

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_SAVE_CUSTOMER_H_
