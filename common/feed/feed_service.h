// The gRPC face of feeds: kith.feed.v1.EventFeedService and FeedConsumerService.
#ifndef KITH_COMMON_FEED_FEED_SERVICE_H_
#define KITH_COMMON_FEED_FEED_SERVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "common/db/db.h"
#include "common/feed/consumer.h"
#include "common/feed/feed_server.h"
#include "common/rpc/service.h"

namespace kith::feed {

// Serves the feed of this store. All references must outlive the service.
std::unique_ptr<rpc::Service> MakeEventFeedService(db::Database& database, FeedServer& server,
                                                   rpc::Runtime* runtime);

// Tells how this store follows other feeds, and lets operators start anew. `consumers` may be
// empty; the runtime has an executor. `not_followed` are the services that could be followed
// and are not.
std::unique_ptr<rpc::Service> MakeFeedConsumerService(
    db::Database& database, const Consumers& consumers, rpc::Runtime* runtime,
    std::vector<std::string> not_followed = {});

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_FEED_SERVICE_H_
