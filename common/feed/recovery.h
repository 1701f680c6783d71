// What operators do when a feed cannot be followed any further: start anew after the source
// was set back or replaced, and try again what went into quarantine.
#ifndef KITH_COMMON_FEED_RECOVERY_H_
#define KITH_COMMON_FEED_RECOVERY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/executor/executor.h"
#include "common/feed/feed_store.h"
#include "common/feed/handler.h"

namespace kith::feed {

inline constexpr ErrorDef kSourceNotFollowed{absl::StatusCode::kNotFound,
                                             "SOURCE_NOT_FOLLOWED",
                                             "this service does not follow that source"};
inline constexpr ErrorDef kPositionAfterEnd{absl::StatusCode::kFailedPrecondition,
                                            "POSITION_AFTER_END",
                                            "the position is after the end of the feed"};
inline constexpr ErrorDef kPositionNotAsked{absl::StatusCode::kInvalidArgument,
                                            "POSITION_NOT_ASKED",
                                            "a position goes with RESTART_FROM_POSITION only"};
inline constexpr ErrorDef kQuarantinedEventNotFound{absl::StatusCode::kNotFound,
                                                    "QUARANTINED_EVENT_NOT_FOUND",
                                                    "there is no such event in quarantine"};

// Where one shard of a source is followed from.
struct StartingPoint {
  int64_t source_shard = 0;
  int64_t position = 0;
  // Whether a local shard that has got further in the same feed is set back to it; otherwise
  // it stays where it is.
  bool back = true;
};

// What starting anew did to one shard of a source, seen from one local shard.
struct Restarted {
  int64_t source_shard = 0;
  int64_t old_position = 0;
  int64_t position = 0;
  int64_t dropped_quarantined = 0;
};

// Sets the cursors of one local shard to `points` in the feed `feed_id`, whatever feed they
// were in, and drops the quarantined events after them that belong to its programs; all of
// them when they were in another feed, whose positions mean nothing in this one. Pages that
// were read before are passed over or refused afterwards (see ApplyEvents).
class RestartFollowing final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const std::vector<Restarted>&)>;

  RestartFollowing(std::string source, std::string feed_id, std::vector<StartingPoint> points,
                   int shard, Encoder encode)
      : source_(std::move(source)),
        feed_id_(std::move(feed_id)),
        points_(std::move(points)),
        shard_(shard),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  // Whether the cursor, null for none, is in another feed.
  bool IsElsewhere(const Cursor* stored) const;
  // Where the local shard stands afterwards.
  int64_t PositionAt(const StartingPoint& point, const Cursor* stored) const;
  // After which position quarantined events are dropped.
  int64_t DropAfter(const StartingPoint& point, const Cursor* stored) const;
  Restarted Restart(const StartingPoint& point, exec::Unit& unit) const;

  const std::string source_;
  const std::string feed_id_;
  const std::vector<StartingPoint> points_;
  const int shard_;
  const Encoder encode_;
};

// What became of a quarantined event.
struct Retried {
  bool applied = false;
  std::string reason;   // when not applied
  std::string message;  // when not applied
};

// Applies a quarantined event: it leaves the quarantine in the transaction that holds its
// effects. One that still cannot be applied changes nothing and stays with the new reason.
// Errors: QUARANTINED_EVENT_NOT_FOUND when it has gone, is another one by now, or is after the
// place from which the source is followed anew, and so comes again.
class RetryEvent final : public exec::Command {
 public:
  using Encoder = std::function<std::string(const Retried&)>;

  // `event` as it was read; `handler` must outlive the command. With `refusal`, which is not
  // OK, that is the new reason: the store refuses what the event leads to.
  RetryEvent(const Handler* handler, Quarantined event, Encoder encode,
             absl::Status refusal = absl::OkStatus());
  ~RetryEvent() override;
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  absl::Status Apply(exec::Unit& unit, absl::Time now) const;

  const Handler* const handler_;
  const Quarantined quarantined_;
  const std::unique_ptr<kith::events::v1::Fact> fact_;  // null: it cannot be parsed
  const Event event_;
  const Encoder encode_;
  const absl::Status refusal_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_RECOVERY_H_
