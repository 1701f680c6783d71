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
inline constexpr ErrorDef kFeedRewound{
    absl::StatusCode::kFailedPrecondition, "FEED_REWOUND",
    "the followed feed ends before what was already applied: its store was set back"};
inline constexpr ErrorDef kCursorBehind{
    absl::StatusCode::kAborted, "CURSOR_BEHIND",
    "the page begins after the stored cursor; read again from the cursor"};
inline constexpr ErrorDef kStoreRefused{absl::StatusCode::kFailedPrecondition, "STORE_REFUSED",
                                        "the store refuses what the event leads to"};
inline constexpr ErrorDef kSourceUnreachable{absl::StatusCode::kUnavailable,
                                             "SOURCE_UNREACHABLE",
                                             "the followed service cannot be read"};
inline constexpr ErrorDef kUnknownFact{absl::StatusCode::kUnimplemented, "UNKNOWN_FACT",
                                       "this version does not know the fact"};
inline constexpr ErrorDef kUnreadableFact{absl::StatusCode::kInvalidArgument,
                                          "UNREADABLE_FACT", "the fact cannot be parsed"};

// Whether `fact`, null for one that cannot be parsed, can be handed to a Handler.
absl::Status CheckFact(const kith::events::v1::Fact* fact);
// The reason under which an event that failed with `status` is in quarantine.
std::string QuarantineReason(const absl::Status& status);

// Events of one shard of a source, all those from one position up to `last_position` that
// belong to the programs of one local shard.
struct ApplyPage {
  std::string source;
  int source_shard = 0;
  std::string feed_id;
  int64_t after_position = 0;  // the page holds everything after it …
  int64_t last_position = 0;   // … up to and with this
  std::vector<Event> events;
  std::shared_ptr<const void> owner;  // keeps the facts alive
};

// The command. Its response is the number of events put into quarantine, as decimal text.
// Events at or before the cursor are passed over; those whose fact cannot be read or is not
// known (UNREADABLE_FACT, UNKNOWN_FACT) go into quarantine. Errors: FEED_REPLACED;
// CURSOR_BEHIND when the store's cursor is before the page (it was set back), so that nothing
// is jumped over.
class ApplyEvents final : public exec::Command {
 public:
  // `handler` must outlive the command.
  // With `refusal`, which is not OK, the events are put into quarantine for it instead of
  // being applied: the store refuses what they lead to.
  ApplyEvents(const Handler* handler, ApplyPage page, int shard,
              absl::Status refusal = absl::OkStatus())
      : handler_(handler),
        page_(std::move(page)),
        shard_(shard),
        refusal_(std::move(refusal)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::Status TryOne(const Event& event, exec::Unit& unit, absl::Time now) const;
  // Whether the event went into quarantine.
  bool ApplyOne(const Event& event, exec::Unit& unit, absl::Time now) const;

  const Handler* const handler_;
  const ApplyPage page_;
  const int shard_;
  const absl::Status refusal_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_APPLY_EVENTS_H_
