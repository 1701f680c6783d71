// Facts that retention publishes.
#ifndef KITH_SERVICES_RETENTION_APP_FACTS_H_
#define KITH_SERVICES_RETENTION_APP_FACTS_H_

#include "common/executor/unit.h"
#include "services/retention/domain/customer.h"

namespace kith::retention::app {

// Publishes a transition of a customer.
void EmitTransition(exec::Unit& unit, const Customer& customer, const Transition& transition);

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_FACTS_H_
