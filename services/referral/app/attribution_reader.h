// What the reads about codes and attribution answer, each from one snapshot of the store.
#ifndef KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_READER_H_
#define KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/paging.h"
#include "services/referral/domain/advocate.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/credit.h"
#include "services/referral/domain/override.h"

namespace kith::referral::app {

// A code, and why it does not count now; empty if it does.
struct ResolvedCode {
  domain::Code code;
  std::string refusal;
};

// A piece of evidence as it was judged.
struct ExplainedCandidate {
  domain::Candidate candidate;
  absl::Time time;                       // of evidence without one, the signup's
  std::optional<absl::Duration> window;  // absent: it has none
  bool won = false;
};

struct Explanation {
  domain::Customer customer;
  std::vector<ExplainedCandidate> candidates;  // strongest first
  std::optional<domain::AttributionOverride> decision;
};

struct CreditRequest {
  std::string program_id;
  std::string customer_id;
  domain::CreditModel model = domain::CreditModel::kLinear;
  int64_t amount_minor = 0;
};

// Thread-safe. An unknown program is PROGRAM_NOT_FOUND. Calls may block until `deadline`.
class AttributionReader {
 public:
  explicit AttributionReader(db::Database& database) : database_(database) {}

  // `code` as typed, or a link. CODE_NOT_FOUND.
  absl::StatusOr<ResolvedCode> ResolveCode(const std::string& program_id,
                                           const std::string& code, absl::Time now,
                                           absl::Time deadline) const;
  // ADVOCATE_NOT_FOUND.
  absl::StatusOr<Page<domain::Code>> ListCodes(const std::string& program_id,
                                               const std::string& advocate_id,
                                               const PageRequest& page, absl::Time now,
                                               absl::Time deadline) const;
  // The evidence that there is now, with the reasons of the judgement where it names any.
  // CUSTOMER_NOT_FOUND.
  absl::StatusOr<Explanation> Explain(const std::string& program_id,
                                      const std::string& customer_id,
                                      absl::Time deadline) const;
  // `customer_id` empty: about all customers.
  absl::StatusOr<Page<domain::AttributionOverride>> ListOverrides(
      const std::string& program_id, const std::string& customer_id, const PageRequest& page,
      absl::Time deadline) const;
  // CUSTOMER_NOT_FOUND.
  absl::StatusOr<std::vector<domain::CreditShare>> GetCredit(const CreditRequest& request,
                                                             absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_ATTRIBUTION_READER_H_
