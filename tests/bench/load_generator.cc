#include "tests/bench/load_generator.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"

namespace kith::bench {
namespace {

absl::Time Now() { return SystemClock().Now(); }

// The kernel's timers are late by the thread's slack; a spinning thread would take a core
// from the server.
void SleepUntil(absl::Time time) {
  prctl(PR_SET_TIMERSLACK, 1);
  const timespec wake = absl::ToTimespec(time);
  clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &wake, nullptr);
}

// What all calls of a run share.
class Run {
 public:
  explicit Run(const Load& load) : load_(load) {
    for (int i = 0; i < load.channels; ++i) {
      grpc::ChannelArguments args;
      args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      auto channel =
          grpc::CreateCustomChannel(load.address, grpc::InsecureChannelCredentials(), args);
      channel->WaitForConnected(absl::ToChronoTime(Now() + absl::Seconds(30)));
      stubs_.push_back(std::make_unique<grpc::GenericStub>(channel));
    }
    start_ = Now();
  }

  // Makes one call; `then` runs when it is answered. `due` is when its latency begins.
  void Call(absl::Time due, std::function<void()> then) {
    auto* call = new OneCall{due, next_++, std::move(then), {}, {}, {}};
    const std::string bytes = load_.request(call->number);
    const grpc::Slice slice(bytes);
    call->request = grpc::ByteBuffer(&slice, 1);
    call->context.set_deadline(absl::ToChronoTime(Now() + absl::Seconds(60)));
    {
      absl::MutexLock lock(&mutex_);
      ++open_;
    }
    stubs_[call->number % stubs_.size()]->UnaryCall(
        &call->context, load_.method, {}, &call->request, &call->response,
        [this, call](const grpc::Status& status) { Done(call, status); });
  }

  LoadResult Finish() {
    const auto all_answered = [this]()
                                  ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return open_ == 0; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&all_answered));
    LoadResult result;
    result.calls = static_cast<int64_t>(latencies_.size());
    result.failures = failures_;
    result.calls_per_second =
        static_cast<double>(result.calls) / absl::ToDoubleSeconds(last_ - start_);
    std::sort(latencies_.begin(), latencies_.end());
    if (!latencies_.empty()) {
      result.p50_us = latencies_[latencies_.size() / 2];
      result.p99_us = latencies_[latencies_.size() * 99 / 100];
    }
    return result;
  }

 private:
  struct OneCall {
    absl::Time due;
    int64_t number;
    std::function<void()> then;
    grpc::ClientContext context;
    grpc::ByteBuffer request, response;
  };

  void Done(OneCall* call, const grpc::Status& status) {
    const std::unique_ptr<OneCall> owner(call);
    const absl::Time now = Now();
    if (call->then) call->then();
    absl::MutexLock lock(&mutex_);
    latencies_.push_back(absl::ToDoubleMicroseconds(now - call->due));
    failures_ += status.ok() ? 0 : 1;
    last_ = std::max(last_, now);
    --open_;
  }

  const Load& load_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::atomic<int64_t> next_{0};
  absl::Time start_;
  absl::Mutex mutex_;
  int64_t open_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time last_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::vector<double> latencies_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

LoadResult ClosedLoop(const Load& load, int in_flight, absl::Duration duration) {
  Run run(load);
  const absl::Time end = Now() + duration;
  std::function<void()> again = [&] {
    if (const absl::Time now = Now(); now < end) run.Call(now, again);
  };
  for (int i = 0; i < in_flight; ++i) run.Call(Now(), again);
  return run.Finish();
}

LoadResult OpenLoop(const Load& load, double rate, absl::Duration duration) {
  Run run(load);
  const absl::Time start = Now();
  const auto calls = static_cast<int64_t>(rate * absl::ToDoubleSeconds(duration));
  for (int64_t i = 0; i < calls; ++i) {
    const absl::Time due = start + absl::Seconds(static_cast<double>(i) / rate);
    SleepUntil(due);
    run.Call(due, nullptr);
  }
  return run.Finish();
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace kith::bench
