#include "common/feed/feed_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/page_token.h"
#include "common/base/status_macros.h"
#include "common/feed/apply_events.h"
#include "common/feed/feed_store.h"
#include "common/feed/recovery_service.h"
#include "common/log/log.h"
#include "common/rpc/runtime.h"
#include "kith/feed/v1/feed.pb.h"

namespace kith::feed {
namespace {

constexpr int64_t kDefaultEvents = 500;
constexpr int64_t kDefaultQuarantinePage = 100;
constexpr absl::Duration kMaxWait = absl::Seconds(30);

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp proto;
  const int64_t micros = absl::ToUnixMicros(time);
  const int64_t seconds = absl::ToUnixSeconds(time);
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>((micros - seconds * 1000000) * 1000));
  return proto;
}

// Whether the fact could be read; otherwise it is handed on as it is, so that one damaged row
// does not keep followers from all that comes after it.
bool FillEvent(const StoredEvent& stored, v1::Event& event) {
  event.set_position(stored.position);
  event.set_program_id(stored.program_id);
  *event.mutable_recorded_time() = ToProto(stored.recorded_time);
  if (event.mutable_fact()->ParseFromString(stored.fact)) return true;
  event.clear_fact();
  event.set_unreadable_fact(stored.fact);
  return false;
}

absl::Status Describe(db::Database& database, const FeedServer& server,
                      const rpc::CallContext& context, v1::DescribeFeedResponse& response) {
  KITH_ASSIGN_OR_RETURN(auto transaction, database.BeginRead(context.deadline));
  KITH_ASSIGN_OR_RETURN(const auto heads, ReadHeads(*transaction));
  for (size_t i = 0; i < heads.size(); ++i) {
    v1::FeedShard* shard = response.add_shards();
    shard->set_shard(static_cast<int32_t>(i));
    shard->set_head_position(heads[i]);
  }
  response.set_feed_id(server.info().feed_id);
  return absl::OkStatus();
}

using ReadDone = absl::AnyInvocable<void(absl::Status, const v1::ReadEventsResponse&)>;

void ReadEvents(FeedServer& server, const v1::ReadEventsRequest& request,
                const rpc::CallContext& context, ReadDone done) {
  const absl::Duration asked = absl::Seconds(request.max_wait().seconds()) +
                               absl::Nanoseconds(request.max_wait().nanos());
  const absl::Duration wait = std::clamp(asked, absl::ZeroDuration(), kMaxWait);
  // An answer must still reach the client within its deadline.
  const absl::Time deadline =
      std::min(SystemClock().Now() + wait, context.deadline - absl::Milliseconds(200));
  const int64_t limit = request.max_events() > 0 ? request.max_events() : kDefaultEvents;
  server.Read(request.shard(), request.after_position(), limit, deadline,
              [&server, shard = request.shard(),
               done = std::move(done)](absl::StatusOr<EventPage> page) mutable {
                v1::ReadEventsResponse response;
                if (!page.ok()) return done(page.status(), response);
                for (const StoredEvent& event : page->events) {
                  if (FillEvent(event, *response.add_events())) continue;
                  log::Error("stored_fact_unreadable",
                             {{"shard", shard}, {"position", event.position}});
                }
                response.set_head_position(page->head_position);
                response.set_feed_id(server.info().feed_id);
                done(absl::OkStatus(), response);
              });
}

absl::Status ListCursors(db::Database& database, const Consumers& consumers,
                         const std::vector<std::string>& not_followed,
                         const rpc::CallContext& context,
                         v1::ListFeedCursorsResponse& response) {
  KITH_ASSIGN_OR_RETURN(auto transaction, database.BeginRead(context.deadline));
  KITH_ASSIGN_OR_RETURN(const auto counts, CountQuarantined(*transaction));
  response.mutable_not_followed()->Assign(not_followed.begin(), not_followed.end());
  for (const auto& consumer : consumers) {
    for (const CursorView& view : consumer->cursors()) {
      v1::FeedCursor* cursor = response.add_cursors();
      cursor->set_source(view.source);
      cursor->set_source_shard(view.source_shard);
      cursor->set_position(view.position);
      cursor->set_head_position(view.head_position);
      for (const QuarantineCount& count : counts) {
        if (count.source == view.source && count.source_shard == view.source_shard) {
          cursor->set_quarantined(count.events);
        }
      }
      if (view.problem.ok()) continue;
      cursor->set_problem_reason(QuarantineReason(view.problem));
      cursor->set_problem_message(std::string(view.problem.message()));
    }
  }
  return absl::OkStatus();
}

constexpr absl::string_view kQuarantineListing = "quarantine";

