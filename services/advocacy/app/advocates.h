// Advocates as readers see them.
#ifndef KITH_SERVICES_ADVOCACY_APP_ADVOCATES_H_
#define KITH_SERVICES_ADVOCACY_APP_ADVOCATES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/advocacy/domain/scoring.h"
#include "services/advocacy/domain/segments.h"

namespace kith::advocacy::app {

// An advocate with the tier that the points make by the newest policy, and the segment that
// the successes make by today's cut-off.
struct AdvocateView {
  domain::Advocate advocate;
  std::string tier;       // empty: none
  std::string next_tier;  // empty: at the top
  int64_t points_to_next_tier = 0;
  std::vector<std::string> benefits;
  domain::Segment segment = domain::Segment::kDormant;
};

// Errors: PROGRAM_NOT_FOUND, ADVOCATE_NOT_FOUND.
absl::StatusOr<AdvocateView> GetAdvocate(db::Database& database, const std::string& program_id,
                                         const std::string& advocate_id, absl::Time deadline);

struct ListAdvocatesQuery {
  std::string program_id;
  std::string tier;  // empty: any
  std::optional<domain::Segment> segment;
  int64_t page_size = 0;  // 0: 100
  std::string page_token;
};
struct AdvocatePage {
  std::vector<AdvocateView> advocates;
  std::string next_page_token;  // empty at the end
};
// In order of id. A tier that the newest policy does not have has no advocates. Errors:
// PROGRAM_NOT_FOUND, INVALID_PAGE_TOKEN (of another filter, or not ours).
absl::StatusOr<AdvocatePage> ListAdvocates(db::Database& database,
                                           const ListAdvocatesQuery& query,
                                           absl::Time deadline);

}  // namespace kith::advocacy::app

#endif  // KITH_SERVICES_ADVOCACY_APP_ADVOCATES_H_
