#include "services/retention/domain/policy.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace kith::retention {
namespace {

using Field = std::pair<absl::string_view, std::string>;

std::vector<Field> Describe(const std::optional<Policy>& policy) {
  const bool has = policy.has_value();
  const AhaRule* aha = has && policy->aha.has_value() ? &*policy->aha : nullptr;
  const bool within = aha != nullptr && aha->within.has_value();
  return {{"referred_channel", has ? policy->referred_channel : ""},
          {"baseline_channel", has ? policy->baseline_channel : ""},
          {"aha.event_name", aha != nullptr ? aha->event_name : ""},
          {"aha.min_count", aha != nullptr ? absl::StrCat(aha->min_count) : ""},
          {"aha.within", within ? absl::FormatDuration(*aha->within) : ""}};
}

}  // namespace

absl::Status Validate(const Policy& policy) {
  if (policy.referred_channel == policy.baseline_channel) {
    return MakeFieldError(errors::kInvalidField, "policy.baseline_channel",
                          "must differ from referred_channel");
  }
  if (policy.aha.has_value() && policy.aha->within.has_value() &&
      *policy.aha->within <= absl::ZeroDuration()) {
    return MakeFieldError(errors::kInvalidField, "policy.aha.within", "must be positive");
  }
  return absl::OkStatus();
}

std::vector<PolicyDifference> Compare(const std::optional<Policy>& before,
                                      const Policy& after) {
  std::vector<PolicyDifference> differences;
  const std::vector<Field> old_fields = Describe(before);
  const std::vector<Field> new_fields = Describe(after);
  for (size_t i = 0; i < new_fields.size(); ++i) {
    if (old_fields[i].second == new_fields[i].second) continue;
    differences.push_back(
        {std::string(new_fields[i].first), old_fields[i].second, new_fields[i].second});
  }
  return differences;
}

void Extend(AhaEras& eras, int64_t version, absl::Time now, const Policy& policy) {
  if (!eras.empty() && eras.back().rule == policy.aha) return;
  eras.push_back({version, now, policy.aha});
}

const AhaEra* EraAt(const AhaEras& eras, absl::Time time) {
  if (eras.empty()) return nullptr;
  const AhaEra* found = &eras.front();
  for (const AhaEra& era : eras) {
    if (era.from <= time) found = &era;
  }
  return found;
}

}  // namespace kith::retention
