#include "services/outreach/app/open_program.h"

#include "common/base/not_found.h"
#include "common/base/status_macros.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/store/queries.h"

namespace kith::outreach {

absl::StatusOr<std::unique_ptr<db::ReadTransaction>> OpenProgram(db::Database& database,
                                                                 const std::string& program_id,
                                                                 absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(auto read, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const bool known, HasProgram(*read, program_id));
  if (!known) return ProgramNotFound(program_id);
  return read;
}

}  // namespace kith::outreach
