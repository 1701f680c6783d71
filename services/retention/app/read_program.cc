#include "services/retention/app/read_program.h"

#include <utility>

#include "common/base/not_found.h"
#include "common/base/status_macros.h"
#include "services/retention/store/queries.h"

namespace kith::retention::app {

absl::StatusOr<ProgramRead> ReadProgram(db::Database& database, const std::string& program_id,
                                        absl::Time deadline) {
  ProgramRead read;
  KITH_ASSIGN_OR_RETURN(read.transaction, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(auto program, store::ReadProgram(*read.transaction, program_id));
  if (!program.has_value()) return ProgramNotFound(program_id);
  read.program = *std::move(program);
  return read;
}

}  // namespace kith::retention::app
