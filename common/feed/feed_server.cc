#include "common/feed/feed_server.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace kith::feed {
namespace {

constexpr size_t kMaxReaders = 1024;

absl::StatusOr<EventPage> ReadPage(db::Database& database, int shard, int64_t after,
                                   int64_t limit) {
  KITH_ASSIGN_OR_RETURN(auto transaction,
                        database.BeginRead(SystemClock().Now() + absl::Seconds(10)));
  return ReadEventPage(*transaction, shard, after, limit);
}

}  // namespace

FeedServer::FeedServer(db::Database& database, exec::StoreInfo info,
                       absl::Duration poll_interval)
    : database_(database),
      info_(std::move(info)),
      poll_interval_(poll_interval),
      heads_(info_.shards),
      thread_([this] { Loop(); }) {}

FeedServer::~FeedServer() { Stop(); }

void FeedServer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool FeedServer::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void FeedServer::OnCommit(int shard, int64_t head_position) {
  absl::MutexLock lock(&mutex_);
  heads_[shard] = std::max(heads_[shard], head_position);
  news_ = true;
}

absl::Status FeedServer::Admit(Reader& reader) {
  if (reader.shard < 0 || reader.shard >= info_.shards) {
    return MakeFieldError(kShardNotFound, "shard",
                          absl::StrCat("there are ", info_.shards, " shards, from 0"));
  }
  absl::MutexLock lock(&mutex_);
  if (stopping_) return MakeError(errors::kShuttingDown);
  if (readers_.size() >= kMaxReaders) {
    ErrorDetails details;
    details.retry_delay = absl::Seconds(1);
    return MakeDetailedError(errors::kOverloaded, std::move(details));
  }
  readers_.push_back(std::move(reader));
  news_ = true;
  return absl::OkStatus();
}

void FeedServer::Read(int shard, int64_t after, int64_t limit, absl::Time deadline,
                      Done done) {
  Reader reader{shard, after, limit, deadline, std::move(done)};
  if (absl::Status refused = Admit(reader); !refused.ok()) reader.done(std::move(refused));
}

std::vector<FeedServer::Reader> FeedServer::TakeReady(bool poll) {
  const absl::Time now = SystemClock().Now();
  const auto waits = [&](const Reader& reader) {
    return reader.tried && !poll && !stopping_ && heads_[reader.shard] <= reader.after &&
           reader.deadline > now;
  };
  const auto ready = std::stable_partition(readers_.begin(), readers_.end(), waits);
  std::vector<Reader> taken(std::make_move_iterator(ready),
                            std::make_move_iterator(readers_.end()));
  readers_.erase(ready, readers_.end());
  return taken;
}

void FeedServer::Loop() {
  const auto wakes = [this]()
                         ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || news_; };
  for (;;) {
    std::vector<Reader> ready;
    {
      absl::MutexLock lock(&mutex_);
      // Polls at its own times: local news, however many, must not put them off.
      mutex_.AwaitWithDeadline(absl::Condition(&wakes),
                               readers_.empty() ? absl::InfiniteFuture() : next_poll_);
      news_ = false;
      const absl::Time now = SystemClock().Now();
      const bool poll = now >= next_poll_;
      if (poll) next_poll_ = now + poll_interval_;
      ready = TakeReady(poll);
      if (stopping_ && ready.empty()) return;
    }
    for (Reader& reader : ready) Serve(std::move(reader));
  }
}

void FeedServer::Serve(Reader reader) {
  // At the end, what a waiting reader would have found it finds elsewhere, or here later.
  if (reader.tried && stopping()) return reader.done(EventPage{{}, reader.after});
  absl::StatusOr<EventPage> page =
      ReadPage(database_, reader.shard, reader.after, reader.limit);
  // A reader that is ahead of the feed was reading another one: it should know at once.
  const bool waits = page.ok() && page->events.empty() && page->head_position >= reader.after;
  if (waits && reader.deadline > SystemClock().Now()) {
    absl::MutexLock lock(&mutex_);
    if (!stopping_) {
      // A commit between the read and here has set a head that TakeReady will see.
      reader.tried = true;
      news_ = news_ || heads_[reader.shard] > reader.after;
      readers_.push_back(std::move(reader));
      return;
    }
  }
  reader.done(std::move(page));
}

}  // namespace kith::feed
