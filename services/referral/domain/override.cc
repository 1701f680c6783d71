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
  const bool same_address =
      !customer->email_hash.empty() && customer->email_hash == advocate->email_hash;
  if (same_address || customer->customer_id == advocate->advocate_id) {
    return MakeFieldError(errors::kSelfReferral, "advocate_id",
                          "must not be the customer's own");
  }
  return absl::OkStatus();
}

}  // namespace kith::referral::domain
