// What all services of a process share.
#ifndef KITH_COMMON_RPC_RUNTIME_H_
#define KITH_COMMON_RPC_RUNTIME_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/concurrency/bounded_pool.h"
#include "common/executor/executor.h"
#include "common/metrics/registry.h"
#include "common/rpc/auth.h"

namespace kith::rpc {

// Set up before the first Service is made; read-only afterwards. What it points to outlives
// the server. `executor` and `pool` may be null when nothing is bound that needs them.
struct Runtime {
  exec::Executor* executor = nullptr;
  BoundedPool* pool = nullptr;
  const Clock* clock = &SystemClock();
  metrics::Registry* metrics = nullptr;
  AuthTokens auth;
  std::string service_name;                             // for the log
  absl::Duration default_deadline = absl::Seconds(30);  // when the client sets none
  // Calls that have begun and whose answer has not gone out.
  mutable std::atomic<int64_t> active_calls = 0;
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_RUNTIME_H_
