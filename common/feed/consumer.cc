#include "common/feed/consumer.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/feed/apply_events.h"
#include "common/feed/feed_store.h"
#include "common/log/log.h"
#include "kith/feed/v1/feed.grpc.pb.h"

namespace kith::feed {
namespace {

using v1::EventFeedService;

constexpr int kPageEvents = 1000;
constexpr absl::Duration kLongPoll = absl::Seconds(20);
constexpr absl::Duration kCallTimeout = absl::Seconds(30);
constexpr absl::Duration kPause = absl::Milliseconds(500);

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace

Consumer::Consumer(std::string source, std::shared_ptr<grpc::Channel> channel,
                   const Handler& handler, db::Database& database, exec::Executor& executor,
                   metrics::Registry& metrics, std::string token)
    : source_(std::move(source)),
      channel_(std::move(channel)),
      handler_(handler),
      database_(database),
      executor_(executor),
      metrics_(metrics),
      token_(std::move(token)) {}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() {
  discover_ = std::thread([this] { Discover(); });
}

void Consumer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (grpc::ClientContext* call : calls_) call->TryCancel();
  }
  if (discover_.joinable()) discover_.join();
  std::vector<Shard*> shards;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& shard : shards_) shards.push_back(shard.get());
  }
  for (Shard* shard : shards) {
    if (shard->thread.joinable()) shard->thread.join();
  }
}

bool Consumer::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void Consumer::Pause(absl::Duration wait) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), wait);
}

std::vector<CursorView> Consumer::cursors() const {
  absl::MutexLock lock(&mutex_);
  std::vector<CursorView> views;
  for (const auto& shard : shards_) views.push_back(shard->view);
  return views;
}

template <class Run>
absl::Status Consumer::Call(absl::Duration timeout, Run run) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(SystemClock().Now() + timeout));
  if (!token_.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return MakeError(errors::kShuttingDown);
    calls_.push_back(&context);
  }
  const grpc::Status status = run(&context);
  absl::MutexLock lock(&mutex_);
  calls_.erase(std::find(calls_.begin(), calls_.end(), &context));
  return status.ok() ? absl::OkStatus() : absl::UnavailableError(status.error_message());
}

void Consumer::Discover() {
  const auto stub = EventFeedService::NewStub(channel_);
  v1::DescribeFeedResponse feed;
  while (!stopping()) {
    const absl::Status status = Call(kCallTimeout, [&](grpc::ClientContext* context) {
      return stub->DescribeFeed(context, {}, &feed);
    });
    if (status.ok()) break;
    log::Debug("feed_unreachable", {{"source", source_}, {"cause", status.message()}});
    Pause(kPause);
  }
  absl::MutexLock lock(&mutex_);
  for (int i = 0; i < feed.shards_size() && !stopping_; ++i) {
    shards_.push_back(std::make_unique<Shard>());
    Shard& shard = *shards_.back();
    shard.number = i;
    shard.view = {source_, i, 0, feed.shards(i).head_position()};
    shard.thread = std::thread([this, &shard] { Follow(shard); });
  }
}

absl::StatusOr<int64_t> Consumer::ResumePosition(const Shard& shard) {
  KITH_ASSIGN_OR_RETURN(auto transaction,
                        database_.BeginRead(SystemClock().Now() + kCallTimeout));
  return ReadResumePosition(*transaction, source_, shard.number, executor_.shards());
}

void Consumer::Follow(Shard& shard) {
  int64_t position = -1;
  while (!stopping()) {
    if (position < 0) {
      const absl::StatusOr<int64_t> resume = ResumePosition(shard);
      Report(shard, resume.status());
      position = resume.ok() ? *resume : -1;
    }
    if (position < 0 || !Step(shard, position)) Pause(kPause);
  }
}

bool Consumer::Step(Shard& shard, int64_t& position) {
  const auto stub = EventFeedService::NewStub(channel_);
  v1::ReadEventsRequest request;
  request.set_shard(shard.number);
  request.set_after_position(position);
  request.set_max_events(kPageEvents);
  request.mutable_max_wait()->set_seconds(absl::ToInt64Seconds(kLongPoll));
  auto page = std::make_shared<v1::ReadEventsResponse>();
  absl::Status status = Call(kCallTimeout, [&](grpc::ClientContext* context) {
    return stub->ReadEvents(context, request, page.get());
  });
  if (status.ok() && page->events_size() > 0) status = ApplyPage(shard, page);
  Report(shard, status);
  if (!status.ok()) {
    // What was applied is known to the store only.
    position = -1;
    return false;
  }
  if (page->events_size() > 0) position = page->events(page->events_size() - 1).position();
  Publish(shard, position, std::max(position, page->head_position()));
  return true;
}

absl::Status Consumer::ApplyPage(const Shard& shard,
                                 std::shared_ptr<const v1::ReadEventsResponse> page) {
  const int shards = executor_.shards();
  std::vector<feed::ApplyPage> parts(shards);
  for (const v1::Event& event : page->events()) {
    parts[ShardOf(event.program_id(), shards)].events.push_back(
        {source_, shard.number, event.position(), event.program_id(),
         FromProto(event.recorded_time()), &event.fact()});
  }
  std::vector<absl::StatusOr<std::string>> answers(shards, absl::UnknownError(""));
  absl::BlockingCounter pending(shards);
  for (int local = 0; local < shards; ++local) {
    feed::ApplyPage& part = parts[local];
    part.source = source_;
    part.source_shard = shard.number;
    part.feed_id = page->feed_id();
    part.last_position = page->events(page->events_size() - 1).position();
    part.owner = page;
    exec::Submission submission;
    submission.method = "ApplyEvents";
    submission.shard = local;
    submission.weight = std::max<int64_t>(1, static_cast<int64_t>(part.events.size()));
    submission.command = std::make_unique<ApplyEvents>(&handler_, std::move(part), local);
    submission.done = [&, local](absl::StatusOr<std::string> answer) {
      answers[local] = std::move(answer);
      pending.DecrementCount();
    };
    executor_.Submit(std::move(submission));
  }
  pending.Wait();
  int64_t quarantined = 0, one = 0;
  for (const auto& answer : answers) {
    KITH_RETURN_IF_ERROR(answer.status());
    if (absl::SimpleAtoi(*answer, &one)) quarantined += one;
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

void Consumer::Report(const Shard& shard, const absl::Status& status) {
  if (status.ok() || stopping()) return;
  const std::string reason = GetErrorReason(status);
  if (reason == kFeedReplaced.reason) {
    log::Error("feed_replaced", {{"source", source_}, {"source_shard", shard.number}});
  } else {
    log::Warn(
        "feed_step_failed",
        {{"source", source_}, {"source_shard", shard.number}, {"cause", status.message()}});
  }
}

void Consumer::Publish(Shard& shard, int64_t position, int64_t head) {
  {
    absl::MutexLock lock(&mutex_);
    shard.view.position = position;
    shard.view.head_position = head;
  }
  metrics_
      .GetGauge("kith_feed_lag_events", "Events of a followed feed that are not applied yet.",
                {{"source", source_}, {"source_shard", absl::StrCat(shard.number)}})
      .Set(static_cast<double>(head - position));
}

}  // namespace kith::feed
