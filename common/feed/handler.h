// What a service does with the facts of the feeds that it follows.
#ifndef KITH_COMMON_FEED_HANDLER_H_
#define KITH_COMMON_FEED_HANDLER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/unit.h"

namespace kith::events::v1 {
class Fact;
}

namespace kith::feed {

// One event of a followed feed.
struct Event {
  std::string source;  // the service that published it: "referral", …
  int source_shard = 0;
  int64_t position = 0;
  std::string program_id;
  absl::Time recorded_time;
  const kith::events::v1::Fact* fact = nullptr;  // never null when handed to a Handler
  const std::string* unreadable_fact = nullptr;  // what stands in its place, if it is null
};

// Applies events, each exactly once: the executor stores the cursor in the transaction that
// holds the effects. Thread-safe; both methods run on a writer thread and must not block.
class Handler {
 public:
  virtual ~Handler() = default;
  // Like exec::Command::Prefetch.
  virtual void Prefetch(const Event& event, exec::Loader& loader) const = 0;
  // Changes the unit. Facts that the service has no use for are OK. An error undoes what was
  // done for this event and puts it into quarantine with the error's reason; the events
  // after it go on. Order is kept within a program, whatever happened before it.
  virtual absl::Status Apply(const Event& event, exec::Unit& unit, absl::Time now) const = 0;
};

// Publishes a fact in the unit's transaction.
void Emit(exec::Unit& unit, absl::string_view program_id, const kith::events::v1::Fact& fact);

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_HANDLER_H_
