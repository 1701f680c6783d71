// What is wrong with rules, gathered so that all of it is reported at once.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_VIOLATIONS_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_VIOLATIONS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "services/referral/domain/condition.h"

namespace kith::referral::domain {

class Violations {
 public:
  // Notes `description`, which says what would be right, unless `ok`.
  void Check(bool ok, std::string field, std::string description);
  // A duration must be between 0 and 36500 days.
  void CheckDuration(absl::Duration value, std::string field);
  // A duration that is given must be above 0 as well.
  void CheckSpan(const std::optional<absl::Duration>& value, std::string field);
  // `prefixes`: of the fields that are known where the condition stands.
  void CheckCondition(const Condition& condition, const std::string& field,
                      const std::vector<absl::string_view>& prefixes);

  // INVALID_FIELD with all that was noted, or OK.
  absl::Status ToStatus() &&;

 private:
  ErrorDetails details_;
};

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_VIOLATIONS_H_
