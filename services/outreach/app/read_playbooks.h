// Playbooks for readers.
#ifndef KITH_SERVICES_OUTREACH_APP_READ_PLAYBOOKS_H_
#define KITH_SERVICES_OUTREACH_APP_READ_PLAYBOOKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/db.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// A version of a playbook; 0: the newest. Errors: PROGRAM_NOT_FOUND, PLAYBOOK_NOT_FOUND.
absl::StatusOr<PlaybookVersion> GetPlaybook(db::Database& database,
                                            const std::string& program_id,
                                            const std::string& playbook_id, int64_t version,
                                            absl::Time deadline);

struct PlaybookPage {
  std::vector<PlaybookVersion> playbooks;  // in order of id
  std::string next_page_token;             // empty at the end
};
// `page_size` 0: 100. Errors: PROGRAM_NOT_FOUND, INVALID_PAGE_TOKEN.
absl::StatusOr<PlaybookPage> ListPlaybooks(db::Database& database,
                                           const std::string& program_id, int64_t page_size,
                                           const std::string& page_token, absl::Time deadline);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_READ_PLAYBOOKS_H_
