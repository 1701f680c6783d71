// One version of a program's scoring policy.
#ifndef KITH_SERVICES_ADVOCACY_APP_GET_SCORING_POLICY_H_
#define KITH_SERVICES_ADVOCACY_APP_GET_SCORING_POLICY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/advocacy/domain/policy.h"

namespace kith::advocacy::app {

// `version` 0: the newest; for a program that never applied one, the defaults as version 0.
// Errors: PROGRAM_NOT_FOUND, POLICY_VERSION_NOT_FOUND.
absl::StatusOr<domain::PolicyVersion> GetScoringPolicy(db::Database& database,
                                                       const std::string& program_id,
                                                       int64_t version, absl::Time deadline);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_GET_SCORING_POLICY_H_
