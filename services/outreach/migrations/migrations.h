// The schema of the outreach store (see common/db/migrator.h).
#ifndef KITH_SERVICES_OUTREACH_MIGRATIONS_MIGRATIONS_H_
#define KITH_SERVICES_OUTREACH_MIGRATIONS_MIGRATIONS_H_

#include "absl/types/span.h"
#include "common/db/migrator.h"

namespace kith::outreach {

absl::Span<const kith::db::Migration> Migrations();

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_MIGRATIONS_MIGRATIONS_H_
