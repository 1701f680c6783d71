// A referral service with a program and an advocate, ready to record touches.
#ifndef KITH_TESTS_BENCH_TOUCHES_H_
#define KITH_TESTS_BENCH_TOUCHES_H_

#include <string>

#include "tests/bench/load_generator.h"
#include "tests/support/server_process.h"

namespace kith::bench {

class TouchServer {
 public:
  static constexpr char kProgram[] = "bench";

  explicit TouchServer(const std::string& store_url);
  test::ServerProcess& process() { return process_; }
  const std::string& code() const { return code_; }
  // One new touch a call, under a new request id (UUIDv7).
  Load TouchLoad() const;

 private:
  void SetUp();

  const int port_;
  test::ServerProcess process_;
  std::string code_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_TOUCHES_H_
