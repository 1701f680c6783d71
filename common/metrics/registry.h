// Metrics of the process, in Prometheus' terms. A thin face over prometheus-cpp, so that
// only common/metrics and common/server link it.
#ifndef KITH_COMMON_METRICS_REGISTRY_H_
#define KITH_COMMON_METRICS_REGISTRY_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Registry;
}

namespace kith::metrics {

using Labels = std::map<std::string, std::string>;

// A value that only grows. Thread-safe.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Increment(double by = 1) = 0;
};

// A value that goes up and down. Thread-safe.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
};

// A distribution. Thread-safe.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

// All metrics of a process. Thread-safe. A metric is made once for each name and set of
// labels and lives as long as the registry; asking again returns the same one. Names follow
// Prometheus' conventions (`_total`, `_seconds`, base units); `help` is one sentence.
class Registry {
 public:
  Registry();
  ~Registry();
  Counter& GetCounter(const std::string& name, const std::string& help,
                      const Labels& labels = {});
  Gauge& GetGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& GetHistogram(const std::string& name, const std::string& help,
                          const std::vector<double>& upper_bounds, const Labels& labels = {});
  std::shared_ptr<prometheus::Registry> underlying() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Bounds for latencies, from 100 µs to 10 s, in seconds.
const std::vector<double>& LatencyBounds();

}  // namespace kith::metrics

#endif  // KITH_COMMON_METRICS_REGISTRY_H_
