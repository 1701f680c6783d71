// How the read RPCs open a program.
#ifndef KITH_SERVICES_ADVOCACY_APP_READ_PROGRAM_H_
#define KITH_SERVICES_ADVOCACY_APP_READ_PROGRAM_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/advocacy/domain/policy.h"
#include "services/advocacy/domain/segments.h"
#include "services/advocacy/store/queries.h"

namespace kith::advocacy::app {

// A snapshot of the store with what most reads need of a program.
struct ProgramRead {
  std::unique_ptr<db::ReadTransaction> transaction;
  store::Overview overview;
  // The newest policy, or the defaults.
  const domain::ScoringPolicy& policy() const {
    return overview.newest.has_value() ? overview.newest->policy : domain::DefaultPolicy();
  }
  domain::CutOff cut_off() const { return domain::FindCutOff(overview.successes); }
};

// Errors: PROGRAM_NOT_FOUND and those of the store.
absl::StatusOr<ProgramRead> ReadProgram(db::Database& database, const std::string& program_id,
                                        absl::Time deadline);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_READ_PROGRAM_H_
