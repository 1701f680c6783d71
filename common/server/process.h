// A service put together: everything between the command line and the signal to stop.
#ifndef KITH_COMMON_SERVER_PROCESS_H_
#define KITH_COMMON_SERVER_PROCESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/concurrency/bounded_pool.h"
#include "common/config/options.h"
#include "common/db/db.h"
#include "common/executor/executor.h"
#include "common/executor/store_setup.h"
#include "common/feed/consumer.h"
#include "common/feed/feed_server.h"
#include "common/feed/handler.h"
#include "common/metrics/executor_metrics.h"
#include "common/metrics/metrics_server.h"
#include "common/metrics/registry.h"
#include "common/rpc/health.h"
#include "common/rpc/runtime.h"
#include "common/rpc/service.h"
#include "common/server/grpc_server.h"
#include "common/server/service_main.h"
#include "common/server/store_probe.h"

namespace kith::server {

// Not thread-safe. Prepare, then Start, then Stop, each at most once; Stop after a Start
// that failed is not needed.
class Process {
 public:
  // Both must outlive the process.
  Process(const Definition& definition, const config::Options& options);
  ~Process();

  // Opens the store and brings it to the binary's schema.
  absl::Status Prepare();
  // Starts everything; when it returns OK, calls are served.
  absl::Status Start();
  // Health says NOT_SERVING; running work ends; then all stops in reverse order.
  void Stop();

  // The gRPC address in use, after Start.
  const std::string& address() const { return grpc_->address(); }

 private:
  absl::Status OpenStore();
  absl::Status LoadTokens();
  void StartExecutor();
  absl::Status StartFollowing();
  absl::Status MakeServices();
  absl::Status StartServers();
  Parts MakeParts();
  std::vector<grpc::Service*> GrpcServices();

  const Definition& definition_;
  const config::Options& options_;
  const bool postgres_;
  const int read_threads_;
  const int write_threads_;

  // In the order of construction; later ones use earlier ones.
  metrics::Registry registry_;
  metrics::ExecutorMetrics executor_metrics_{registry_};
  std::unique_ptr<ManualClock> manual_clock_;
  const Clock* clock_;
  std::string token_;  // sent to followed services
  rpc::Runtime runtime_;
  std::unique_ptr<db::Database> database_;
  exec::StoreInfo store_;
  std::unique_ptr<feed::FeedServer> feed_;
  std::unique_ptr<exec::Executor> executor_;
  std::unique_ptr<BoundedPool> pool_;
  std::unique_ptr<feed::Handler> handler_;
  feed::Consumers consumers_;
  std::vector<std::unique_ptr<Background>> background_;
  std::vector<std::unique_ptr<rpc::Service>> services_;
  rpc::HealthService health_;
  std::unique_ptr<StoreProbe> probe_;
  std::unique_ptr<metrics::MetricsServer> metrics_server_;
  std::unique_ptr<GrpcServer> grpc_;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_PROCESS_H_
