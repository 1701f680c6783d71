// The beginning of every read.
#ifndef KITH_SERVICES_OUTREACH_APP_OPEN_PROGRAM_H_
#define KITH_SERVICES_OUTREACH_APP_OPEN_PROGRAM_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"

namespace kith::outreach {

// A snapshot in which the program exists; else PROGRAM_NOT_FOUND.
absl::StatusOr<std::unique_ptr<db::ReadTransaction>> OpenProgram(db::Database& database,
                                                                 const std::string& program_id,
                                                                 absl::Time deadline);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_OPEN_PROGRAM_H_
