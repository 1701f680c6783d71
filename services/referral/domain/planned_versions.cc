#include "services/referral/domain/planned_versions.h"

namespace kith::referral::domain {

absl::StatusOr<std::optional<absl::Time>> TimeOfNext(
    absl::Span<const ProgramVersion* const> versions, std::optional<absl::Time> requested,
    absl::Time now) {
  if (!versions.empty() && !requested.has_value()) requested = now;
  return EffectiveTime(VersionInForce(versions, now), requested, now);
}

std::vector<int64_t> WithdrawnBy(absl::Span<const ProgramVersion* const> versions,
                                 absl::Time time, absl::Time now) {
  std::vector<int64_t> withdrawn;
  for (const ProgramVersion* version : versions) {
    const auto& from = version->effective_time;
    const bool planned = from.has_value() && *from > now && *from > time;
    if (planned && VersionInForce(versions, *from) == version) {
      withdrawn.push_back(version->version);
    }
  }
  return withdrawn;
}

}  // namespace kith::referral::domain
