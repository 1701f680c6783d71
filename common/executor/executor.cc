#include "common/executor/executor.h"

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/executor/batch.h"
#include "common/log/log.h"

namespace kith::exec {
namespace {

constexpr absl::Duration kConnectionWait = absl::Seconds(10);

// Whether the failure comes from what one command wrote, and not from the store's condition.
bool IsOfOneCommand(const absl::Status& failure) {
  return !db::IsRetryable(failure) && !absl::IsDeadlineExceeded(failure);
}

// Whether a client is told only that the store did not answer.
bool IsHidden(const absl::Status& failure) {
  return GetErrorReason(failure).empty() && !IsOfOneCommand(failure);
}

// What a client is told of a failure of the store.
absl::Status ForClient(const absl::Status& status) {
  if (!IsHidden(status)) return status;
  ErrorDetails details;
  details.retry_delay = absl::Milliseconds(200);
  return MakeDetailedError(errors::kUnavailable, std::move(details));
}

// Says what the store lacks (room on its disk, say), which no client is told.
void LogIfHidden(int shard, const absl::Status& failure) {
  if (!IsHidden(failure)) return;
  log::Warn("store_failed", {{"shard", shard}, {"cause", failure.message()}});
}

class ShardedExecutor final : public Executor {
 public:
  ShardedExecutor(db::Database& database, const Clock& clock, ExecutorOptions options)
      : database_(database),
        clock_(clock),
        options_(std::move(options)),
        queues_(options_.shards) {
    for (int i = 0; i < options_.writer_threads; ++i) {
      writers_.emplace_back([this] { WriterLoop(); });
    }
  }
  ~ShardedExecutor() override { Stop(); }

  void Submit(Submission submission) override;
  void Stop() override;
  int shards() const override { return options_.shards; }

 private:
  using Submissions = std::vector<Submission>;
  // Who is to be told what.
  using Answers = std::vector<std::pair<Submission*, absl::StatusOr<std::string>>>;
  struct Queue {
    std::deque<Submission> waiting;
    int64_t weight = 0;      // of all that wait
    bool scheduled = false;  // is in ready_ or being written
  };

  absl::Status Enqueue(Submission& submission);
  void WriterLoop();
  Submissions TakeBatch(int shard) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Answers RunBatch(int shard, Submissions& batch);
  void RunWithRetries(int shard, absl::Span<Submission* const> batch, Answers& answers);
  // Runs each part as a batch of its own and answers it, without those whose own deadline has
  // passed meanwhile.
  void RunInParts(int shard, absl::Span<Submission* const> batch, size_t part_size);
  void Finish(int shard, absl::Span<Submission* const> batch, BatchOutcome outcome,
              Answers& answers);
  // Answers those whose own deadline has passed; the others.
  static std::vector<Submission*> DropLate(absl::Span<Submission* const> batch);
  // What a command counts with its end is counted before its caller goes on.
  static void Tell(Answers& answers) {
    for (auto& [submission, answer] : answers) {
      submission->command.reset();
      submission->done(std::move(answer));
    }
  }
  bool stopping() {
    absl::MutexLock lock(&mutex_);
    return stopping_;
  }
  // Waits a little, longer with each attempt; not at all when stopping.
  void Backoff(int attempt);

  db::Database& database_;
  const Clock& clock_;
  const ExecutorOptions options_;
  absl::Mutex mutex_;
  std::vector<Queue> queues_ ABSL_GUARDED_BY(mutex_);
  std::deque<int> ready_ ABSL_GUARDED_BY(mutex_);
  int64_t depth_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> writers_;
};

void ShardedExecutor::Submit(Submission submission) {
  if (absl::Status refused = Enqueue(submission); !refused.ok()) {
    submission.done(std::move(refused));
  }
}

absl::Status ShardedExecutor::Enqueue(Submission& submission) {
  if (submission.deadline < SystemClock().Now()) return MakeError(errors::kDeadlineExceeded);
  const int shard = submission.shard >= 0 ? submission.shard
                                          : ShardOf(submission.program_id, options_.shards);
  absl::MutexLock lock(&mutex_);
  if (stopping_) return MakeError(errors::kShuttingDown);
  Queue& queue = queues_[shard];
  if (static_cast<int64_t>(queue.waiting.size()) >= options_.max_queue ||
      queue.weight >= options_.max_queue_weight) {
    ErrorDetails details;
    details.retry_delay = absl::Milliseconds(100);
    return MakeDetailedError(errors::kOverloaded, std::move(details));
  }
  queue.weight += submission.weight;
  queue.waiting.push_back(std::move(submission));
  ++depth_;
  if (!std::exchange(queue.scheduled, true)) ready_.push_back(shard);
  if (options_.observer != nullptr) options_.observer->OnQueueDepth(depth_);
  return absl::OkStatus();
}

void ShardedExecutor::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& writer : writers_) {
    if (writer.joinable()) writer.join();
  }
}

