#include "common/metrics/executor_metrics.h"

#include <vector>

namespace kith::metrics {

ExecutorMetrics::ExecutorMetrics(Registry& registry)
    : batch_commands_(registry.GetHistogram("kith_executor_batch_commands",
                                            "Commands in one transaction.",
                                            {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})),
      batch_seconds_(registry.GetHistogram("kith_executor_batch_seconds",
                                           "Time from taking a batch to its end.",
                                           LatencyBounds())),
      commit_seconds_(registry.GetHistogram("kith_store_commit_seconds",
                                            "Time that the store took to write and commit.",
                                            LatencyBounds())),
      replays_(registry.GetCounter("kith_executor_replays_total",
                                   "Commands answered from a stored response.")),
      retries_(
          registry.GetCounter("kith_executor_retries_total", "Batches that started again.")),
      misses_(registry.GetCounter("kith_executor_prefetch_misses_total",
                                  "Rows that a command needed but had not asked for.")),
      queue_depth_(registry.GetGauge("kith_executor_queue_depth",
                                     "Commands that wait for a writer.")) {}

void ExecutorMetrics::OnBatch(int64_t commands, absl::Duration took) {
  batch_commands_.Observe(static_cast<double>(commands));
  batch_seconds_.Observe(absl::ToDoubleSeconds(took));
}
void ExecutorMetrics::OnCommit(absl::Duration took) {
  commit_seconds_.Observe(absl::ToDoubleSeconds(took));
}
void ExecutorMetrics::OnReplay() { replays_.Increment(); }
void ExecutorMetrics::OnRetry() { retries_.Increment(); }
void ExecutorMetrics::OnPrefetchMiss(int64_t n) {
  if (n > 0) misses_.Increment(static_cast<double>(n));
}
void ExecutorMetrics::OnQueueDepth(int64_t commands) {
  queue_depth_.Set(static_cast<double>(commands));
}

}  // namespace kith::metrics
