// What the reads about leads answer, each from one snapshot of the store.
#ifndef KITH_SERVICES_REFERRAL_APP_LEAD_READER_H_
#define KITH_SERVICES_REFERRAL_APP_LEAD_READER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/paging.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/model.h"
#include "services/referral/store/lead_queries.h"

namespace kith::referral::app {

using store::CampaignLeads;
using store::LeadFilter;
using store::StateCounts;

struct LeadFunnel {
  StateCounts leads;              // of the whole program
  Page<CampaignLeads> campaigns;  // of those that name one
  int64_t breached = 0;           // whose first contact came, or still is, too late
  int64_t contacted = 0;          // who had a first contact
  absl::Duration contact_wait;    // how long those waited for it on average
};

// The fit rules that judged a lead at its submission, tried on it once more: on the lead as it
// was, and on the advocate as of today.
struct FitExplanation {
  domain::Fit fit = domain::Fit::kUnknown;  // what stands
  std::string fit_by;
  int64_t program_version = 0;
  domain::Condition rules;
  domain::Evaluation evaluation;  // the tests of `rules`, in their order
};

// Thread-safe. An unknown program is PROGRAM_NOT_FOUND. Calls may block until `deadline`.
class LeadReader {
 public:
  explicit LeadReader(db::Database& database) : database_(database) {}

  absl::StatusOr<Page<domain::Referral>> ListLeads(const LeadFilter& filter,
                                                   const PageRequest& page,
                                                   absl::Time deadline) const;
  // Leads that wait for their first contact since before `now`, the longest overdue first;
  // with `closed_too`, all whose breach was noticed.
  absl::StatusOr<Page<domain::Referral>> ListOverdue(const std::string& program_id,
                                                     bool closed_too, absl::Time now,
                                                     const PageRequest& page,
                                                     absl::Time deadline) const;
  // Empty when the lead came without one. REFERRAL_NOT_FOUND, NOTE_UNREADABLE.
  absl::StatusOr<std::string> GetNote(const std::string& program_id,
                                      const std::string& referral_id,
                                      absl::Time deadline) const;
  absl::StatusOr<LeadFunnel> GetFunnel(const std::string& program_id, const PageRequest& page,
                                       absl::Time deadline) const;
  // REFERRAL_NOT_FOUND, NOT_A_LEAD.
  absl::StatusOr<FitExplanation> ExplainFit(const std::string& program_id,
                                            const std::string& referral_id,
                                            absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_LEAD_READER_H_