ShardedExecutor::Submissions ShardedExecutor::TakeBatch(int shard) {
  std::deque<Submission>& waiting = queues_[shard].waiting;
  Submissions batch;
  int64_t weight = 0;
  while (!waiting.empty() && static_cast<int64_t>(batch.size()) < options_.max_batch) {
    weight += waiting.front().weight;
    if (!batch.empty() && weight > options_.max_batch_weight) break;
    batch.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  for (const Submission& taken : batch) queues_[shard].weight -= taken.weight;
  depth_ -= static_cast<int64_t>(batch.size());
  if (options_.observer != nullptr) options_.observer->OnQueueDepth(depth_);
  return batch;
}

void ShardedExecutor::WriterLoop() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !ready_.empty() || (stopping_ && depth_ == 0);
  };
  for (;;) {
    int shard = 0;
    Submissions batch;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (ready_.empty()) return;
      shard = ready_.front();
      ready_.pop_front();
      batch = TakeBatch(shard);
    }
    Answers answers = RunBatch(shard, batch);
    {
      absl::MutexLock lock(&mutex_);
      queues_[shard].scheduled = !queues_[shard].waiting.empty();
      if (queues_[shard].scheduled) ready_.push_back(shard);
    }
    // Answering takes about as long as a transaction; another writer begins the next one.
    Tell(answers);
  }
}

ShardedExecutor::Answers ShardedExecutor::RunBatch(int shard, Submissions& batch) {
  const absl::Time start = SystemClock().Now();
  Answers answers;
  answers.reserve(batch.size());
  std::vector<Submission*> all;
  for (Submission& submission : batch) all.push_back(&submission);
  const std::vector<Submission*> live = DropLate(all);
  if (live.empty()) return answers;
  RunWithRetries(shard, live, answers);
  if (options_.observer != nullptr) {
    options_.observer->OnBatch(static_cast<int64_t>(live.size()), SystemClock().Now() - start);
  }
  return answers;
}

std::vector<Submission*> ShardedExecutor::DropLate(absl::Span<Submission* const> batch) {
  const absl::Time now = SystemClock().Now();
  std::vector<Submission*> live;
  Answers late;
  for (Submission* submission : batch) {
    if (submission->deadline < now) {
      late.emplace_back(submission, MakeError(errors::kDeadlineExceeded));
    } else {
      live.push_back(submission);
    }
  }
  Tell(late);
  return live;
}

void ShardedExecutor::RunWithRetries(int shard, absl::Span<Submission* const> batch,
                                     Answers& answers) {
  absl::Status failure;
  for (int attempt = 0; attempt < options_.max_attempts; ++attempt) {
    if (attempt > 0) {
      if (options_.observer != nullptr) options_.observer->OnRetry();
      Backoff(attempt);
    }
    Batch run(database_, clock_, shard, SystemClock().Now() + kConnectionWait);
    absl::StatusOr<BatchOutcome> outcome = run.Run(batch);
    if (outcome.ok()) return Finish(shard, batch, *std::move(outcome), answers);
    failure = outcome.status();
    if (!db::IsRetryable(failure) || stopping()) break;
  }
  if (batch.size() > 1 && IsOfOneCommand(failure)) {
    // One command spoils the transaction for all: let only that one fail.
    return RunInParts(shard, batch, 1);
  }
  if (batch.size() > 1 && absl::IsDeadlineExceeded(failure) && !stopping()) {
    // Together they take longer than a transaction may. Less may fit.
    return RunInParts(shard, batch, (batch.size() + 1) / 2);
  }
  LogIfHidden(shard, failure);
  for (Submission* submission : batch) answers.emplace_back(submission, ForClient(failure));
}

void ShardedExecutor::RunInParts(int shard, absl::Span<Submission* const> batch,
                                 size_t part_size) {
  for (size_t first = 0; first < batch.size(); first += part_size) {
    Answers answers;
    const std::vector<Submission*> live = DropLate(batch.subspan(first, part_size));
    if (!live.empty()) RunWithRetries(shard, live, answers);
    Tell(answers);
  }
}

void ShardedExecutor::Finish(int shard, absl::Span<Submission* const> batch,
                             BatchOutcome outcome, Answers& answers) {
  if (ExecutorObserver* observer = options_.observer; observer != nullptr) {
    for (int64_t i = 0; i < outcome.replays; ++i) observer->OnReplay();
    if (outcome.misses > 0) observer->OnPrefetchMiss(outcome.misses);
    if (outcome.commit_time > absl::ZeroDuration()) observer->OnCommit(outcome.commit_time);
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    answers.emplace_back(batch[i], std::move(outcome.responses[i]));
  }
  if (outcome.head_position.has_value() && options_.on_events) {
    options_.on_events(shard, *outcome.head_position);
  }
}

void ShardedExecutor::Backoff(int attempt) {
  const absl::Duration wait =
      std::min(absl::Milliseconds(5) * (int64_t{1} << std::min(attempt, 8)), absl::Seconds(1));
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), wait);
}

}  // namespace

absl::StatusOr<std::string> Executor::Run(Submission submission) {
  absl::StatusOr<std::string> answer;
  absl::Notification answered;
  submission.done = [&](absl::StatusOr<std::string> result) {
    answer = std::move(result);
    answered.Notify();
  };
  Submit(std::move(submission));
  answered.WaitForNotification();
  return answer;
}

std::unique_ptr<Executor> MakeExecutor(db::Database& database, const Clock& clock,
                                       ExecutorOptions options) {
  return std::make_unique<ShardedExecutor>(database, clock, std::move(options));
}

}  // namespace kith::exec
