// How a consumer hands a page to the executor.
#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/feed/apply_events.h"
#include "common/feed/consumer.h"
#include "common/log/log.h"
#include "kith/feed/v1/feed.pb.h"

namespace kith::feed {
namespace {

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace

absl::Status Consumer::ApplyPage(const Shard& shard, int64_t position, const Page& page) {
  const int shards = executor_.shards();
  struct ApplyPage whole {
    source_, shard.number,
        page->feed_id(), position, page->events(page->events_size() - 1).position(), {}, page
  };
  std::vector<struct ApplyPage> parts(shards, whole);
  for (const v1::Event& event : page->events()) {
    const bool readable = event.unreadable_fact().empty();
    parts[ShardOf(event.program_id(), shards)].events.push_back(
        {source_, shard.number, event.position(), event.program_id(),
         FromProto(event.recorded_time()), readable ? &event.fact() : nullptr,
         readable ? nullptr : &event.unreadable_fact()});
  }
  int64_t quarantined = 0;
  for (int local = 0; local < shards; ++local) {
    absl::StatusOr<int64_t> part = ApplyPart(parts[local], local);
    if (!part.ok() && GetErrorReason(part.status()).empty()) {
      part = ApplyOneByOne(parts[local], local);
    }
    KITH_RETURN_IF_ERROR(part.status());
    quarantined += *part;
  }
  const metrics::Labels labels = {{"source", source_}};
  metrics_
      .GetCounter("kith_feed_applied_events_total", "Events of followed feeds applied.",
                  labels)
      .Increment(static_cast<double>(page->events_size() - quarantined));
  metrics_
      .GetCounter("kith_feed_quarantined_events_total",
                  "Events of followed feeds that could not be applied.", labels)
      .Increment(static_cast<double>(quarantined));
  if (quarantined > 0) {
    log::Error("events_quarantined", {{"source", source_}, {"events", quarantined}});
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Consumer::ApplyPart(struct ApplyPage part, int local) {
  exec::Submission submission;
  submission.method = "ApplyEvents";
  submission.shard = local;
  submission.weight = std::max<int64_t>(1, static_cast<int64_t>(part.events.size()));
  submission.command = std::make_unique<ApplyEvents>(&handler_, std::move(part), local);
  KITH_ASSIGN_OR_RETURN(const std::string answer, executor_.Run(std::move(submission)));
  int64_t quarantined = 0;
  static_cast<void>(absl::SimpleAtoi(answer, &quarantined));
  return quarantined;
}

absl::StatusOr<int64_t> Consumer::ApplyOneByOne(const struct ApplyPage& part, int local) {
  int64_t quarantined = 0;
  struct ApplyPage one = part;
  for (const Event& event : part.events) {
    // The first part of the page reaches from its beginning, so that no gap is seen.
    one.events = {event};
    one.last_position = event.position;
    absl::StatusOr<int64_t> applied = ApplyPart(one, local);
    if (!applied.ok() && GetErrorReason(applied.status()).empty()) {
      exec::Submission refused;
      refused.method = "ApplyEvents";
      refused.shard = local;
      refused.command = std::make_unique<ApplyEvents>(
          &handler_, one, local, MakeError(kStoreRefused, applied.status().message()));
      KITH_RETURN_IF_ERROR(executor_.Run(std::move(refused)).status());
      applied = 1;
    }
    KITH_RETURN_IF_ERROR(applied.status());
    quarantined += *applied;
    one.after_position = event.position;
  }
  one.events.clear();
  one.last_position = part.last_position;
  KITH_RETURN_IF_ERROR(ApplyPart(std::move(one), local).status());
  return quarantined;
}

}  // namespace kith::feed
