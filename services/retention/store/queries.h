// What the reports read.
#ifndef KITH_SERVICES_RETENTION_STORE_QUERIES_H_
#define KITH_SERVICES_RETENTION_STORE_QUERIES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/money.h"
#include "common/db/db.h"
#include "services/retention/domain/population.h"
#include "services/retention/store/tables.h"

namespace kith::retention::store {

// The program, or nullopt.
absl::StatusOr<std::optional<Program>> ReadProgram(db::ReadTransaction& transaction,
                                                   const std::string& program_id);

// A version of the program's policy, or nullopt.
absl::StatusOr<std::optional<StoredPolicy>> ReadPolicy(db::ReadTransaction& transaction,
                                                       const std::string& program_id,
                                                       int64_t version);

// A customer with revenue by currency, in order of currency, or nullopt.
struct CustomerWithRevenue {
  Customer customer;
  std::vector<Money> revenue;
};
absl::StatusOr<std::optional<CustomerWithRevenue>> ReadCustomer(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& customer_id);

// Revenue of the program, in order of currency.
absl::StatusOr<std::vector<Money>> ReadRevenue(db::ReadTransaction& transaction,
                                               const std::string& program_id);

// The same by channel, of customers with a signup: looks at every customer who paid.
absl::StatusOr<std::map<std::string, Revenue>> ReadRevenueByChannel(
    db::ReadTransaction& transaction, const std::string& program_id);

// The population at a midnight, from the counters.
absl::StatusOr<TenuresByGroup> ReadPopulationAt(db::ReadTransaction& transaction,
                                                const std::string& program_id, int64_t day);
// The population at any time, from the rows: looks at every customer.
absl::StatusOr<TenuresByGroup> ScanPopulationAt(db::ReadTransaction& transaction,
                                                const std::string& program_id,
                                                absl::Time as_of);

// The counters without days: those of each channel are summed under day 0.
absl::StatusOr<Counters> ReadTotals(db::ReadTransaction& transaction,
                                    const std::string& program_id);
// Those of all programs, summed under an empty channel too.
absl::StatusOr<Counters> ReadTotalsOfAll(db::ReadTransaction& transaction);
// All counters that are not 0.
absl::StatusOr<Counters> ReadCounters(db::ReadTransaction& transaction,
                                      const std::string& program_id);
// What the counters must be, from the rows: looks at every customer and event.
absl::StatusOr<Counters> ComputeCounters(db::ReadTransaction& transaction,
                                         const std::string& program_id);
// Replaces the counters. The caller holds the turn of the program's shard.
absl::Status ReplaceCounters(db::WriteTransaction& transaction, const std::string& program_id,
                             const Counters& counters);
// Makes the writers of all shards wait until the transaction ends.
absl::Status TakeTurn(db::WriteTransaction& transaction);

}  // namespace kith::retention::store

#endif  // KITH_SERVICES_RETENTION_STORE_QUERIES_H_
