#include "services/outreach/app/ready_queue.h"

#include <algorithm>
#include <utility>

#include "services/outreach/domain/message.h"
#include "services/outreach/store/message_tables.h"

namespace kith::outreach {

ReadyQueue::ReadyQueue(exec::Unit* unit, std::string program_id,
                       const std::vector<Channel>& channels, absl::Time now)
    : unit_(unit), program_id_(std::move(program_id)), now_(now) {
  for (Channel channel : channels) {
    lanes_.emplace_back();
    lanes_.back().channel = channel;
  }
}

const Message* ReadyQueue::Next() {
  Lane* first = nullptr;
  for (Lane& lane : lanes_) {
    Refill(lane);
    if (lane.waiting.empty()) continue;
    if (first == nullptr || ClaimsBefore(*lane.waiting.back(), *first->waiting.back())) {
      first = &lane;
    }
  }
  if (first == nullptr) return nullptr;
  const Message* message = first->waiting.back();
  first->waiting.pop_back();
  return message;
}

void ReadyQueue::Refill(Lane& lane) {
  while (lane.waiting.empty() && !lane.at_end) LoadPage(lane);
}

void ReadyQueue::LoadPage(Lane& lane) {
  const auto page = unit_->Select<ReadyPage>({program_id_, lane.channel, lane.next_page++});
  lane.at_end = page.size() < ReadyPage::kSize || lane.next_page >= kMaxPages;
  for (const Message* message : page) {
    // The pages are in the order of time that the store has: behind what was not ready there
    // nothing was. What this batch has leased or put off stands in its old place.
    if (message->stored_ready_time > now_) lane.at_end = true;
    const auto from = ClaimableFrom(*message);
    if (from.has_value() && *from <= now_) lane.waiting.push_back(message);
  }
  std::sort(lane.waiting.begin(), lane.waiting.end(),
            [](const Message* a, const Message* b) { return ClaimsBefore(*b, *a); });
}

}  // namespace kith::outreach
