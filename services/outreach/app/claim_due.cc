#include "services/outreach/app/claim_due.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/base/not_found.h"
#include "services/outreach/app/cap_history.h"
#include "services/outreach/app/ready_queue.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/domain/playbook.h"
#include "services/outreach/store/message_tables.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {
namespace {

constexpr int kDefaultMessages = 10;
constexpr absl::Duration kDefaultLease = absl::Seconds(60);
constexpr absl::Duration kLongestLease = absl::Hours(1);

Contact ContactOf(const Message& message, exec::Unit& unit) {
  const Contact* found = unit.Find<ContactTable>({message.program_id, message.contact_id});
  return found == nullptr ? Contact() : *found;
}

}  // namespace

size_t ClaimDue::MaxMessages() const {
  return static_cast<size_t>(request_.max_messages == 0 ? kDefaultMessages
                                                        : request_.max_messages);
}

std::vector<Channel> ClaimDue::Channels() const {
  if (request_.channel != Channel::kAny) return {request_.channel};
  return {std::begin(kChannels), std::end(kChannels)};
}

void ClaimDue::Prefetch(exec::Loader& loader) const {
  loader.Want<ProgramTable>(request_.program_id);
  const auto pages = static_cast<int64_t>(MaxMessages() / ReadyPage::kSize + 1);
  for (Channel channel : Channels()) {
    for (int64_t page = 0; page < pages; ++page) {
      const ReadyPage::Key key{request_.program_id, channel, page};
      loader.WantAll<ReadyPage>(key);
      for (const Message* message : loader.PeekAll<ReadyPage>(key)) {
        PrefetchMessage(*message, loader);
      }
    }
  }
}

void ClaimDue::PrefetchMessage(const Message& message, exec::Loader& loader) const {
  const auto from = ClaimableFrom(message);
  if (!from.has_value() || *from > request_.received_time) return;
  loader.Want<ContactTable>({message.program_id, message.contact_id});
  const PlaybookTable::Key key(message.program_id, message.playbook_id,
                               message.playbook_version);
  loader.Want<PlaybookTable>(key);
  const PlaybookVersion* version = loader.Peek<PlaybookTable>(key);
  if (version == nullptr) return;
  CapHistory::Want(message, version->playbook, request_.received_time, loader);
}

absl::StatusOr<std::string> ClaimDue::Decide(exec::Unit& unit, absl::Time now) const {
  if (request_.lease_duration < absl::ZeroDuration() ||
      request_.lease_duration > kLongestLease) {
    return MakeFieldError(errors::kInvalidField, "lease_duration",
                          "must be between 0 and 1 h");
  }
  if (unit.Find<ProgramTable>(request_.program_id) == nullptr) {
    return ProgramNotFound(request_.program_id);
  }
  ClaimDueResult result;
  CapHistory history(&unit, now);
  ReadyQueue queue(&unit, request_.program_id, Channels(), now);
  for (int judged = 0; judged < kMaxJudged && result.messages.size() < MaxMessages();
       ++judged) {
    const Message* message = queue.Next();
    if (message == nullptr) break;
    Claim(*message, unit, now, history, result);
  }
  std::sort(result.messages.begin(), result.messages.end(),
            [](const LeasedMessage& a, const LeasedMessage& b) {
              return std::tie(a.message.due_time, a.message.message_id) <
                     std::tie(b.message.due_time, b.message.message_id);
            });
  return encode_(result);
}

bool ClaimDue::IsStored(absl::string_view response) const {
  return response != encode_(ClaimDueResult());
}

void ClaimDue::Claim(const Message& message, exec::Unit& unit, absl::Time now,
                     CapHistory& history, ClaimDueResult& result) const {
  const PlaybookVersion* version = unit.Find<PlaybookTable>(
      {message.program_id, message.playbook_id, message.playbook_version});
  if (version == nullptr) return;  // nothing is sent when its rules cannot be read
  const Contact contact = ContactOf(message, unit);
  const Verdict verdict = Evaluate(message, contact, version->playbook,
                                   history.Of(message, version->playbook), now);
  if (!verdict.would_send()) {
    Message settled = Settled(message, verdict, now);
    history.Changed(message, settled);
    unit.Put<MessageTable>(std::move(settled));
    return;
  }
  const absl::Duration duration = request_.lease_duration == absl::ZeroDuration()
                                      ? kDefaultLease
                                      : request_.lease_duration;
  Message leased = Leased(message, {NextLeaseToken(message, request_.request_id), now,
                                    now + duration, request_.worker_id});
  history.Changed(message, leased);
  const Step* step = FindStep(version->playbook, message.step_id);
  result.messages.push_back(
      {leased, step == nullptr ? "" : step->template_name, contact.locale});
  unit.Put<MessageTable>(std::move(leased));
}

}  // namespace kith::outreach
