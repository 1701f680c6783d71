#include "services/outreach/app/service_totals.h"

#include <vector>

#include "common/base/status_macros.h"
#include "services/outreach/store/queries.h"

namespace kith::outreach {

absl::StatusOr<ServiceTotals> GetServiceTotals(db::Database& database, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(auto read, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const std::vector<Tally> tallies, LoadTalliesOfAll(*read));
  ServiceTotals totals;
  for (const Tally& tally : tallies) {
    if (tally.name == "contacts") totals.contacts = tally.value;
    if (tally.name == "enrollments") totals.enrollments = tally.value;
    if (tally.name == "messages") totals.messages[tally.state] += tally.value;
  }
  KITH_ASSIGN_OR_RETURN(totals.claimable_since, LoadClaimableSince(*read));
  return totals;
}

}  // namespace kith::outreach
