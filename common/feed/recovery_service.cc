#include "common/feed/recovery_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/feed/apply_events.h"
#include "common/feed/feed_server.h"
#include "common/feed/feed_store.h"
#include "common/feed/recovery.h"
#include "common/log/log.h"
#include "common/rpc/fingerprint.h"

namespace kith::feed {
namespace {

constexpr char kRestart[] = "RestartConsumer";
constexpr char kRetry[] = "RetryQuarantinedEvent";
// By the idempotency key without its program.
constexpr absl::string_view kSelectResponse =
    "SELECT fingerprint, response FROM stored_response WHERE request_id = $1 AND method = $2";

absl::StatusOr<Consumer*> FindConsumer(const Consumers& consumers, const std::string& source) {
  std::vector<std::string> names;
  for (const auto& consumer : consumers) {
    if (consumer->source() == source) return consumer.get();
    names.push_back(consumer->source());
  }
  return MakeFieldError(
      kSourceNotFollowed, "source",
      names.empty() ? std::string("this service follows no feed")
                    : absl::StrCat("this service follows ", absl::StrJoin(names, ", ")));
}

absl::StatusOr<int64_t> PositionIn(const v1::FeedShard& shard,
                                   const v1::RestartConsumerRequest& request) {
  if (request.from() == v1::RESTART_FROM_START) return 0;
  if (request.from() == v1::RESTART_FROM_NOW) return shard.head_position();
  if (request.position() <= shard.head_position()) return request.position();
  return MakeFieldError(
      kPositionAfterEnd, "position",
      absl::StrCat("shard ", shard.shard(), " ends at ", shard.head_position()));
}

// Whether the shard ends before what had been applied of it when its end was asked for. What
// is applied after that may be beyond this end without it.
bool WasSetBack(const std::string& feed_id, const v1::FeedShard& shard,
                const Furthest& before) {
  const auto applied = before.find({shard.shard(), feed_id});
  return applied != before.end() && applied->second > shard.head_position();
}

absl::StatusOr<std::vector<StartingPoint>> StartingPoints(
    const v1::DescribeFeedResponse& feed, const Furthest& before,
    const v1::RestartConsumerRequest& request) {
  std::vector<StartingPoint> points;
  for (const v1::FeedShard& shard : feed.shards()) {
    if (request.has_source_shard() && request.source_shard() != shard.shard()) continue;
    KITH_ASSIGN_OR_RETURN(const int64_t position, PositionIn(shard, request));
    const bool back =
        request.from() != v1::RESTART_FROM_NOW || WasSetBack(feed.feed_id(), shard, before);
    points.push_back({shard.shard(), position, back});
  }
  if (!points.empty()) return points;
  return MakeFieldError(
      kShardNotFound, "source_shard",
      absl::StrCat("the source has ", feed.shards_size(), " shards, from 0"));
}

std::string EncodeRestarted(const std::string& feed_id, const std::vector<Restarted>& shards) {
  v1::RestartConsumerResponse response;
  response.set_feed_id(feed_id);
  int64_t dropped = 0;
  for (const Restarted& one : shards) {
    v1::RestartedShard* shard = response.add_shards();
    shard->set_source_shard(static_cast<int32_t>(one.source_shard));
    shard->set_old_position(one.old_position);
    shard->set_position(one.position);
    dropped += one.dropped_quarantined;
  }
  response.set_dropped_quarantined(dropped);
  return response.SerializeAsString();
}

// Adds what one local shard did. The consumer stands where its last local shard stands.
void Merge(const v1::RestartConsumerResponse& part, v1::RestartConsumerResponse& whole) {
  if (whole.shards().empty()) {
    whole = part;
    return;
  }
  for (int i = 0; i < std::min(part.shards_size(), whole.shards_size()); ++i) {
    v1::RestartedShard& shard = *whole.mutable_shards(i);
    shard.set_old_position(std::min(shard.old_position(), part.shards(i).old_position()));
    shard.set_position(std::min(shard.position(), part.shards(i).position()));
  }
  whole.set_dropped_quarantined(whole.dropped_quarantined() + part.dropped_quarantined());
}

absl::Status RestartAll(exec::Executor& executor, const v1::DescribeFeedResponse& feed,
                        const std::vector<StartingPoint>& points, absl::Time deadline,
                        const v1::RestartConsumerRequest& request,
                        v1::RestartConsumerResponse& response) {
  for (int local = 0; local < executor.shards(); ++local) {
    exec::Submission submission;
    // No program has a space in its name: the local shards answer for themselves.
    submission.program_id = absl::StrCat("shard ", local);
    submission.method = kRestart;
    submission.request_id = request.request_id();
    submission.fingerprint = rpc::Fingerprint(request);
    submission.deadline = deadline;
    submission.shard = local;
    submission.command = std::make_unique<RestartFollowing>(
        request.source(), feed.feed_id(), points, local,
        [&feed](const auto& shards) { return EncodeRestarted(feed.feed_id(), shards); });
    KITH_ASSIGN_OR_RETURN(const std::string answer, executor.Run(std::move(submission)));
    v1::RestartConsumerResponse part;
    if (!part.ParseFromString(answer))
      return absl::InternalError("a stored answer is damaged");
    Merge(part, response);
  }
  return absl::OkStatus();
}

// While the consumer is still.
absl::Status Restart(const StoreAccess& store, Consumer& consumer, absl::Time deadline,
                     const v1::RestartConsumerRequest& request,
                     v1::RestartConsumerResponse& response) {
  Furthest before;
  {
    KITH_ASSIGN_OR_RETURN(auto transaction, store.database.BeginRead(deadline));
    KITH_ASSIGN_OR_RETURN(before, ReadFurthest(*transaction, request.source()));
  }
  KITH_ASSIGN_OR_RETURN(const auto feed, consumer.Describe(deadline));
  KITH_ASSIGN_OR_RETURN(const auto points, StartingPoints(feed, before, request));
  const absl::Status status =
      RestartAll(store.executor, feed, points, deadline, request, response);
  std::vector<StartingPoint> moved;
  for (const v1::RestartedShard& shard : response.shards()) {
    moved.push_back({shard.source_shard(), shard.position()});
  }
  consumer.Resume(feed, moved);
  return status;
}

void LogRestart(const v1::RestartConsumerRequest& request, const absl::Status& status,
                const v1::RestartConsumerResponse& response) {
  for (const v1::RestartedShard& shard : response.shards()) {
    log::Info("consumer_restarted", {{"source", request.source()},
                                     {"source_shard", shard.source_shard()},
                                     {"from", v1::RestartFrom_Name(request.from())},
                                     {"old_position", shard.old_position()},
                                     {"position", shard.position()},
                                     {"feed_id", response.feed_id()},
                                     {"request_id", request.request_id()}});
  }
  log::Info("consumer_restart_ended",
            {{"source", request.source()},
             {"dropped_quarantined", response.dropped_quarantined()},
             {"reason", status.ok() ? std::string() : QuarantineReason(status)},
             {"request_id", request.request_id()}});
}

std::string EncodeRetried(const Retried& retried) {
  v1::RetryQuarantinedEventResponse response;
  response.set_applied(retried.applied);
  response.set_reason(retried.reason);
  response.set_message(retried.message);
  return response.SerializeAsString();
}

// The answer to an earlier request with this id, for an event that is in quarantine no more.
absl::StatusOr<std::string> EarlierAnswer(db::ReadTransaction& transaction,
                                          const v1::RetryQuarantinedEventRequest& request) {
  KITH_ASSIGN_OR_RETURN(
      const db::Result result,
      transaction.Query(kSelectResponse, {request.request_id(), std::string(kRetry)}));
  if (result.rows.empty()) return MakeError(kQuarantinedEventNotFound);
  if (result.rows[0].Bytes(0) == rpc::Fingerprint(request)) return result.rows[0].Bytes(1);
  return MakeFieldError(errors::kRequestIdReused, "request_id",
                        "was used before with other content; use a new one");
}

exec::Submission NewRetry(const v1::RetryQuarantinedEventRequest& request,
                          const Handler& handler, const Quarantined& event,
                          absl::Time deadline, absl::Status refusal = absl::OkStatus()) {
  exec::Submission submission;
  submission.program_id = event.event.program_id;
  submission.method = kRetry;
  submission.request_id = request.request_id();
  submission.fingerprint = rpc::Fingerprint(request);
  submission.deadline = deadline;
  submission.command =
      std::make_unique<RetryEvent>(&handler, event, EncodeRetried, std::move(refusal));
  return submission;
}

absl::StatusOr<std::string> Retry(const StoreAccess& store, const Handler& handler,
                                  absl::Time deadline,
                                  const v1::RetryQuarantinedEventRequest& request) {
  std::optional<Quarantined> event;
  {
    KITH_ASSIGN_OR_RETURN(auto transaction, store.database.BeginRead(deadline));
    KITH_ASSIGN_OR_RETURN(
        event, FindQuarantined(*transaction, {request.source(), request.source_shard(),
                                              request.position()}));
    if (!event.has_value()) return EarlierAnswer(*transaction, request);
  }
  absl::StatusOr<std::string> answer =
      store.executor.Run(NewRetry(request, handler, *event, deadline));
  if (answer.ok() || !GetErrorReason(answer.status()).empty()) return answer;
  return store.executor.Run(NewRetry(request, handler, *event, deadline,
                                     MakeError(kStoreRefused, answer.status().message())));
}

}  // namespace

absl::Status RestartConsumer(const StoreAccess& store, const Consumers& consumers,
                             const rpc::CallContext& context,
                             const v1::RestartConsumerRequest& request,
                             v1::RestartConsumerResponse& response) {
  KITH_ASSIGN_OR_RETURN(Consumer* const consumer, FindConsumer(consumers, request.source()));
  if (request.from() != v1::RESTART_FROM_POSITION && request.position() != 0) {
    return MakeFieldError(kPositionNotAsked, "position",
                          "goes with RESTART_FROM_POSITION only; leave it out");
  }
  const absl::Status status = consumer->WhileStill(context.deadline, [&] {
    return Restart(store, *consumer, context.deadline, request, response);
  });
  LogRestart(request, status, response);
  return status;
}

absl::Status RetryQuarantinedEvent(const StoreAccess& store, const Consumers& consumers,
                                   const rpc::CallContext& context,
                                   const v1::RetryQuarantinedEventRequest& request,
                                   v1::RetryQuarantinedEventResponse& response) {
  KITH_ASSIGN_OR_RETURN(const Consumer* consumer, FindConsumer(consumers, request.source()));
  KITH_ASSIGN_OR_RETURN(const std::string answer,
                        Retry(store, consumer->handler(), context.deadline, request));
  if (!response.ParseFromString(answer)) {
    return absl::InternalError("a stored answer is damaged");
  }
  log::Info("quarantined_event_retried", {{"source", request.source()},
                                          {"source_shard", request.source_shard()},
                                          {"position", request.position()},
                                          {"applied", response.applied()},
                                          {"reason", response.reason()},
                                          {"request_id", request.request_id()}});
  return absl::OkStatus();
}

}  // namespace kith::feed
