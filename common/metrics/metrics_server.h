// The HTTP endpoint that Prometheus scrapes.
#ifndef KITH_COMMON_METRICS_METRICS_SERVER_H_
#define KITH_COMMON_METRICS_METRICS_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/metrics/registry.h"

namespace prometheus {
class Exposer;
}

namespace kith::metrics {

// Serves `GET /metrics` until destroyed. Thread-safe.
class MetricsServer {
 public:
  // Listens on `address`, HOST:PORT; port 0 takes a free one. UNAVAILABLE when it cannot,
  // for example because the port is taken.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address,
                                                              const Registry& registry);
  ~MetricsServer();
  // The port that it listens on.
  int port() const;

 private:
  MetricsServer(std::unique_ptr<prometheus::Exposer> exposer,
                std::shared_ptr<prometheus::Registry> registry);
  // The exposer holds the registry weakly.
  const std::shared_ptr<prometheus::Registry> registry_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace kith::metrics

#endif  // KITH_COMMON_METRICS_METRICS_SERVER_H_
