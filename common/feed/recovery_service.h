// The operators' part of kith.feed.v1.FeedConsumerService.
#ifndef KITH_COMMON_FEED_RECOVERY_SERVICE_H_
#define KITH_COMMON_FEED_RECOVERY_SERVICE_H_

#include "absl/status/status.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/feed/consumer.h"
#include "common/rpc/service.h"
#include "kith/feed/v1/feed.pb.h"

namespace kith::feed {

// The store and its writer.
struct StoreAccess {
  db::Database& database;
  exec::Executor& executor;
};

// Both block until the deadline of the call at most, are written to the log, and answer the
// same request_id alike.

// Adopts the feed that the source has now, while the consumer here is still. RESTART_FROM_NOW
// sets back only a consumer whose feed was set back: one that has got further meanwhile, by
// another replica, stays there. Other replicas are not stopped: a page that one of them read
// before the source was set back, and applies only after this, counts as one of the feed as it
// is now. Errors: SOURCE_NOT_FOLLOWED, SOURCE_UNREACHABLE, SHARD_NOT_FOUND,
// POSITION_AFTER_END, POSITION_NOT_ASKED, DEADLINE_EXCEEDED. A call that failed half-way may
// have moved some local shards; sending it again moves the others.
absl::Status RestartConsumer(const StoreAccess& store, const Consumers& consumers,
                             const rpc::CallContext& context,
                             const v1::RestartConsumerRequest& request,
                             v1::RestartConsumerResponse& response);

// Errors: SOURCE_NOT_FOLLOWED, QUARANTINED_EVENT_NOT_FOUND.
absl::Status RetryQuarantinedEvent(const StoreAccess& store, const Consumers& consumers,
                                   const rpc::CallContext& context,
                                   const v1::RetryQuarantinedEventRequest& request,
                                   v1::RetryQuarantinedEventResponse& response);

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_RECOVERY_SERVICE_H_