// The key of the last event shown: `source/shard/position`.
absl::StatusOr<QuarantineTable::Key> ParseToken(const std::string& token) {
  KITH_ASSIGN_OR_RETURN(const std::string last, ReadPageToken(kQuarantineListing, token));
  QuarantineTable::Key key;
  const std::vector<std::string> parts = absl::StrSplit(last, '/');
  if (parts.size() == 3 && absl::SimpleAtoi(parts[1], &std::get<1>(key)) &&
      absl::SimpleAtoi(parts[2], &std::get<2>(key))) {
    std::get<0>(key) = parts[0];
  }
  return key;
}

absl::Status ListQuarantined(db::Database& database, const rpc::CallContext& context,
                             const v1::ListQuarantinedEventsRequest& request,
                             v1::ListQuarantinedEventsResponse& response) {
  KITH_ASSIGN_OR_RETURN(const auto after, ParseToken(request.page_token()));
  const int64_t size = request.page_size() > 0 ? request.page_size() : kDefaultQuarantinePage;
  KITH_ASSIGN_OR_RETURN(auto transaction, database.BeginRead(context.deadline));
  KITH_ASSIGN_OR_RETURN(const auto events, ReadQuarantined(*transaction, after, size + 1));
  for (size_t i = 0; i < events.size() && static_cast<int64_t>(i) < size; ++i) {
    v1::QuarantinedEvent* event = response.add_events();
    event->set_source(events[i].source);
    event->set_source_shard(static_cast<int32_t>(events[i].source_shard));
    FillEvent(events[i].event, *event->mutable_event());
    event->set_reason(events[i].reason);
    event->set_message(events[i].message);
    *event->mutable_quarantined_time() = ToProto(events[i].quarantined_time);
  }
  if (static_cast<int64_t>(events.size()) > size) {
    const Quarantined& last = events[size - 1];
    response.set_next_page_token(MakePageToken(
        kQuarantineListing,
        absl::StrCat(last.source, "/", last.source_shard, "/", last.event.position)));
  }
  return absl::OkStatus();
}

const google::protobuf::ServiceDescriptor* Descriptor(const char* name) {
  // Refers to the file, so that the linker keeps its descriptor.
  return v1::DescribeFeedRequest::descriptor()->file()->FindServiceByName(name);
}

}  // namespace

std::unique_ptr<rpc::Service> MakeEventFeedService(db::Database& database, FeedServer& server,
                                                   rpc::Runtime* runtime) {
  auto service = std::make_unique<rpc::Service>(Descriptor("EventFeedService"), runtime);
  service->Read<v1::DescribeFeedRequest, v1::DescribeFeedResponse>(
      "DescribeFeed", [&](const auto&, const rpc::CallContext& context, auto& response) {
        return Describe(database, server, context, response);
      });
  service->Async<v1::ReadEventsRequest, v1::ReadEventsResponse>(
      "ReadEvents", [&](const auto& request, const rpc::CallContext& context, ReadDone done) {
        ReadEvents(server, request, context, std::move(done));
      });
  return service;
}

std::unique_ptr<rpc::Service> MakeFeedConsumerService(db::Database& database,
                                                      const Consumers& consumers,
                                                      rpc::Runtime* runtime,
                                                      std::vector<std::string> not_followed) {
  auto service = std::make_unique<rpc::Service>(Descriptor("FeedConsumerService"), runtime);
  service->Read<v1::ListFeedCursorsRequest, v1::ListFeedCursorsResponse>(
      "ListFeedCursors", [&, not_followed = std::move(not_followed)](
                             const auto&, const rpc::CallContext& context, auto& response) {
        return ListCursors(database, consumers, not_followed, context, response);
      });
  service->Read<v1::ListQuarantinedEventsRequest, v1::ListQuarantinedEventsResponse>(
      "ListQuarantinedEvents",
      [&](const auto& request, const rpc::CallContext& context, auto& response) {
        return ListQuarantined(database, context, request, response);
      });
  // These change the store but must wait for the source, or look before they submit: they
  // run where waiting is allowed.
  service->Read<v1::RestartConsumerRequest, v1::RestartConsumerResponse>(
      "RestartConsumer",
      [&, runtime](const auto& request, const rpc::CallContext& context, auto& response) {
        return RestartConsumer({database, *runtime->executor}, consumers, context, request,
                               response);
      });
  service->Read<v1::RetryQuarantinedEventRequest, v1::RetryQuarantinedEventResponse>(
      "RetryQuarantinedEvent",
      [&, runtime](const auto& request, const rpc::CallContext& context, auto& response) {
        return RetryQuarantinedEvent({database, *runtime->executor}, consumers, context,
                                     request, response);
      });
  return service;
}

}  // namespace kith::feed
