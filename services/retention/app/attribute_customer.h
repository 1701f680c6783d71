// Takes what the referral service says of a customer's signup.
#ifndef KITH_SERVICES_RETENTION_APP_ATTRIBUTE_CUSTOMER_H_
#define KITH_SERVICES_RETENTION_APP_ATTRIBUTE_CUSTOMER_H_

#include <string>

#include "common/executor/unit.h"
#include "services/retention/domain/customer.h"

namespace kith::retention::app {

// A judgement of a signup.
struct Judgement {
  std::string program_id;
  std::string customer_id;
  Attribution attribution;
};

void Prefetch(const Judgement& judgement, exec::Loader& loader);
// Makes the program and the customer known if they are not. The newest judgement holds; its
// signup time counts only while no signup event is known, so that a company that tells only
// the referral service of its signups has retention reports all the same.
void Apply(const Judgement& judgement, exec::Unit& unit);

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_ATTRIBUTE_CUSTOMER_H_
