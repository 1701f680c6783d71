// What the reads of programs over time ask of the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_PROGRAM_QUERIES_H_
#define KITH_SERVICES_REFERRAL_STORE_PROGRAM_QUERIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/domain/program.h"

namespace kith::referral::store {

// At most `limit` versions after number `after`, oldest first.
absl::StatusOr<std::vector<domain::ProgramVersion>> ReadVersions(
    db::ReadTransaction& transaction, const std::string& program_id, int64_t after,
    int64_t limit);

// The number of the version in force at `time`; 0: none.
absl::StatusOr<int64_t> ReadVersionInForce(db::ReadTransaction& transaction,
                                           const std::string& program_id, absl::Time time);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_PROGRAM_QUERIES_H_
