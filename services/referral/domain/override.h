// A person's decision who brought a customer.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_OVERRIDE_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_OVERRIDE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/model.h"

namespace kith::referral::domain {

// A decision as it is kept. An empty id means nobody, or none.
struct AttributionOverride {
  std::string program_id;
  std::string customer_id;
  int64_t number = 0;  // of the decisions about the customer, from 1; the newest stands
  std::string old_advocate_id;
  std::string advocate_id;
  std::string old_referral_id;
  std::string referral_id;
  std::string decided_by;
  std::string cause;
  absl::Time decided_time;
  friend bool operator==(const AttributionOverride&, const AttributionOverride&) = default;
};

// OK, or why this cannot be decided: CUSTOMER_NOT_FOUND, ADVOCATE_NOT_FOUND, SELF_REFERRAL
// (same id or mail address). `advocate_id` may be empty; `advocate` is then nullptr.
absl::Status CheckOverride(const Customer* customer, absl::string_view advocate_id,
                           const Advocate* advocate);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_OVERRIDE_H_
