// The messages of a program that a sender may be given now, first come first, across channels.
#ifndef KITH_SERVICES_OUTREACH_APP_READY_QUEUE_H_
#define KITH_SERVICES_OUTREACH_APP_READY_QUEUE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/executor/unit.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// Walks through the pages of the store. Messages that the batch has closed, leased or put off
// meanwhile are left out. Valid while `unit` is.
class ReadyQueue {
 public:
  // At most this many pages of a channel, so that one claim stays small.
  static constexpr int64_t kMaxPages = 16;

  ReadyQueue(exec::Unit* unit, std::string program_id, const std::vector<Channel>& channels,
             absl::Time now);
  // The next message, or nullptr. Valid until it is put.
  const Message* Next();

 private:
  struct Lane {
    Channel channel = Channel::kAny;
    int64_t next_page = 0;
    bool at_end = false;
    std::vector<const Message*> waiting;  // last first
  };
  void Refill(Lane& lane);
  void LoadPage(Lane& lane);

  exec::Unit* const unit_;
  const std::string program_id_;
  const absl::Time now_;
  std::vector<Lane> lanes_;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_READY_QUEUE_H_
