// How acts become points and points become tiers.
#ifndef KITH_SERVICES_ADVOCACY_DOMAIN_POLICY_H_
#define KITH_SERVICES_ADVOCACY_DOMAIN_POLICY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::advocacy::domain {

// An act worth points.
struct Behaviour {
  std::string name;
  int64_t points = 0;
  // Most acts of one advocate that count in one period. Absent: no cap. 0: none counts.
  std::optional<int32_t> max_per_period = std::nullopt;
  // Length of a period in days, counted from 1970-01-01 UTC; > 0 when there is a cap.
  int32_t period_days = 0;
  friend bool operator==(const Behaviour&, const Behaviour&) = default;
};

// A level of recognition.
struct Tier {
  std::string name;
  int64_t min_points = 0;
  std::vector<std::string> benefits;
  friend bool operator==(const Tier&, const Tier&) = default;
};

// The rules of a program, complete: behaviours in order of name, tiers by rising threshold.
struct ScoringPolicy {
  std::vector<Behaviour> behaviours;
  std::vector<Tier> tiers;
  int64_t referral_points = 0;  // for each live conversion
  friend bool operator==(const ScoringPolicy&, const ScoringPolicy&) = default;
};

// The same as a company writes it, where what is left out means the default.
struct PolicyDraft {
  std::vector<Behaviour> behaviours;
  std::vector<Tier> tiers;
  std::optional<int64_t> referral_points;
};

// A policy with the time from which facts are judged by it; absent: since ever.
struct PolicyVersion {
  std::string program_id = {};
  int64_t version = 0;  // 0: the default policy of a program that never applied one
  std::optional<absl::Time> effective_time = std::nullopt;
  ScoringPolicy policy;
};

// One field that differs between two policies; an empty text: the field is not there.
struct PolicyDifference {
  std::string field;
  std::string old_value;
  std::string new_value;
  friend bool operator==(const PolicyDifference&, const PolicyDifference&) = default;
};

// The product's defaults. review 50, case_study 100, speaking 200, educational_content 150,
// a referral 75; tiers supporter 100, defender 250, champion 500. The product registers
// five more behaviours without a number; they are placed by effort beside the known ones:
//   social_mention 10, community_answer 25, user_generated_content 50 (as a review),
//   testimonial 75 (more than a review, less than a case study),
//   meetup 150 (as educational content). No default is capped.
const ScoringPolicy& DefaultPolicy();

// Fills in the defaults and brings the policy into its one order.
ScoringPolicy Complete(PolicyDraft draft);

// INVALID_POLICY with the first field that is wrong: a name twice, a cap without a period,
// tiers that do not rise. Field paths are those of the request (`policy.tiers[1].name`).
absl::Status Validate(const PolicyDraft& draft);

// What differs, in order of field; `before` may be null.
std::vector<PolicyDifference> Differences(const ScoringPolicy* before,
                                          const ScoringPolicy& after);

// The behaviour of that name, or nullptr.
const Behaviour* FindBehaviour(const ScoringPolicy& policy, absl::string_view name);

}  // namespace kith::advocacy::domain

#endif  // KITH_SERVICES_ADVOCACY_DOMAIN_POLICY_H_
