#include "services/outreach/app/explain_contact.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/page_token.h"
#include "common/base/status_macros.h"
#include "services/outreach/app/open_program.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/domain/explain.h"
#include "services/outreach/domain/message.h"
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

constexpr int64_t kDefaultPageSize = 100;
constexpr absl::Duration kDay = absl::Hours(24);

// Where a page begins, and the moment that all pages are judged by.
struct PageStart {
  absl::Time at;
  MessagePlace after;
};

std::string Listing(const ExplainContactRequest& request) {
  const std::string at =
      request.at.has_value() ? absl::StrCat(absl::ToUnixMicros(*request.at)) : "now";
  return absl::StrCat("explain ", request.program_id, " ", request.contact_id, " ", at);
}

std::string TokenAfter(const Message& last, const ExplainContactRequest& request,
                       absl::Time at) {
  return MakePageToken(Listing(request),
                       absl::StrCat(absl::ToUnixMicros(at), " ",
                                    absl::ToUnixMicros(last.due_time), " ", last.message_id));
}

absl::StatusOr<PageStart> StartOf(const ExplainContactRequest& request, absl::Time now) {
  KITH_ASSIGN_OR_RETURN(const std::string key,
                        ReadPageToken(Listing(request), request.page_token));
  PageStart start{request.at.value_or(now), {}};
  if (key.empty()) return start;
  const std::vector<absl::string_view> parts = absl::StrSplit(key, absl::MaxSplits(' ', 2));
  int64_t at = 0, due = 0;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &at) ||
      !absl::SimpleAtoi(parts[1], &due)) {
    return MakeFieldError(errors::kInvalidPageToken, "page_token",
                          "must come from the page before");
  }
  return PageStart{absl::FromUnixMicros(at),
                   {absl::FromUnixMicros(due), std::string(parts[2])}};
}

// The days of the longest window of the caps of those that are not closed; 0: none has any.
absl::StatusOr<int> LongestWindow(db::ReadTransaction& read,
                                  const std::vector<Message>& messages) {
  KITH_ASSIGN_OR_RETURN(auto loaded, LoadPlaybooksOf(read, messages));
  const Versions versions(std::move(loaded));
  int days = 0;
  for (const Message& message : messages) {
    if (!ClaimableFrom(message).has_value()) continue;
    days = std::max(days, HistoryDays(message, versions(message)));
  }
  return days;
}

// When the last of those that are not closed may be claimed.
absl::Time LastClaim(const std::vector<Message>& messages) {
  absl::Time last = absl::InfinitePast();
  for (const Message& message : messages) {
    last = std::max(last, ClaimableFrom(message).value_or(last));
  }
  return last;
}

// Adds those that are not there yet.
void AddNew(std::vector<Message> others, std::vector<Message>& messages) {
  std::set<std::string> known;
  for (const Message& message : messages) known.insert(message.message_id);
  for (Message& other : others) {
    if (known.insert(other.message_id).second) messages.push_back(std::move(other));
  }
}

// The messages of the page, and after them those that it takes to judge them: what is claimed
// before them, and what the caps of all of these count.
absl::StatusOr<std::vector<Message>> WithOthers(db::ReadTransaction& read,
                                                const ExplainContactRequest& request,
                                                absl::Time at, std::vector<Message> messages) {
  KITH_ASSIGN_OR_RETURN(int days, LongestWindow(read, messages));
  if (days == 0) return messages;
  KITH_ASSIGN_OR_RETURN(auto claimable,
                        LoadClaimable(read, request.program_id, request.contact_id,
                                      std::min(at, LastClaim(messages)), kMostConsidered));
  AddNew(std::move(claimable), messages);
  KITH_ASSIGN_OR_RETURN(days, LongestWindow(read, messages));
  // The days of a zone may be longer than 24 h.
  KITH_ASSIGN_OR_RETURN(auto handed_out,
                        LoadHandedOut(read, request.program_id, request.contact_id,
                                      {at - (days + 2) * kDay, at}, kMostConsidered));
  AddNew(std::move(handed_out), messages);
  return messages;
}

// Judges the first `count` of `messages`.
absl::Status Judge(db::ReadTransaction& read, std::vector<Message> messages, size_t count,
                   absl::Time at, ContactExplanation& explanation) {
  KITH_ASSIGN_OR_RETURN(auto loaded, LoadPlaybooksOf(read, messages));
  const Versions versions(std::move(loaded));
  const PlaybookOf playbook_of = [&versions](const Message& message) -> const Playbook& {
    return versions(message);
  };
  std::vector<Verdict> verdicts = ExplainAll(messages, explanation.contact, playbook_of, at);
  messages.resize(count);
  explanation.zone_source = DescribeZone(messages, explanation.contact, playbook_of);
  for (size_t i = 0; i < count; ++i) {
    explanation.messages.push_back({std::move(messages[i]), std::move(verdicts[i])});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ContactExplanation> ExplainContact(db::Database& database,
                                                  const ExplainContactRequest& request,
                                                  absl::Time now, absl::Time deadline) {
  KITH_ASSIGN_OR_RETURN(const PageStart start, StartOf(request, now));
  KITH_ASSIGN_OR_RETURN(auto read, OpenProgram(database, request.program_id, deadline));
  KITH_ASSIGN_OR_RETURN(auto contact,
                        LoadContact(*read, request.program_id, request.contact_id));
  if (!contact.has_value()) {
    return MakeFieldError(errors::kContactNotFound, "contact_id",
                          "must be a contact of the program");
  }
  const int64_t size = request.page_size == 0 ? kDefaultPageSize : request.page_size;
  KITH_ASSIGN_OR_RETURN(auto page, LoadMessages(*read, request.program_id, request.contact_id,
                                                start.after, size + 1));
  ContactExplanation explanation;
  explanation.contact = *std::move(contact);
  if (static_cast<int64_t>(page.size()) > size) {
    page.pop_back();
    explanation.next_page_token = TokenAfter(page.back(), request, start.at);
  }
  const size_t count = page.size();
  KITH_ASSIGN_OR_RETURN(auto messages, WithOthers(*read, request, start.at, std::move(page)));
  KITH_RETURN_IF_ERROR(Judge(*read, std::move(messages), count, start.at, explanation));
  return explanation;
}

}  // namespace kith::outreach
