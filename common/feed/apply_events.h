// Applies a page of a followed feed to one shard of this store: the effects of the events
// and the cursor in one transaction, so that each event takes effect exactly once.
#ifndef KITH_COMMON_FEED_APPLY_EVENTS_H_
#define KITH_COMMON_FEED_APPLY_EVENTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/executor/executor.h"
#include "common/feed/handler.h"

namespace kith::feed {

inline constexpr ErrorDef kFeedReplaced{
    absl::StatusCode::kFailedPrecondition, "FEED_REPLACED",
    "the followed service has another store than the one that was followed before"};
inline constexpr ErrorDef kUnreadableFact{absl::StatusCode::kInvalidArgument,
                                          "UNREADABLE_FACT", "the fact cannot be parsed"};

// Events of one shard of a source, all those from one position up to `last_position` that
// belong to the programs of one local shard.
struct ApplyPage {
  std::string source;
  int source_shard = 0;
  std::string feed_id;
  int64_t last_position = 0;
  std::vector<Event> events;
  std::shared_ptr<const void> owner;  // keeps the facts alive
};

// The command. Its response is the number of events put into quarantine, as decimal text.
// Events at or before the cursor are passed over. Error: FEED_REPLACED.
class ApplyEvents final : public exec::Command {
 public:
  // `handler` must outlive the command.
  ApplyEvents(const Handler* handler, ApplyPage page, int shard)
      : handler_(handler), page_(std::move(page)), shard_(shard) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // Whether the event went into quarantine.
  bool ApplyOne(const Event& event, exec::Unit& unit, absl::Time now) const;

  const Handler* const handler_;
  const ApplyPage page_;
  const int shard_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_APPLY_EVENTS_H_
