// Reads outside the working set. Errors are those of the store.
#ifndef KITH_SERVICES_OUTREACH_STORE_QUERIES_H_
#define KITH_SERVICES_OUTREACH_STORE_QUERIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/db/db.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

absl::StatusOr<bool> HasProgram(db::ReadTransaction& read, const std::string& program_id);

// A version of a playbook; 0: the newest.
absl::StatusOr<std::optional<PlaybookVersion>> LoadPlaybook(db::ReadTransaction& read,
                                                            const std::string& program_id,
                                                            const std::string& playbook_id,
                                                            int64_t version);
// The newest versions of the playbooks after `after_id` in order of id.
absl::StatusOr<std::vector<PlaybookVersion>> LoadPlaybooks(db::ReadTransaction& read,
                                                           const std::string& program_id,
                                                           const std::string& after_id,
                                                           int64_t limit);
// The versions that messages were started with.
absl::StatusOr<std::vector<PlaybookVersion>> LoadPlaybooksOf(
    db::ReadTransaction& read, absl::Span<const Message> messages);

absl::StatusOr<std::optional<Contact>> LoadContact(db::ReadTransaction& read,
                                                   const std::string& program_id,
                                                   const std::string& contact_id);
// A place in the order of a contact's messages: by due time, then by id.
struct MessagePlace {
  absl::Time due_time = absl::InfinitePast();
  std::string message_id;
};
// The messages of a contact after a place.
absl::StatusOr<std::vector<Message>> LoadMessages(db::ReadTransaction& read,
                                                  const std::string& program_id,
                                                  const std::string& contact_id,
                                                  const MessagePlace& after, int64_t limit);
// The messages that a sender may be given until `until`, the first `limit` in the order in
// which they are claimed.
absl::StatusOr<std::vector<Message>> LoadClaimable(db::ReadTransaction& read,
                                                   const std::string& program_id,
                                                   const std::string& contact_id,
                                                   absl::Time until, int64_t limit);
// A stretch of time, both ends included.
struct Stretch {
  absl::Time from;
  absl::Time to;
};
// What caps count of the messages handed out in `stretch`, the newest `limit`.
absl::StatusOr<std::vector<Message>> LoadHandedOut(db::ReadTransaction& read,
                                                   const std::string& program_id,
                                                   const std::string& contact_id,
                                                   const Stretch& stretch, int64_t limit);

// A maintained count that is not zero; see TallyCounter.
struct Tally {
  std::string name;
  std::string state;
  std::string reason;
  int64_t value = 0;
  friend bool operator==(const Tally&, const Tally&) = default;
};
absl::StatusOr<std::vector<Tally>> LoadTallies(db::ReadTransaction& read,
                                               const std::string& program_id);
// The sums over all programs.
absl::StatusOr<std::vector<Tally>> LoadTalliesOfAll(db::ReadTransaction& read);
// The same counts from the rows themselves: slow, and equal unless there is a bug.
absl::StatusOr<std::vector<Tally>> RecountTallies(db::ReadTransaction& read,
                                                  const std::string& program_id);
// Scheduled messages whose due time is not after `at`.
absl::StatusOr<int64_t> CountDue(db::ReadTransaction& read, const std::string& program_id,
                                 absl::Time at);

// From when the message that is claimable first, of any program, is; it may be ahead. nullopt
// when all are closed.
absl::StatusOr<std::optional<absl::Time>> LoadClaimableSince(db::ReadTransaction& read);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_STORE_QUERIES_H_
