#include "services/advocacy/app/read_program.h"

#include "common/base/not_found.h"
#include "common/base/status_macros.h"

namespace kith::advocacy::app {

absl::StatusOr<ProgramRead> ReadProgram(db::Database& database, const std::string& program_id,
                                        absl::Time deadline) {
  ProgramRead read;
  KITH_ASSIGN_OR_RETURN(read.transaction, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(read.overview, store::ReadOverview(*read.transaction, program_id));
  if (!read.overview.known) return ProgramNotFound(program_id);
  return read;
}

}  // namespace kith::advocacy::app
