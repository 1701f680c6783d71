// Whose store it is: a service never uses that of another one.
#ifndef KITH_COMMON_SERVER_STORE_OWNER_H_
#define KITH_COMMON_SERVER_STORE_OWNER_H_

#include <string>

#include "absl/status/status.h"
#include "common/db/db.h"

namespace kith::server {

// Records that the store, which has the migrations "common", belongs to `service`. One that
// says nothing belongs to the service whose migrations it took first, or to nobody. Of several
// services that start at once one gets it. FAILED_PRECONDITION when it belongs to another one,
// with nothing changed; other errors are those of the store.
absl::Status ClaimStore(db::Database& database, const std::string& service);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_STORE_OWNER_H_
