// Single things that callers ask for.
#ifndef KITH_SERVICES_RETENTION_APP_LOOKUPS_H_
#define KITH_SERVICES_RETENTION_APP_LOOKUPS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/retention/store/queries.h"

namespace kith::retention::app {

// PROGRAM_NOT_FOUND, CUSTOMER_NOT_FOUND.
absl::StatusOr<store::CustomerWithRevenue> GetCustomer(db::Database& database,
                                                       const std::string& program_id,
                                                       const std::string& customer_id,
                                                       absl::Time deadline);

// A version of the policy; 0 for the newest. PROGRAM_NOT_FOUND, POLICY_NOT_FOUND.
absl::StatusOr<store::StoredPolicy> GetPolicy(db::Database& database,
                                              const std::string& program_id, int64_t version,
                                              absl::Time deadline);

}  // namespace kith::retention::app

#endif  // KITH_SERVICES_RETENTION_APP_LOOKUPS_H_
