// What is due when for a contact, and why or why not.
#ifndef KITH_SERVICES_OUTREACH_APP_EXPLAIN_CONTACT_H_
#define KITH_SERVICES_OUTREACH_APP_EXPLAIN_CONTACT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// More than any cap allows (1000), so that only a claim of thousands at once may be told
// otherwise.
inline constexpr int64_t kMostConsidered = 2000;

struct ExplainContactRequest {
  std::string program_id;
  std::string contact_id;
  std::optional<absl::Time> at = std::nullopt;  // the moment to judge by; absent: now
  int64_t page_size = 0;                        // 0: 100
  std::string page_token = {};                  // of the page before; keeps its moment
};

struct MessageTrace {
  Message message;
  Verdict verdict;
};
struct ContactExplanation {
  Contact contact;
  std::vector<MessageTrace> messages;  // a page, by due time
  std::string zone_source;             // over the page
  std::string next_page_token;         // empty at the end
};

// Judges by one moment: what a sender that claimed then would get if nothing happened before.
// Messages of other pages count as they do for a claim: for caps the first kMostConsidered
// that may be claimed, and the newest kMostConsidered that were handed out in the windows of
// the caps; a contact has hardly ever more. Errors: PROGRAM_NOT_FOUND, CONTACT_NOT_FOUND,
// INVALID_PAGE_TOKEN.
absl::StatusOr<ContactExplanation> ExplainContact(db::Database& database,
                                                  const ExplainContactRequest& request,
                                                  absl::Time now, absl::Time deadline);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_EXPLAIN_CONTACT_H_
