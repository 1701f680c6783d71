// Retention policies and the rules of the success event.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_POLICY_H_
#define KITH_SERVICES_RETENTION_DOMAIN_POLICY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::retention {

// The channel of customers of whom none is known.
inline constexpr absl::string_view kOrganic = "organic";

// The success event: an activity, a number of times, soon enough.
struct AhaRule {
  std::string event_name;
  int32_t min_count = 1;
  std::optional<absl::Duration> within;  // after signup; nullopt: any time
  friend bool operator==(const AhaRule&, const AhaRule&) = default;
};

// How a program measures retention, with its defaults filled in.
struct Policy {
  std::string referred_channel = "referral";
  std::string baseline_channel = "organic";
  std::optional<AhaRule> aha;
  friend bool operator==(const Policy&, const Policy&) = default;
};

// Whether the rules make sense together; INVALID_FIELD with the path from the request.
absl::Status Validate(const Policy& policy);

// One difference, as text.
struct PolicyDifference {
  std::string field;
  std::string old_value;
  std::string new_value;
  friend bool operator==(const PolicyDifference&, const PolicyDifference&) = default;
};
// What differs; all that is set when there is no old policy.
std::vector<PolicyDifference> Compare(const std::optional<Policy>& before,
                                      const Policy& after);

// A success rule in force from a time until that of the next one.
struct AhaEra {
  int64_t version = 0;  // of the policy that brought it: names the era
  absl::Time from;
  std::optional<AhaRule> rule;
  friend bool operator==(const AhaEra&, const AhaEra&) = default;
};

// The eras of a program in order of time.
using AhaEras = std::vector<AhaEra>;

// Begins an era if `policy` changes the rule. A change is not retroactive: an activity
// counts for the rule in force when it happened. The first era reaches back to the
// beginning, so that history imported after the first policy counts.
void Extend(AhaEras& eras, int64_t version, absl::Time now, const Policy& policy);

// The era in force at `time`, or nullptr when there is none.
const AhaEra* EraAt(const AhaEras& eras, absl::Time time);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_POLICY_H_
