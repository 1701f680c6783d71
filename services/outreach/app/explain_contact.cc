#include "services/outreach/app/explain_contact.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "common/base/status_macros.h"
#include "services/outreach/app/open_program.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/domain/explain.h"
#include "services/outreach/store/queries.h"

namespace kith::outreach {
namespace {

// The playbooks of messages, by id and version.
class Versions {
 public:
  explicit Versions(std::vector<PlaybookVersion> versions) {
    for (PlaybookVersion& version : versions) {
      const std::string id = version.playbook.playbook_id;
      by_version_[{id, version.version}] = std::move(version.playbook);
    }
  }
  const Playbook& operator()(const Message& message) const {
    const auto it = by_version_.find({message.playbook_id, message.playbook_version});
    return it == by_version_.end() ? none_ : it->second;
  }

 private:
  std::map<std::pair<std::string, int64_t>, Playbook> by_version_;
  const Playbook none_;
};

}  // namespace

absl::StatusOr<ContactExplanation> ExplainContact(db::Database& database,
                                                  const std::string& program_id,
                                                  const std::string& contact_id, absl::Time at,
                                                  absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(auto read, OpenProgram(database, program_id, deadline));
  KITH_ASSIGN_OR_RETURN(auto contact, LoadContact(*read, program_id, contact_id));
  if (!contact.has_value()) return MakeError(errors::kContactNotFound);
  KITH_ASSIGN_OR_RETURN(auto messages, LoadMessages(*read, program_id, contact_id));
  KITH_ASSIGN_OR_RETURN(auto loaded, LoadPlaybooksOf(*read, messages));
  const Versions versions(std::move(loaded));
  const PlaybookOf playbook_of = [&versions](const Message& message) -> const Playbook& {
    return versions(message);
  };
  ContactExplanation explanation;
  explanation.zone_source = DescribeZone(messages, *contact, playbook_of);
  std::vector<Verdict> verdicts = ExplainAll(messages, *contact, playbook_of, at);
  for (size_t i = 0; i < messages.size(); ++i) {
    explanation.messages.push_back({std::move(messages[i]), std::move(verdicts[i])});
  }
  explanation.contact = *std::move(contact);
  return explanation;
}

}  // namespace kith::outreach
