#include "services/referral/domain/program.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace kith::referral::domain {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24 * 36500);

class Violations {
 public:
  void Check(bool ok, std::string field, absl::string_view description) {
    if (!ok) details_.fields.push_back({std::move(field), std::string(description)});
  }
  void CheckDuration(absl::Duration value, std::string field) {
    Check(value >= absl::ZeroDuration() && value <= kLongest, std::move(field),
          "must be between 0 and 36500 days");
  }
  absl::Status ToStatus() && {
    if (details_.fields.empty()) return absl::OkStatus();
    const std::string text =
        absl::StrCat(details_.fields.front().field, ": ", details_.fields.front().description);
    return MakeDetailedError(kith::errors::kInvalidField, std::move(details_), text);
  }

 private:
  ErrorDetails details_;
};

}  // namespace

absl::Status ValidateProgram(const Program& program) {
  Violations violations;
  violations.CheckDuration(program.attribution.touch_window,
                           "program.attribution.touch_window");
  violations.CheckDuration(program.attribution.lead_window, "program.attribution.lead_window");
  absl::flat_hash_set<std::string> rule_ids;
  for (size_t i = 0; i < program.rewards.size(); ++i) {
    const RewardRule& rule = program.rewards[i];
    const std::string path = absl::StrCat("program.rewards[", i, "].");
    violations.Check(rule_ids.insert(rule.rule_id).second, path + "rule_id",
                     absl::StrCat("'", rule.rule_id, "' is used by an earlier rule"));
    violations.Check(rule.fixed_minor.has_value() != rule.percent_basis_points.has_value(),
                     path + "amount",
                     "exactly one of fixed_minor and percent_basis_points is needed");
    violations.CheckDuration(rule.holding_period, path + "holding_period");
  }
  return std::move(violations).ToStatus();
}

absl::StatusOr<std::optional<absl::Time>> EffectiveTime(const ProgramVersion* newest,
                                                        std::optional<absl::Time> requested,
                                                        absl::Time now) {
  if (newest == nullptr) return requested;
  const absl::Time time = requested.value_or(now);
  if (newest->effective_time.has_value() && time < *newest->effective_time) {
    return MakeFieldError(kith::errors::kInvalidField, "program.effective_time",
                          absl::StrCat("must not be before that of version ", newest->version,
                                       ", ", absl::FormatTime(*newest->effective_time)));
  }
  return std::optional<absl::Time>(time);
}

const ProgramVersion* VersionInForce(absl::Span<const ProgramVersion* const> versions,
                                     absl::Time time) {
  for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
    const auto& from = (*it)->effective_time;
    if (!from.has_value() || *from <= time) return *it;
  }
  return nullptr;
}

}  // namespace kith::referral::domain
