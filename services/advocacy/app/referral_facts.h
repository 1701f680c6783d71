// What the facts of the referral feed do here. Each is applied once; the functions bear
// facts of different conversions in any order.
#ifndef KITH_SERVICES_ADVOCACY_APP_REFERRAL_FACTS_H_
#define KITH_SERVICES_ADVOCACY_APP_REFERRAL_FACTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"

namespace kith::advocacy::app {

// An advocate was enrolled. The earliest time stands.
struct Enrolment {
  std::string program_id;
  std::string advocate_id;
  absl::Time time;
};
void Prefetch(const Enrolment& enrolment, exec::Loader& loader);
absl::Status Apply(const Enrolment& enrolment, exec::Unit& unit);

// A referral has a live conversion: one success more and the points of the policy in force
// at the time of the conversion. A conversion that was reversed may become live again, for
// another advocate even. CONVERSION_CONFLICT: it is live already, for somebody else.
struct Conversion {
  std::string program_id;
  std::string conversion_id;
  std::string referral_id;
  std::string advocate_id;
  absl::Time time;
};
void Prefetch(const Conversion& conversion, exec::Loader& loader);
absl::Status Apply(const Conversion& conversion, exec::Unit& unit);

// It was reversed: takes back what was given. UNKNOWN_CONVERSION: nothing was given.
struct Reversal {
  std::string program_id;
  std::string conversion_id;
  absl::Time time;
};
void Prefetch(const Reversal& reversal, exec::Loader& loader);
absl::Status Apply(const Reversal& reversal, exec::Unit& unit);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_REFERRAL_FACTS_H_
