// What every store needs before the executor can run on it.
#ifndef KITH_COMMON_EXECUTOR_STORE_SETUP_H_
#define KITH_COMMON_EXECUTOR_STORE_SETUP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/db/migrator.h"
#include "common/executor/stored_response.h"

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

// A walk along all stored responses in order of their keys, a few at a time.
struct ResponseWalk {
  StoredResponseTable::Key after;  // the last key that was looked at; all empty: none
  bool done = false;               // the end was reached
};

// Looks at the next `limit` stored responses of the walk and deletes those older than
// `before`; returns how many.
absl::StatusOr<int64_t> DeleteStoredResponses(db::Database& database, absl::Time before,
                                              int64_t limit, ResponseWalk& walk);

}  // namespace kith::exec

#endif  // KITH_COMMON_EXECUTOR_STORE_SETUP_H_
