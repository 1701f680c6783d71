#include "services/outreach/app/get_summary.h"

#include <algorithm>
#include <tuple>

#include "common/base/status_macros.h"
#include "services/outreach/app/open_program.h"
#include "services/outreach/domain/names.h"
#include "services/outreach/store/queries.h"

namespace kith::outreach {

absl::StatusOr<Summary> GetSummary(db::Database& database, const std::string& program_id,
                                   absl::Time at, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(auto read, OpenProgram(database, program_id, deadline));
  KITH_ASSIGN_OR_RETURN(const std::vector<Tally> tallies, LoadTallies(*read, program_id));
  Summary summary;
  for (const Tally& tally : tallies) {
    if (tally.name == "contacts") summary.contacts = tally.value;
    if (tally.name == "enrollments") summary.enrollments = tally.value;
    if (tally.name == "messages") {
      summary.states.push_back({MessageStateOf(tally.state), tally.reason, tally.value});
    }
  }
  std::sort(summary.states.begin(), summary.states.end(),
            [](const StateCount& a, const StateCount& b) {
              return std::tie(a.state, a.reason) < std::tie(b.state, b.reason);
            });
  KITH_ASSIGN_OR_RETURN(summary.due, CountDue(*read, program_id, at));
  return summary;
}

}  // namespace kith::outreach
