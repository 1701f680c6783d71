#include "services/outreach/domain/explain.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/outreach/domain/local_time.h"
#include "services/outreach/domain/message.h"

namespace kith::outreach {
namespace {

// Closed messages first, then the others as senders get them.
std::vector<size_t> ClaimOrder(absl::Span<const Message> messages) {
  std::vector<size_t> order(messages.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const bool a_open = ClaimableFrom(messages[a]).has_value();
    const bool b_open = ClaimableFrom(messages[b]).has_value();
    if (a_open && b_open) return ClaimsBefore(messages[a], messages[b]);
    return !a_open && b_open;
  });
  return order;
}

std::vector<HandedOut> HandedOutBy(absl::Span<const Message> messages, absl::Time at) {
  std::vector<HandedOut> history;
  for (const Message& message : messages) {
    if (IsHandedOut(message) && message.claim_time <= at) {
      history.push_back(AsHandedOut(message));
    }
  }
  return history;
}

// As a claim would leave the history: each message counts by its latest claim only.
void HandOut(const Message& message, absl::Time at, std::vector<HandedOut>& history) {
  std::erase_if(history,
                [&](const HandedOut& item) { return item.message_id == message.message_id; });
  if (!message.counts_towards_caps) return;
  history.push_back({message.message_id, at, message.kind, message.channel});
}

}  // namespace

std::vector<Verdict> ExplainAll(absl::Span<const Message> messages, const Contact& contact,
                                const PlaybookOf& playbook_of, absl::Time at) {
  std::vector<HandedOut> history = HandedOutBy(messages, at);
  std::vector<Verdict> verdicts(messages.size());
  for (size_t i : ClaimOrder(messages)) {
    const Message& message = messages[i];
    verdicts[i] = Evaluate(message, contact, playbook_of(message), history, at);
    switch (verdicts[i].outcome) {
      case Outcome::kSend:
        HandOut(message, at, history);
        break;
      case Outcome::kMove:
      case Outcome::kSkip:
      case Outcome::kGiveUp:
        // A lease that ended counts no more once its message is settled otherwise.
        std::erase_if(history, [&](const HandedOut& item) {
          return item.message_id == message.message_id;
        });
        break;
      default:
        break;
    }
  }
  return verdicts;
}

std::string DescribeZone(absl::Span<const Message> messages, const Contact& contact,
                         const PlaybookOf& playbook_of) {
  const auto describe = [](const Zone& zone) {
    const absl::string_view source = Name(zone.source);
    return zone.source == ZoneSource::kUtc ? std::string(source)
                                           : absl::StrCat(source, " ", zone.zone.name());
  };
  std::set<std::string> zones;
  for (const Message& message : messages) {
    zones.insert(describe(ZoneFor(contact.time_zone, playbook_of(message).time_zone)));
  }
  if (zones.empty()) zones.insert(describe(ZoneFor(contact.time_zone, "")));
  return absl::StrJoin(zones, ", ");
}

}  // namespace kith::outreach
