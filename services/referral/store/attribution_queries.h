// What the reads about codes and attribution ask of the store.
#ifndef KITH_SERVICES_REFERRAL_STORE_ATTRIBUTION_QUERIES_H_
#define KITH_SERVICES_REFERRAL_STORE_ATTRIBUTION_QUERIES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/db.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/override.h"

namespace kith::referral::store {

// The codes of an advocate in order of code, after `after`, at most `limit`.
absl::StatusOr<std::vector<domain::Code>> ReadCodes(db::ReadTransaction& transaction,
                                                    const std::string& program_id,
                                                    const std::string& advocate_id,
                                                    const std::string& after, int64_t limit);

// Decisions in order of customer and number, after that decision, at most `limit`.
// `customer_id` empty: about all customers.
absl::StatusOr<std::vector<domain::AttributionOverride>> ReadOverrides(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& customer_id, const std::string& after_customer, int64_t after_number,
    int64_t limit);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_ATTRIBUTION_QUERIES_H_
