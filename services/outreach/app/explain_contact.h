// What is due when for a contact, and why or why not.
#ifndef KITH_SERVICES_OUTREACH_APP_EXPLAIN_CONTACT_H_
#define KITH_SERVICES_OUTREACH_APP_EXPLAIN_CONTACT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

struct MessageTrace {
  Message message;
  Verdict verdict;
};
struct ContactExplanation {
  Contact contact;
  std::vector<MessageTrace> messages;  // by due time; the first 2000
  std::string zone_source;
};

// Judges by the moment `at`: what a sender that claimed then would get if nothing happened
// before. Errors: PROGRAM_NOT_FOUND, CONTACT_NOT_FOUND.
absl::StatusOr<ContactExplanation> ExplainContact(db::Database& database,
                                                  const std::string& program_id,
                                                  const std::string& contact_id, absl::Time at,
                                                  absl::Time deadline);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_EXPLAIN_CONTACT_H_
