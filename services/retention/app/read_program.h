// Opens a read of a program that must exist.
#ifndef KITH_SERVICES_RETENTION_APP_READ_PROGRAM_H_
#define KITH_SERVICES_RETENTION_APP_READ_PROGRAM_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/retention/store/tables.h"

namespace kith::retention::app {

// A snapshot and the program in it.
struct ProgramRead {
  std::unique_ptr<db::ReadTransaction> transaction;
  store::Program program;
};

// PROGRAM_NOT_FOUND when neither a policy nor a fact has made the program known.
absl::StatusOr<ProgramRead> ReadProgram(db::Database& database, const std::string& program_id,
                                        absl::Time deadline);

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_READ_PROGRAM_H_
