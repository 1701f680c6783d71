#include "services/referral/app/paging.h"

#include "common/base/error.h"
#include "services/referral/store/queries.h"

namespace kith::referral::app {

absl::Status RequireProgram(db::ReadTransaction& transaction, const std::string& program_id) {
  KITH_ASSIGN_OR_RETURN(const auto program, store::ReadProgram(transaction, program_id, 0));
  if (program.has_value()) return absl::OkStatus();
  return MakeFieldError(kith::errors::kProgramNotFound, "program_id",
                        "must be a program that was applied");
}

}  // namespace kith::referral::app
