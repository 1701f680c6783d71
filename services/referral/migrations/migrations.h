// The schema of the referral service's own tables.
#ifndef KITH_SERVICES_REFERRAL_MIGRATIONS_MIGRATIONS_H_
#define KITH_SERVICES_REFERRAL_MIGRATIONS_MIGRATIONS_H_

#include "absl/types/span.h"
#include "common/db/migrator.h"

namespace kith::referral {

// In order, from 0001.
absl::Span<const db::Migration> Migrations();

}  // namespace kith::referral

#endif  // KITH_SERVICES_REFERRAL_MIGRATIONS_MIGRATIONS_H_
