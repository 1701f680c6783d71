// What becomes of customers and advocates elsewhere: the success event, leaving and coming
// back (from retention), tier and segment (from advocacy). Facts may come before the signup or
// enrolment of whom they are about; they are kept until then.
#ifndef KITH_SERVICES_REFERRAL_APP_LIFECYCLE_H_
#define KITH_SERVICES_REFERRAL_APP_LIFECYCLE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/model.h"

namespace kith::referral::app {

// A fact about a customer. The newest of a kind counts: a time that was corrected is published
// again.
struct CustomerFact {
  enum class Kind { kAha, kChurned, kReactivated };
  std::string program_id;
  std::string customer_id;
  Kind kind = Kind::kAha;
  absl::Time time;
};
void WantLife(exec::Loader& loader, const CustomerFact& fact);
// Stores it with the customer and lets the rewards of the customer's referral follow. Fails as
// Rules::Load does; what was done is to be undone then.
absl::Status ApplyLife(exec::Unit& unit, const CustomerFact& fact, absl::Time now);

// A fact about an advocate: the name of a tier or segment, empty for none.
struct AdvocateFact {
  enum class Kind { kTier, kSegment };
  std::string program_id;
  std::string advocate_id;
  Kind kind = Kind::kTier;
  std::string name;
};
void WantLife(exec::Loader& loader, const AdvocateFact& fact);
// Stores it with the advocate, for rewards that are earned from then on.
absl::Status ApplyLife(exec::Unit& unit, const AdvocateFact& fact, absl::Time now);

// For signups and enrolments: what was told of them before. Take adds it to the new customer
// and forgets it; of an advocate, who may yet be refused, these are two steps.
void WantEarlyCustomer(exec::Loader& loader, const std::string& program_id,
                       const std::string& customer_id);
// Adds what is loaded of it to a customer of whom Prefetch asks what follows.
void AddEarlyLife(exec::Loader& loader, domain::Customer& customer);
void TakeEarlyLife(exec::Unit& unit, domain::Customer& customer);
void WantEarlyAdvocate(exec::Loader& loader, const std::string& program_id,
                       const std::string& advocate_id);
void AddEarlyLife(exec::Unit& unit, domain::Advocate& advocate);
void ForgetEarlyLife(exec::Unit& unit, const domain::Advocate& advocate);

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_LIFECYCLE_H_
