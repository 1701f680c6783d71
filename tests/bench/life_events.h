// A retention service with a program, and batches of lifecycle events for it.
#ifndef KITH_TESTS_BENCH_LIFE_EVENTS_H_
#define KITH_TESTS_BENCH_LIFE_EVENTS_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "kith/retention/v1/retention.grpc.pb.h"
#include "tests/bench/load_generator.h"
#include "tests/support/server_process.h"

namespace kith::bench {

inline constexpr int kBatchEvents = 1000;
inline constexpr int kEventsPerCustomer = 10;

class RetentionServer {
 public:
  // Starts on a SQLite file, which may exist.
  explicit RetentionServer(const std::string& file);
  test::ServerProcess& process() { return process_; }
  const std::string& address() const { return address_; }
  kith::retention::v1::RetentionService::Stub& stub() { return *stub_; }
  static absl::string_view program() { return "bench"; }

 private:
  const std::string address_;
  test::ServerProcess process_;
  std::unique_ptr<kith::retention::v1::RetentionService::Stub> stub_;
};

// Who the events of a batch are about.
enum class Customers {
  kTogether,   // whole lives, as an import sorted by customer has them
  kScattered,  // one event each of customers that earlier batches spoke of, and some new ones
};

// RecordEvents with kBatchEvents new events a call, under a new request id.
Load EventLoad(const RetentionServer& server, Customers customers);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_LIFE_EVENTS_H_
