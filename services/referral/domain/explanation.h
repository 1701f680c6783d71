// Why a reward is what it is, kept with it as text.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_EXPLANATION_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_EXPLANATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/cap.h"
#include "services/referral/domain/condition.h"

namespace kith::referral::domain {

// That a referee's own reward stayed when another one came to have referred the customer.
struct Stay {
  absl::Time time;
  std::string decided_by;  // a person; empty: evidence
  friend bool operator==(const Stay&, const Stay&) = default;
};

struct Explanation {
  int64_t ordinal = 1;                  // among the rewards of its rule for its recipient
  std::vector<TestOutcome> tests;       // of the rule's condition
  std::vector<TestOutcome> case_tests;  // of the amount's case that was taken
  std::vector<std::string> arithmetic;  // one step each
  std::vector<CapOutcome> caps;         // that were looked at, in order
  // The newest version whose recalculation left it as it was, or took it back; 0: none.
  int64_t judged_version = 0;
  std::vector<Stay> stays;  // oldest first
  // Of a reward over counts that its clawback window kept: by how many its number was missed.
  int64_t kept_short_by = 0;
  friend bool operator==(const Explanation&, const Explanation&) = default;
};

// One line for each test (the first kMaxTests of each condition), step and cap, and for the
// last kMaxStays stays.
inline constexpr size_t kMaxTests = 32;
inline constexpr size_t kMaxStays = 8;
std::string ToText(const Explanation& explanation);
// The reverse; lines that ToText did not write are left out.
Explanation ParseExplanation(absl::string_view text);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_EXPLANATION_H_
