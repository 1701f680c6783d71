// What the read RPCs ask of the store. Lists are in order of id, begin after `after` and
// hold at most `limit` rows.
#ifndef KITH_SERVICES_REFERRAL_STORE_QUERIES_H_
#define KITH_SERVICES_REFERRAL_STORE_QUERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/domain/model.h"
#include "services/referral/domain/program.h"

namespace kith::referral::store {

// A version of a program, 0 for the newest; nullopt when there is none.
absl::StatusOr<std::optional<domain::ProgramVersion>> ReadProgram(
    db::ReadTransaction& transaction, const std::string& program_id, int64_t version);

// The newest version of each program; those that this binary cannot read too.
absl::StatusOr<std::vector<domain::ProgramVersion>> ReadPrograms(
    db::ReadTransaction& transaction, const std::string& after, int64_t limit);

absl::StatusOr<std::optional<domain::Advocate>> ReadAdvocate(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& advocate_id);

absl::StatusOr<std::optional<domain::Referral>> ReadReferral(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& referral_id);

struct ReferralFilter {
  std::string program_id;
  std::string advocate_id;                     // empty: of anybody
  std::optional<domain::ReferralState> state;  // absent: in any
};
absl::StatusOr<std::vector<domain::Referral>> ReadReferrals(db::ReadTransaction& transaction,
                                                            const ReferralFilter& filter,
                                                            const std::string& after,
                                                            int64_t limit);

// Counters by the names of summary.h, in order.
using Counters = std::vector<std::pair<std::string, int64_t>>;
// Those of a program.
absl::StatusOr<Counters> ReadSummary(db::ReadTransaction& transaction,
                                     const std::string& program_id);
// The sums over all programs.
absl::StatusOr<Counters> ReadTotals(db::ReadTransaction& transaction);

struct Liability {
  std::string program_id;
  std::string currency;
  int64_t minor = 0;
};
// What each program owes in rewards, the largest first. Walks the counters of all programs.
absl::StatusOr<std::vector<Liability>> ReadLiabilities(db::ReadTransaction& transaction);

// Length of the longest chain of attributed customers, each the referrer of the next, that
// begins with somebody whom nobody referred; 0 without any. Walks the store's rows; a ring
// of people who referred each other has no beginning and is not walked.
absl::StatusOr<int64_t> ReadTreeDepth(db::ReadTransaction& transaction,
                                      const std::string& program_id);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_QUERIES_H_
