#include "common/feed/consumer.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/feed/apply_events.h"
#include "common/feed/feed_store.h"
#include "common/log/log.h"
#include "kith/feed/v1/feed.grpc.pb.h"

namespace kith::feed {
namespace {

using v1::EventFeedService;

constexpr absl::Duration kLongPoll = absl::Seconds(20);
constexpr absl::Duration kShortPoll = absl::Seconds(1);
constexpr absl::Duration kCallTimeout = absl::Seconds(30);
constexpr absl::Duration kPause = absl::Milliseconds(500);
constexpr absl::Duration kStuckPause = absl::Seconds(10);

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
    for (const Running& call : calls_) call.context->TryCancel();
  }
  if (discover_.joinable()) discover_.join();
  std::vector<Shard*> shards;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& shard : shards_) shards.push_back(shard.get());
    for (const auto& shard : left_) shards.push_back(shard.get());
  }
  for (Shard* shard : shards) {
    if (shard->thread.joinable()) shard->thread.join();
  }
}

bool Consumer::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

bool Consumer::Interrupted(const Shard* shard) const {
  return stopping_ || (shard != nullptr && (shard->resume || shard->left || still_));
}

void Consumer::CancelCallsOfShards() {
  for (const Running& call : calls_) {
    if (call.shard != nullptr) call.context->TryCancel();
  }
}

bool Consumer::IsStill() const {
  const auto is_busy = [](const auto& shard) { return shard->busy; };
  return std::none_of(shards_.begin(), shards_.end(), is_busy) &&
         std::none_of(left_.begin(), left_.end(), is_busy);
}

absl::Status Consumer::WhileStill(absl::Time deadline,
                                  absl::FunctionRef<absl::Status()> work) {
  {
    absl::MutexLock lock(&mutex_);
    if (!mutex_.AwaitWithDeadline(absl::Condition(this, &Consumer::MayGoOn), deadline)) {
      return MakeError(errors::kDeadlineExceeded);
    }
    if (stopping_) return MakeError(errors::kShuttingDown);
    still_ = true;
    CancelCallsOfShards();
    if (!mutex_.AwaitWithDeadline(absl::Condition(this, &Consumer::IsStill), deadline)) {
      still_ = false;
      return MakeError(errors::kDeadlineExceeded);
    }
  }
  const absl::Status status = work();
  absl::MutexLock lock(&mutex_);
  still_ = false;
  return status;
}

void Consumer::Pause(const Shard* shard, absl::Duration wait) {
  absl::MutexLock lock(&mutex_);
  const auto interrupted = [this, shard]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return Interrupted(shard);
  };
  mutex_.AwaitWithTimeout(absl::Condition(&interrupted), wait);
}

std::vector<CursorView> Consumer::cursors() const {
  absl::MutexLock lock(&mutex_);
  std::vector<CursorView> views;
  for (const auto& shard : shards_) views.push_back(shard->view);
  return views;
}

template <class Run>
absl::Status Consumer::Call(const Shard* shard, absl::Time deadline, Run run) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  if (!token_.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
  {
    absl::MutexLock lock(&mutex_);
    if (Interrupted(shard)) return MakeError(errors::kShuttingDown);
    calls_.push_back({shard, &context});
  }
  const grpc::Status status = run(&context);
  absl::MutexLock lock(&mutex_);
  std::erase_if(calls_, [&](const Running& call) { return call.context == &context; });
  return status.ok() ? absl::OkStatus()
                     : MakeError(kSourceUnreachable,
                                 absl::StrCat(source_, ": ", status.error_message()));
}

absl::StatusOr<v1::DescribeFeedResponse> Consumer::Describe(absl::Time deadline) {
  const auto stub = EventFeedService::NewStub(channel_);
  v1::DescribeFeedResponse feed;
  KITH_RETURN_IF_ERROR(Call(/*shard=*/nullptr, deadline, [&](grpc::ClientContext* context) {
    return stub->DescribeFeed(context, {}, &feed);
  }));
  return feed;
}

void Consumer::Discover() {
  while (!stopping()) {
    const auto feed = Describe(SystemClock().Now() + kCallTimeout);
    if (feed.ok()) return Resume(*feed, /*moved=*/{});
    CountFailure();
    log::Warn("feed_unreachable", {{"source", source_}, {"cause", feed.status().message()}});
    Pause(/*shard=*/nullptr, kPause);
  }
}

void Consumer::Resume(const v1::DescribeFeedResponse& feed,
                      const std::vector<StartingPoint>& moved) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return;
  const auto count = static_cast<size_t>(feed.shards_size());
  for (; shards_.size() > count; shards_.pop_back()) {
    shards_.back()->left = true;
    left_.push_back(std::move(shards_.back()));
  }
  for (const auto& shard : shards_) shard->resume = true;
  for (size_t i = shards_.size(); i < count; ++i) AddShard(static_cast<int>(i));
  for (size_t i = 0; i < count; ++i) {
    shards_[i]->view.head_position = feed.shards(static_cast<int>(i)).head_position();
    shards_[i]->view.problem = absl::OkStatus();
  }
  // Who asks now must not be told of the old place.
  for (const StartingPoint& point : moved) {
    if (point.source_shard < static_cast<int64_t>(count)) {
      shards_[point.source_shard]->view.position = point.position;
    }
  }
  CancelCallsOfShards();
}

