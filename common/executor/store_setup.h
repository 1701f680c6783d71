// What every store needs before the executor can run on it.
#ifndef KITH_COMMON_EXECUTOR_STORE_SETUP_H_
#define KITH_COMMON_EXECUTOR_STORE_SETUP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/db/migrator.h"

namespace kith::exec {

// The migrations of the stream "common".
absl::Span<const db::Migration> Migrations();

// What a store says of itself.
struct StoreInfo {
  int shards = 1;       // fixed when the store was initialised
  std::string feed_id;  // changes when a store is replaced by another one
};

// Initialises a migrated store with `shards` shards (1 to 1024), or reads what an earlier
// call fixed. Safe when several processes start at once. Errors are those of the store.
absl::StatusOr<StoreInfo> SetUpStore(db::Database& database, int shards, const Clock& clock);

// Deletes stored responses older than `before`, at most `limit`; returns how many.
absl::StatusOr<int64_t> DeleteStoredResponses(db::Database& database, absl::Time before,
                                              int64_t limit);

}  // namespace kith::exec

#endif  // KITH_COMMON_EXECUTOR_STORE_SETUP_H_
