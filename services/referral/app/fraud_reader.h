// What the read RPCs about honesty and quality answer, each from one snapshot of the store.
#ifndef KITH_SERVICES_REFERRAL_APP_FRAUD_READER_H_
#define KITH_SERVICES_REFERRAL_APP_FRAUD_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/paging.h"
#include "services/referral/domain/fraud_case.h"
#include "services/referral/domain/quality.h"
#include "services/referral/store/fraud_queries.h"

namespace kith::referral::app {

using store::BlocklistFilter;
using store::CaseFilter;

// A case and what the person who decided it noted.
struct CaseView {
  domain::FraudCase fraud_case;
  std::string note;
};

// Thread-safe. An unknown program is PROGRAM_NOT_FOUND. Calls may block until `deadline`.
class FraudReader {
 public:
  explicit FraudReader(db::Database& database) : database_(database) {}

  // CASE_NOT_FOUND when there is none.
  absl::StatusOr<CaseView> GetCase(const std::string& program_id,
                                   const std::string& referral_id, absl::Time deadline) const;
  // The oldest first.
  absl::StatusOr<Page<domain::FraudCase>> ListCases(const CaseFilter& filter,
                                                    const PageRequest& page,
                                                    absl::Time deadline) const;
  // When the oldest open case of all programs was opened; nullopt: there is none.
  absl::StatusOr<std::optional<absl::Time>> OldestOpenCase(absl::Time deadline) const;
  // The newest first. ADVOCATE_NOT_FOUND when the advocate is not enrolled.
  absl::StatusOr<Page<domain::Suspension>> ListSuspensions(const std::string& program_id,
                                                           const std::string& advocate_id,
                                                           const PageRequest& page,
                                                           absl::Time deadline) const;
  // The suspensions that stand, in order of advocate.
  absl::StatusOr<Page<domain::Suspension>> ListSuspended(const std::string& program_id,
                                                         const PageRequest& page,
                                                         absl::Time deadline) const;
  absl::StatusOr<Page<domain::BlockedIdentity>> ListBlocklist(const BlocklistFilter& filter,
                                                              const PageRequest& page,
                                                              absl::Time deadline) const;
  // Of one campaign, or of all (an empty text).
  absl::StatusOr<Page<domain::QualityTest>> GetQuality(const std::string& program_id,
                                                       const std::string& campaign,
                                                       const PageRequest& page,
                                                       absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FRAUD_READER_H_
