#include "services/outreach/app/read_playbooks.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/page_token.h"
#include "common/base/status_macros.h"
#include "services/outreach/app/open_program.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/store/queries.h"

namespace kith::outreach {

absl::StatusOr<PlaybookVersion> GetPlaybook(db::Database& database,
                                            const std::string& program_id,
                                            const std::string& playbook_id, int64_t version,
                                            absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(auto read, OpenProgram(database, program_id, deadline));
  KITH_ASSIGN_OR_RETURN(auto playbook, LoadPlaybook(*read, program_id, playbook_id, version));
  if (!playbook.has_value()) {
    return MakeFieldError(errors::kPlaybookNotFound, "playbook_id",
                          "must be a playbook that was applied");
  }
  return *std::move(playbook);
}

absl::StatusOr<PlaybookPage> ListPlaybooks(db::Database& database,
                                           const std::string& program_id, int64_t page_size,
                                           const std::string& page_token,
                                           absl::Time deadline) {
  const std::string listing = absl::StrCat("playbooks ", program_id);
  KITH_ASSIGN_OR_RETURN(const std::string after, ReadPageToken(listing, page_token));
  KITH_ASSIGN_OR_RETURN(auto read, OpenProgram(database, program_id, deadline));
  const int64_t size = page_size == 0 ? 100 : page_size;
  PlaybookPage page;
  KITH_ASSIGN_OR_RETURN(page.playbooks, LoadPlaybooks(*read, program_id, after, size + 1));
  if (static_cast<int64_t>(page.playbooks.size()) > size) {
    page.playbooks.pop_back();
    page.next_page_token = MakePageToken(listing, page.playbooks.back().playbook.playbook_id);
  }
  return page;
}

}  // namespace kith::outreach
