#include "clients/cli/import/pipeline.h"

namespace kith::cli {

Pipeline::Pipeline(const Wire& wire, int workers, Done done)
    : wire_(wire), limit_(static_cast<size_t>(workers)), done_(std::move(done)) {
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { Work(); });
}

Pipeline::~Pipeline() { Finish().IgnoreError(); }

bool Pipeline::Submit(std::unique_ptr<Batch> batch) {
  absl::MutexLock lock(&mutex_);
  const auto has_room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return waiting_.size() < limit_ || !error_.ok();
  };
  mutex_.Await(absl::Condition(&has_room));
  if (!error_.ok()) return false;
  // One turn for each call, and one for handing the batch out.
  if (turns_.empty()) turns_.resize(batch->calls.size() + 1);
  waiting_.push_back(std::move(batch));
  return true;
}

absl::Status Pipeline::Finish() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  absl::MutexLock lock(&mutex_);
  return error_;
}

void Pipeline::Work() {
  for (;;) {
    std::unique_ptr<Batch> batch;
    {
      absl::MutexLock lock(&mutex_);
      const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return !waiting_.empty() || closed_;
      };
      mutex_.Await(absl::Condition(&has_work));
      if (waiting_.empty()) return;
      batch = std::move(waiting_.front());
      waiting_.pop_front();
    }
    Process(*batch);
  }
}

// The earliest batch on its way never waits for a turn, so the others come to theirs.
void Pipeline::Process(Batch& batch) {
  for (BatchCall& call : batch.calls) call.RejectInvalidItems(&batch.rows);
  for (size_t stage = 0; stage < batch.calls.size(); ++stage) {
    BatchCall& call = batch.calls[stage];
    if (call.in_order()) AwaitTurn(stage, batch.index);
    if (!Failed()) {
      absl::Status status = call.Run(wire_, &batch.rows);
      if (!status.ok()) Fail(std::move(status));
    }
    if (call.in_order()) EndTurn(stage);
  }
  AwaitTurn(batch.calls.size(), batch.index);
  if (!Failed()) done_(batch);
  EndTurn(batch.calls.size());
}

void Pipeline::AwaitTurn(size_t stage, int64_t index) {
  absl::MutexLock lock(&mutex_);
  const auto is_turn = [this, stage, index]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return turns_[stage] == index;
  };
  mutex_.Await(absl::Condition(&is_turn));
}

void Pipeline::EndTurn(size_t stage) {
  absl::MutexLock lock(&mutex_);
  ++turns_[stage];
}

bool Pipeline::Failed() {
  absl::MutexLock lock(&mutex_);
  return !error_.ok();
}

void Pipeline::Fail(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  if (error_.ok()) error_ = std::move(status);
}

}  // namespace kith::cli