void Consumer::AddShard(int number) {
  shards_.push_back(std::make_unique<Shard>());
  Shard& shard = *shards_.back();
  shard.number = number;
  shard.view = {source_, number, 0, 0, absl::OkStatus()};
  shard.thread = std::thread([this, &shard] { Follow(shard); });
}

absl::StatusOr<ResumePoint> Consumer::ReadPoint(const Shard& shard) {
  KITH_ASSIGN_OR_RETURN(auto transaction,
                        database_.BeginRead(SystemClock().Now() + kCallTimeout));
  return ReadResumePoint(*transaction, source_, shard.number, executor_.shards());
}

bool Consumer::GoesOn(Shard& shard, bool& resume) {
  absl::MutexLock lock(&mutex_);
  shard.busy = false;
  mutex_.Await(absl::Condition(this, &Consumer::MayGoOn));
  resume = std::exchange(shard.resume, false);
  shard.busy = !stopping_ && !shard.left;
  return shard.busy;
}

void Consumer::Follow(Shard& shard) {
  std::optional<ResumePoint> point;
  bool resume = false;
  while (GoesOn(shard, resume)) {
    if (resume) point.reset();
    if (!point.has_value()) {
      absl::StatusOr<ResumePoint> stored = ReadPoint(shard);
      if (stored.ok()) {
        point = *std::move(stored);
        Publish(shard, point->position, std::nullopt);
      } else {
        Report(shard, stored.status());
      }
    }
    if (!point.has_value() || !Step(shard, point)) Pause(&shard, kPause);
  }
  // A shard that is no more has no lag.
  if (!stopping()) Publish(shard, 0, 0);
}

absl::Status Consumer::ReadPage(const Shard& shard, const ResumePoint& point,
                                v1::ReadEventsResponse& page) {
  const auto stub = EventFeedService::NewStub(channel_);
  v1::ReadEventsRequest request;
  request.set_shard(shard.number);
  request.set_after_position(point.position);
  request.set_max_events(shard.page_events);
  request.mutable_max_wait()->set_seconds(absl::ToInt64Seconds(LongestWait(shard)));
  KITH_RETURN_IF_ERROR(
      Call(&shard, SystemClock().Now() + kCallTimeout, [&](grpc::ClientContext* context) {
        return stub->ReadEvents(context, request, &page);
      }));
  // Also a page without events tells that the store is another one.
  for (const std::string& feed_id : point.feed_ids) {
    if (feed_id != page.feed_id()) return MakeError(kFeedReplaced);
  }
  // A feed that ends before what was applied is the same set back: what it says from there on
  // is not what was applied.
  if (page.head_position() < point.position) return MakeError(kFeedRewound);
  return absl::OkStatus();
}

bool Consumer::Step(Shard& shard, std::optional<ResumePoint>& point) {
  auto page = std::make_shared<v1::ReadEventsResponse>();
  absl::Status status = ReadPage(shard, *point, *page);
  const bool news = status.ok() && page->events_size() > 0;
  if (news) {
    status = ApplyPage(shard, point->position, page);
    Adapt(shard, status, page->events_size());
  }
  Report(shard, status);
  if (!status.ok()) {
    // What was applied is known to the store only.
    point.reset();
    return false;
  }
  if (news) *point = {page->events(page->events_size() - 1).position(), {page->feed_id()}};
  Publish(shard, point->position, page->head_position());
  // While there is nothing to do, another replica may have started anew.
  if (!news) point.reset();
  return true;
}

void Consumer::Adapt(Shard& shard, const absl::Status& applied, int events) {
  if (GetErrorReason(applied) == errors::kUnavailable.reason) {
    shard.page_events = std::max(1, events / 2);
  } else if (applied.ok()) {
    // Slowly: a page that is too long is work for nothing.
    shard.page_events = std::min(kPageEvents, shard.page_events + 1 + shard.page_events / 8);
  }
}

absl::Duration Consumer::LongestWait(const Shard& shard) const {
  absl::MutexLock lock(&mutex_);
  // After a failure success should show soon.
  return shard.view.problem.ok() ? kLongPoll : kShortPoll;
}

void Consumer::CountFailure() {
  metrics_
      .GetCounter("kith_feed_failures_total",
                  "Attempts to read or apply a page of a followed feed that failed.",
                  {{"source", source_}})
      .Increment();
}

void Consumer::Report(Shard& shard, const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (Interrupted(&shard)) return;
    shard.view.problem = status;
  }
  if (status.ok()) return;
  CountFailure();
  const std::string reason = GetErrorReason(status);
  const bool stuck = reason == kFeedReplaced.reason || reason == kFeedRewound.reason;
  log::Write(stuck ? log::Level::kError : log::Level::kWarn, "feed_step_failed",
             {{"source", source_},
              {"source_shard", shard.number},
              {"reason", reason},
              {"cause", status.message()}});
  // Only people can mend it; there is no hurry to ask again.
  if (stuck) Pause(&shard, kStuckPause);
}

void Consumer::Publish(Shard& shard, int64_t position, std::optional<int64_t> head) {
  int64_t lag = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (shard.resume) return;  // it is void
    CursorView& view = shard.view;
    view.position = position;
    view.head_position = std::max(position, head.value_or(view.head_position));
    lag = view.head_position - position;
  }
  metrics_
      .GetGauge("kith_feed_lag_events", "Events of a followed feed that are not applied yet.",
                {{"source", source_}, {"source_shard", absl::StrCat(shard.number)}})
      .Set(static_cast<double>(lag));
}

}  // namespace kith::feed
