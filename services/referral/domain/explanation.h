// Why a reward is what it is, kept with it as text.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_EXPLANATION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_EXPLANATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/condition.h"

namespace kith::referral::domain {

struct Explanation {
  int64_t ordinal = 1;                  // among the rewards of its rule for its recipient
  std::vector<TestOutcome> tests;       // of the rule's condition
  std::vector<TestOutcome> case_tests;  // of the amount's case that was taken
  std::vector<std::string> arithmetic;  // one step each
  std::vector<CapOutcome> caps;         // that were looked at, in order
  // The newest version whose recalculation left it as it was, or took it back; 0: none.
  int64_t judged_version = 0;
  friend bool operator==(const Explanation&, const Explanation&) = default;
};

// One line for each test (the first kMaxTests of each condition), step and cap.
inline constexpr size_t kMaxTests = 32;
std::string ToText(const Explanation& explanation);
// The reverse; lines that ToText did not write are left out.
Explanation ParseExplanation(absl::string_view text);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_EXPLANATION_H_
