// What the reads of honesty and quality ask of the store. Lists begin after a place and hold
// at most `limit` rows.
#ifndef KITH_SERVICES_REFERRAL_STORE_FRAUD_QUERIES_H_
#define KITH_SERVICES_REFERRAL_STORE_FRAUD_QUERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/domain/quality.h"

namespace kith::referral::store {

struct CaseFilter {
  std::string program_id;
  std::optional<domain::FraudCaseState> state;  // absent: in any
};
// A case's place in the order of time.
struct CasePlace {
  absl::Time opened_time = absl::InfinitePast();
  std::string referral_id;
};
// The oldest first.
absl::StatusOr<std::vector<domain::FraudCase>> ReadCases(db::ReadTransaction& transaction,
                                                         const CaseFilter& filter,
                                                         const CasePlace& after,
                                                         int64_t limit);
// When the oldest open case of all programs was opened; nullopt: there is none.
absl::StatusOr<std::optional<absl::Time>> ReadOldestOpenCase(db::ReadTransaction& transaction);

// The newest first, those before number `before`.
absl::StatusOr<std::vector<domain::Suspension>> ReadSuspensions(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& advocate_id, int64_t before, int64_t limit);
// The suspensions that stand, one of each advocate, in order of advocate.
absl::StatusOr<std::vector<domain::Suspension>> ReadSuspended(db::ReadTransaction& transaction,
                                                              const std::string& program_id,
                                                              const std::string& after,
                                                              int64_t limit);

struct BlocklistFilter {
  std::string program_id;
  std::optional<domain::IdentityKind> kind;  // absent: of any
};
// In order of the kinds' names and of hash.
absl::StatusOr<std::vector<domain::BlockedIdentity>> ReadBlocklist(
    db::ReadTransaction& transaction, const BlocklistFilter& filter,
    const std::string& after_kind, const std::string& after_hash, int64_t limit);

// The tests of one campaign, or of all (an empty text), in order of campaign and metric's
// name.
absl::StatusOr<std::vector<domain::QualityTest>> ReadQualityTests(
    db::ReadTransaction& transaction, const std::string& program_id,
    const std::string& campaign, const std::string& after_campaign,
    const std::string& after_metric, int64_t limit);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_FRAUD_QUERIES_H_
