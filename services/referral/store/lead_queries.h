// What the reads about leads ask of the store. Lists hold at most `limit` rows.
#ifndef KITH_SERVICES_REFERRAL_STORE_LEAD_QUERIES_H_
#define KITH_SERVICES_REFERRAL_STORE_LEAD_QUERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/domain/model.h"

namespace kith::referral::store {

struct LeadFilter {
  std::string program_id;
  std::string advocate_id;                      // empty: of anybody
  std::string campaign;                         // empty: of any or none
  std::optional<domain::LeadState> lead_state;  // absent: in any
  std::optional<domain::Fit> fit;               // absent: any
};
// In order of id, behind `after`. The first part of the filter that is there, in the order
// above, finds the rows by its index; the others are tested.
absl::StatusOr<std::vector<domain::Referral>> ReadLeads(db::ReadTransaction& transaction,
                                                        const LeadFilter& filter,
                                                        const std::string& after,
                                                        int64_t limit);

// A place in the order of due time and id.
struct DuePlace {
  absl::Time due_time = absl::UnixEpoch();
  std::string referral_id;
};
// Leads that still wait for a first contact that was due by `now`, in order of due time and
// id, behind `after`. Nobody waits who was rejected as a fraud or has opted out since.
absl::StatusOr<std::vector<domain::Referral>> ReadOverdue(db::ReadTransaction& transaction,
                                                          const std::string& program_id,
                                                          absl::Time now,
                                                          const DuePlace& after,
                                                          int64_t limit);
// Leads whose breach was noticed, whatever became of them, in the same order.
absl::StatusOr<std::vector<domain::Referral>> ReadBreached(db::ReadTransaction& transaction,
                                                           const std::string& program_id,
                                                           const DuePlace& after,
                                                           int64_t limit);

// How many leads are in each state; those with none may be missing.
using StateCounts = std::vector<std::pair<domain::LeadState, int64_t>>;
struct LeadCounts {
  StateCounts leads;
  int64_t breached = 0;
  int64_t contacted = 0;
  absl::Duration contact_wait;  // from submission to first contact, of all together
};
absl::StatusOr<LeadCounts> ReadLeadCounts(db::ReadTransaction& transaction,
                                          const std::string& program_id);

// The leads of a campaign.
struct CampaignLeads {
  std::string campaign;
  StateCounts leads;
};
// In order of the campaign's name, behind `after`.
absl::StatusOr<std::vector<CampaignLeads>> ReadCampaignLeads(db::ReadTransaction& transaction,
                                                             const std::string& program_id,
                                                             const std::string& after,
                                                             int64_t limit);

}  // namespace kith::referral::store

#endif  // KITH_SERVICES_REFERRAL_STORE_LEAD_QUERIES_H_
