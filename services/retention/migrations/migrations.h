// The schema of kith-retention (the stream "retention").
#ifndef KITH_SERVICES_RETENTION_MIGRATIONS_MIGRATIONS_H_
#define KITH_SERVICES_RETENTION_MIGRATIONS_MIGRATIONS_H_

#include "absl/types/span.h"
#include "common/db/migrator.h"

namespace kith::retention {

absl::Span<const kith::db::Migration> Migrations();

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_MIGRATIONS_MIGRATIONS_H_
