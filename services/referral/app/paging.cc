#include "services/referral/app/paging.h"

#include "common/base/not_found.h"
#include "services/referral/store/program_tables.h"
#include "services/referral/store/read_rows.h"

namespace kith::referral::app {

absl::Status RequireProgram(db::ReadTransaction& transaction, const std::string& program_id) {
  // The key is made with the first version. Rows can be read whatever the rules say.
  KITH_ASSIGN_OR_RETURN(const auto key,
                        store::ReadByKey<store::ProgramKeyTable>(transaction, program_id));
  if (key.has_value()) return absl::OkStatus();
  return ProgramNotFound(program_id);
}

}  // namespace kith::referral::app
