// Recomputes what is maintained, from the rows.
#ifndef KITH_SERVICES_RETENTION_APP_REBUILD_COUNTERS_H_
#define KITH_SERVICES_RETENTION_APP_REBUILD_COUNTERS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"

namespace kith::retention::app {

// How many of the program's counters differ from what its rows say; 0 unless there is a bug
// or somebody changed rows by hand. Reads one snapshot.
absl::StatusOr<int64_t> CompareCounters(db::Database& database, const std::string& program_id,
                                        absl::Time deadline);

// Sets the program's counters to what its rows say and returns how many were wrong. Writers
// of the store wait meanwhile.
absl::StatusOr<int64_t> RebuildCounters(db::Database& database, const std::string& program_id,
                                        absl::Time deadline);

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_REBUILD_COUNTERS_H_
