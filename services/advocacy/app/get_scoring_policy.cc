#include "services/advocacy/app/get_scoring_policy.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/advocacy/app/read_program.h"
#include "services/advocacy/domain/errors.h"

namespace kith::advocacy::app {

absl::StatusOr<domain::PolicyVersion> GetScoringPolicy(db::Database& database,
                                                       const std::string& program_id,
                                                       int64_t version, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(ProgramRead read, ReadProgram(database, program_id, deadline));
  if (version == 0) {
    if (read.overview.newest.has_value()) return *std::move(read.overview.newest);
    return domain::PolicyVersion{program_id, 0, std::nullopt, domain::DefaultPolicy()};
  }
  KITH_ASSIGN_OR_RETURN(auto policy,
                        store::ReadPolicy(*read.transaction, program_id, version));
  if (!policy.has_value()) {
    return MakeFieldError(errors::kPolicyVersionNotFound, "version",
                          "must be a version of the policy");
  }
  return *std::move(policy);
}

}  // namespace kith::advocacy::app
