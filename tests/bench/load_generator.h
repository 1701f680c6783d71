// Calls a server and measures: closed loop (so many calls in flight) and open loop (so many
// calls a second, whatever the server does).
#ifndef KITH_TESTS_BENCH_LOAD_GENERATOR_H_
#define KITH_TESTS_BENCH_LOAD_GENERATOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace grpc {
class ByteBuffer;
}

namespace kith::bench {

// What a run saw. Latencies are in microseconds; those of an open loop count from the
// moment the call should have been made.
struct LoadResult {
  int64_t calls = 0;
  int64_t failures = 0;
  double calls_per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

// Makes the serialized request of the n-th call, n from 0. Must be thread-safe.
using MakeRequest = std::function<std::string(int64_t n)>;

struct Load {
  std::string address;  // HOST:PORT
  std::string method;   // "/package.Service/Method"
  MakeRequest request;
  int channels = 2;  // connections
};

// Keeps `in_flight` calls going until `duration` is over.
LoadResult ClosedLoop(const Load& load, int in_flight, absl::Duration duration);
// Makes `rate` calls a second, evenly spaced, each connection by a thread of its own.
LoadResult OpenLoop(const Load& load, double rate, absl::Duration duration);
// The rate that an open loop reaches when it is asked for that of a closed loop: less, since
// its calls are made one by one and not as many as have just been answered.
double OpenLoopPeak(const Load& load, double closed_loop_rate, absl::Duration duration);

// The middle of the values.
double Median(std::vector<double> values);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_LOAD_GENERATOR_H_
