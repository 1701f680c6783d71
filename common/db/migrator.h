// Brings a store to the schema that this binary knows.
#ifndef KITH_COMMON_DB_MIGRATOR_H_
#define KITH_COMMON_DB_MIGRATOR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/db/db.h"

namespace kith::db {

// One step of the schema. Steps are numbered from 1 without gaps and never change once
// released; a new schema is a new step.
struct Migration {
  int number;
  absl::string_view name;
  absl::string_view sql;  // one or several statements
};

enum class MigrateMode { kAuto, kOnly, kOff };

// Runs the steps of one stream (`stream_name`) that `database` lacks, each in one transaction
// together with its record in the table `schema_migration(stream, number, name, applied_at)`,
// primary key (stream, number). A store has a stream for what all services share ("common")
// and one for the service's own tables. Safe when several processes start at once. With kOff,
// FAILED_PRECONDITION when a step is missing. A store that is newer than the binary is
// accepted (two versions run side by side during a roll-out).
absl::Status Migrate(Database& database, absl::string_view stream_name,
                     absl::Span<const Migration> migrations, MigrateMode mode,
                     const Clock& clock);

}  // namespace kith::db

#endif  // KITH_COMMON_DB_MIGRATOR_H_
