// The schema of the advocacy store, from the SQL files of this folder.
#ifndef KITH_SERVICES_ADVOCACY_MIGRATIONS_MIGRATIONS_H_
#define KITH_SERVICES_ADVOCACY_MIGRATIONS_MIGRATIONS_H_

#include "absl/types/span.h"
#include "common/db/migrator.h"

namespace kith::advocacy {

absl::Span<const db::Migration> Migrations();

}  // namespace kith::advocacy

#endif  // KITH_SERVICES_ADVOCACY_MIGRATIONS_MIGRATIONS_H_
