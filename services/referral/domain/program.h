// The rules of a program, and which version of them judges a fact.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace kith::referral::domain {

// Which touch earns the attribution when there are several.
enum class AttributionModel { kFirstTouch, kLastTouch };

// How signups are attributed.
struct AttributionRules {
  absl::Duration touch_window = absl::Hours(24 * 30);
  absl::Duration lead_window = absl::Hours(24 * 90);
  AttributionModel model = AttributionModel::kLastTouch;
  friend bool operator==(const AttributionRules&, const AttributionRules&) = default;
};

enum class RewardSide { kReferrer, kReferee };
enum class RewardKind { kCash, kCredit };

// One side's reward for a conversion. Exactly one of the two amounts is set.
struct RewardRule {
  std::string rule_id;
  RewardSide side = RewardSide::kReferrer;
  RewardKind kind = RewardKind::kCash;
  std::optional<int64_t> fixed_minor;           // in the program's currency
  std::optional<int64_t> percent_basis_points;  // of the conversion's amount
  absl::Duration holding_period = absl::ZeroDuration();
  std::optional<int64_t> min_conversion_minor;       // absent: none is needed
  std::optional<int64_t> max_rewards_per_recipient;  // absent: no cap; 0: none
  friend bool operator==(const RewardRule&, const RewardRule&) = default;
};

struct Program {
  std::string program_id;
  std::string display_name;
  std::string currency;  // ISO 4217
  std::string time_zone = "UTC";
  AttributionRules attribution;
  std::vector<RewardRule> rewards;
  friend bool operator==(const Program&, const Program&) = default;
};

// A stored version of the rules. Versions count from 1.
struct ProgramVersion {
  Program program;
  int64_t version = 0;
  std::optional<absl::Time> effective_time;  // absent: since ever
  friend bool operator==(const ProgramVersion&, const ProgramVersion&) = default;
};

// What rules must fulfil beyond the limits of their fields: rule ids are unique, each rule
// has exactly one amount, windows and holding periods are between 0 and 100 years. All
// violations are reported at once (INVALID_FIELD), by paths that begin with `program.`.
absl::Status ValidateProgram(const Program& program);

// The time from which a version after `newest` (nullptr: the first) holds: `requested`, else
// since ever for the first one and `now` for a later one. INVALID_FIELD when that would be
// before the newest version's time.
absl::StatusOr<std::optional<absl::Time>> EffectiveTime(const ProgramVersion* newest,
                                                        std::optional<absl::Time> requested,
                                                        absl::Time now);

// The version in force at `time`: the newest of those that hold by then. `versions` are in
// order. nullptr when none holds yet.
const ProgramVersion* VersionInForce(absl::Span<const ProgramVersion* const> versions,
                                     absl::Time time);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_PROGRAM_H_
