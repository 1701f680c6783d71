// Reads of fulfilments and stock.
#ifndef KITH_SERVICES_REFERRAL_APP_FULFILMENT_READER_H_
#define KITH_SERVICES_REFERRAL_APP_FULFILMENT_READER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/referral/app/paging.h"
#include "services/referral/app/report_fulfilments.h"
#include "services/referral/domain/fulfilment.h"

namespace kith::referral::app {

// Thread-safe. Errors: PROGRAM_NOT_FOUND, INVALID_PAGE_TOKEN, and those of the store.
class FulfilmentReader {
 public:
  // `database` must outlive it.
  explicit FulfilmentReader(db::Database& database) : database_(database) {}

  // Fulfilments in one state, in order of reward; of kOutOfStock: rewards that could be
  // claimed at `now` if there were pieces, lane by lane, those that wait longest first.
  absl::StatusOr<Page<FulfilmentView>> ListFulfilments(const std::string& program_id,
                                                       domain::FulfilmentState state,
                                                       const PageRequest& page, absl::Time now,
                                                       absl::Time deadline) const;
  absl::StatusOr<Page<domain::Stock>> ListStock(const std::string& program_id,
                                                const PageRequest& page,
                                                absl::Time deadline) const;

 private:
  db::Database& database_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_FULFILMENT_READER_H_
