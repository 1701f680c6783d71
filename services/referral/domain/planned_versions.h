// Versions of a program that are not in force yet, and what becomes of them when another one
// is applied. Of the versions whose time has come the newest is in force (VersionInForce), so
// that one that is applied later and holds earlier takes the place of one that is planned.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_PLANNED_VERSIONS_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_PLANNED_VERSIONS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/referral/domain/program.h"

namespace kith::referral::domain {

// Of a version that holds from before the times of others that are not in force yet: these
// never come into force. Part of the API.
inline constexpr absl::string_view kPlanWithdrawn = "PLAN_WITHDRAWN";

// The time from which a version after `versions` (in order; none: the first) holds:
// `requested`, else since ever for the first one and `now` for a later one. INVALID_FIELD when
// that would be before the time of the version in force now; a planned one is no bar.
absl::StatusOr<std::optional<absl::Time>> TimeOfNext(
    absl::Span<const ProgramVersion* const> versions, std::optional<absl::Time> requested,
    absl::Time now);

// The numbers of the planned versions that never come into force once one after `versions`
// holds from `time` on. One planned for `time` itself is corrected, and not among them.
std::vector<int64_t> WithdrawnBy(absl::Span<const ProgramVersion* const> versions,
                                 absl::Time time, absl::Time now);

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_PLANNED_VERSIONS_H_
