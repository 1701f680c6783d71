#include "tests/bench/load_generator.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
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

// What all calls of a run share. Each connection keeps its own account, so that many calls a
// second do not wait for one lock.
class Run {
 public:
  explicit Run(const Load& load) : load_(load) {
    for (int i = 0; i < load.channels; ++i) {
      grpc::ChannelArguments args;
      args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      auto channel =
          grpc::CreateCustomChannel(load.address, grpc::InsecureChannelCredentials(), args);
      channel->WaitForConnected(absl::ToChronoTime(Now() + absl::Seconds(30)));
      connections_.push_back(std::make_unique<Connection>(channel));
    }
    start_ = Now();
  }

  // Makes one call; `then` runs when it is answered. `due` is when its latency begins.
  void Call(absl::Time due, std::function<void()> then) {
    Call(next_++, due, std::move(then));
  }
  void Call(int64_t number, absl::Time due, std::function<void()> then) {
    Connection& connection = *connections_[number % connections_.size()];
    auto* call = new OneCall{due, std::move(then), {}, {}, {}};
    const std::string bytes = load_.request(number);
    const grpc::Slice slice(bytes);
    call->request = grpc::ByteBuffer(&slice, 1);
    call->context.set_deadline(absl::ToChronoTime(Now() + absl::Seconds(60)));
    ++open_;
    connection.stub.UnaryCall(&call->context, load_.method, {}, &call->request,
                              &call->response,
                              [this, &connection, call](const grpc::Status& status) {
                                Done(connection, call, status);
                              });
  }

  LoadResult Finish() {
    Close();
    all_answered_.WaitForNotification();
    std::vector<double> latencies;
    LoadResult result;
    absl::Time last = start_;
    for (const auto& connection : connections_) {
      absl::MutexLock lock(&connection->mutex);
      latencies.insert(latencies.end(), connection->latencies.begin(),
                       connection->latencies.end());
      result.failures += connection->failures;
      last = std::max(last, connection->last);
    }
    result.calls = static_cast<int64_t>(latencies.size());
    result.calls_per_second =
        static_cast<double>(result.calls) / absl::ToDoubleSeconds(last - start_);
    std::sort(latencies.begin(), latencies.end());
    if (!latencies.empty()) {
      result.p50_us = latencies[latencies.size() / 2];
      result.p99_us = latencies[latencies.size() * 99 / 100];
    }
    return result;
  }

 private:
  struct Connection {
    explicit Connection(const std::shared_ptr<grpc::Channel>& channel) : stub(channel) {}

    grpc::GenericStub stub;
    absl::Mutex mutex;
    int64_t failures ABSL_GUARDED_BY(mutex) = 0;
    absl::Time last ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
    std::vector<double> latencies ABSL_GUARDED_BY(mutex);
  };
  struct OneCall {
    absl::Time due;
    std::function<void()> then;
    grpc::ClientContext context;
    grpc::ByteBuffer request, response;
  };

  void Done(Connection& connection, OneCall* call, const grpc::Status& status) {
    std::unique_ptr<OneCall> owner(call);
    const absl::Time now = Now();
    if (call->then) call->then();
    {
      absl::MutexLock lock(&connection.mutex);
      connection.latencies.push_back(absl::ToDoubleMicroseconds(now - call->due));
      connection.failures += status.ok() ? 0 : 1;
      connection.last = std::max(connection.last, now);
    }
    // The context belongs to the channel, which may go as soon as all calls are closed.
    owner.reset();
    Close();
  }
  // One call less, or no more calls to come; the last one tells.
  void Close() {
    if (--open_ == 0) all_answered_.Notify();
  }

  const Load& load_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::atomic<int64_t> next_{0};
  std::atomic<int64_t> open_{1};  // calls, and one for those to come
  absl::Notification all_answered_;
  absl::Time start_;
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
  std::vector<std::thread> senders;
  for (int sender = 0; sender < load.channels; ++sender) {
    senders.emplace_back([&, sender] {
      for (int64_t i = sender; i < calls; i += load.channels) {
        const absl::Time due = start + absl::Seconds(static_cast<double>(i) / rate);
        SleepUntil(due);
        run.Call(i, due, nullptr);
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  return run.Finish();
}

double OpenLoopPeak(const Load& load, double closed_loop_rate, absl::Duration duration) {
  return std::min(closed_loop_rate,
                  OpenLoop(load, closed_loop_rate, duration).calls_per_second);
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace kith::bench
