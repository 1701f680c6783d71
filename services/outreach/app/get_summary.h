// Counts for a programme report.
#ifndef KITH_SERVICES_OUTREACH_APP_GET_SUMMARY_H_
#define KITH_SERVICES_OUTREACH_APP_GET_SUMMARY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// The messages in one state, of the skipped ones those with one reason: each message is in
// one count only.
struct StateCount {
  MessageState state = MessageState::kScheduled;
  std::string reason;
  int64_t messages = 0;
  friend bool operator==(const StateCount&, const StateCount&) = default;
};
struct Summary {
  int64_t contacts = 0;
  int64_t enrollments = 0;
  std::vector<StateCount> states;  // in order of state and reason; none of zero
  int64_t due = 0;                 // scheduled, and due at the moment asked for
};

// Error: PROGRAM_NOT_FOUND.
absl::StatusOr<Summary> GetSummary(db::Database& database, const std::string& program_id,
                                   absl::Time at, absl::Time deadline);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_GET_SUMMARY_H_
