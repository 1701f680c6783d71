#include "services/referral/domain/violations.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace kith::referral::domain {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24 * 36500);

}  // namespace

void Violations::Check(bool ok, std::string field, std::string description) {
  if (!ok) details_.fields.push_back({std::move(field), std::move(description)});
}

void Violations::CheckDuration(absl::Duration value, std::string field) {
  Check(value >= absl::ZeroDuration() && value <= kLongest, std::move(field),
        "must be between 0 and 36500 days");
}

void Violations::CheckSpan(const std::optional<absl::Duration>& value, std::string field) {
  Check(!value.has_value() || (*value > absl::ZeroDuration() && *value <= kLongest),
        std::move(field), "must be above 0 and at most 36500 days, or left out");
}

void Violations::CheckCondition(const Condition& condition, const std::string& field,
                                const std::vector<absl::string_view>& prefixes) {
  for (ConditionProblem& problem : domain::CheckCondition(condition, prefixes)) {
    Check(false, absl::StrCat(field, ".", problem.path), std::move(problem.text));
  }
}

absl::Status Violations::ToStatus() && {
  if (details_.fields.empty()) return absl::OkStatus();
  const std::string text =
      absl::StrCat(details_.fields.front().field, ": ", details_.fields.front().description);
  return MakeDetailedError(kith::errors::kInvalidField, std::move(details_), text);
}

}  // namespace kith::referral::domain
