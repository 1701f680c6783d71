// The store in one file, inside the process.
#ifndef KITH_COMMON_DB_SQLITE_H_
#define KITH_COMMON_DB_SQLITE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/db/db.h"

namespace kith::db {

// Opens the file, creating it if need be: write-ahead log, every commit synced to the disk,
// foreign keys enforced, one writer and `options.read_connections` readers that never wait
// for it. Other processes may use the file at the same time.
//
// Scripts: where a table's definition ends with the comment /* WITHOUT ROWID */, SQLite reads
// it without the comment's marks, and keeps the rows in the tree of their primary key instead
// of in a tree of their own with an index beside it. Other stores see a comment.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path,
                                                     const OpenOptions& options);

}  // namespace kith::db

#endif  // KITH_COMMON_DB_SQLITE_H_
