// What the executor does, as metrics.
#ifndef KITH_COMMON_METRICS_EXECUTOR_METRICS_H_
#define KITH_COMMON_METRICS_EXECUTOR_METRICS_H_

#include <cstdint>

#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "common/metrics/registry.h"

namespace kith::metrics {

// Publishes kith_executor_* and kith_store_commit_seconds. Thread-safe. `registry` must
// outlive it.
class ExecutorMetrics final : public exec::ExecutorObserver {
 public:
  explicit ExecutorMetrics(Registry& registry);
  void OnBatch(int64_t commands, absl::Duration took) override;
  void OnCommit(absl::Duration took) override;
  void OnReplay() override;
  void OnRetry() override;
  void OnPrefetchMiss(int64_t n) override;
  void OnQueueDepth(int64_t commands) override;

 private:
  Histogram& batch_commands_;
  Histogram& batch_seconds_;
  Histogram& commit_seconds_;
  Counter& replays_;
  Counter& retries_;
  Counter& misses_;
  Gauge& queue_depth_;
};

}  // namespace kith::metrics

#endif  // KITH_COMMON_METRICS_EXECUTOR_METRICS_H_
