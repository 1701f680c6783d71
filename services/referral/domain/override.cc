#include "services/referral/domain/override.h"

#include "services/referral/domain/errors.h"

namespace kith::referral::domain {

absl::Status CheckOverride(const Customer* customer, absl::string_view advocate_id,
                           const Advocate* advocate) {
  if (customer == nullptr) {
    return MakeFieldError(errors::kCustomerNotFound, "customer_id",
                          "must be a customer whose signup was judged");
  }
  if (advocate_id.empty()) return absl::OkStatus();
  if (advocate == nullptr) {
    return MakeFieldError(errors::kAdvocateNotFound, "advocate_id",
                          "must be an enrolled advocate, or empty for nobody");
  }
  if (advocate->Is(customer->customer_id, customer->email_hash,
                   customer->identity.phone_hash)) {
    return MakeFieldError(errors::kSelfReferral, "advocate_id",
                          "must not be the customer's own");
  }
  return absl::OkStatus();
}

}  // namespace kith::referral::domain
