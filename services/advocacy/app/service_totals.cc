#include "services/advocacy/app/service_totals.h"

#include "common/base/status_macros.h"
#include "services/advocacy/store/queries.h"

namespace kith::advocacy::app {

absl::StatusOr<ServiceTotals> GetServiceTotals(db::Database& database, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const auto transaction, database.BeginRead(deadline));
  KITH_ASSIGN_OR_RETURN(const store::ServiceTotals totals,
                        store::ReadServiceTotals(*transaction));
  return ServiceTotals{totals.programs, totals.advocates, totals.successes, totals.activities,
                       totals.points};
}

}  // namespace kith::advocacy::app
