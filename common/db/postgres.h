// The store on a PostgreSQL server (15 or later).
#ifndef KITH_COMMON_DB_POSTGRES_H_
#define KITH_COMMON_DB_POSTGRES_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/db.h"

namespace kith::db {

// Opens a libpq URI. Statements travel in pipelines: BEGIN goes with a transaction's first
// batch and COMMIT with its last. Reads are REPEATABLE READ, writes READ COMMITTED. A lost
// connection is replaced when the next one is needed.
absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(absl::string_view url,
                                                       const OpenOptions& options);

}  // namespace kith::db

#endif  // KITH_COMMON_DB_POSTGRES_H_
