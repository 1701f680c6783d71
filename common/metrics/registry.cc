#include "common/metrics/registry.h"

#include <mutex>
#include <utility>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace kith::metrics {
namespace {

class CounterImpl final : public Counter {
 public:
  explicit CounterImpl(prometheus::Counter& counter) : counter_(counter) {}
  void Increment(double by) override { counter_.Increment(by); }

 private:
  prometheus::Counter& counter_;
};

class GaugeImpl final : public Gauge {
 public:
  explicit GaugeImpl(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void Set(double value) override { gauge_.Set(value); }

 private:
  prometheus::Gauge& gauge_;
};

class HistogramImpl final : public Histogram {
 public:
  explicit HistogramImpl(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void Observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

}  // namespace

class Registry::Impl {
 public:
  template <class Metric>
  using Map = std::map<std::pair<std::string, Labels>, std::unique_ptr<Metric>>;

  template <class Metric, class Make>
  Metric& GetOrMake(Map<Metric>& metrics, const std::string& name, const Labels& labels,
                    Make make) {
    const std::scoped_lock lock(mutex);
    auto& slot = metrics[{name, labels}];
    if (slot == nullptr) slot = make();
    return *slot;
  }

  const std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>();
  std::mutex mutex;
  Map<Counter> counters;
  Map<Gauge> gauges;
  Map<Histogram> histograms;
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Counter& Registry::GetCounter(const std::string& name, const std::string& help,
                              const Labels& labels) {
  return impl_->GetOrMake(impl_->counters, name, labels, [&] {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(*impl_->registry);
    return std::make_unique<CounterImpl>(family.Add(labels));
  });
}

Gauge& Registry::GetGauge(const std::string& name, const std::string& help,
                          const Labels& labels) {
  return impl_->GetOrMake(impl_->gauges, name, labels, [&] {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(*impl_->registry);
    return std::make_unique<GaugeImpl>(family.Add(labels));
  });
}

Histogram& Registry::GetHistogram(const std::string& name, const std::string& help,
                                  const std::vector<double>& upper_bounds,
                                  const Labels& labels) {
  return impl_->GetOrMake(impl_->histograms, name, labels, [&] {
    auto& family =
        prometheus::BuildHistogram().Name(name).Help(help).Register(*impl_->registry);
    return std::make_unique<HistogramImpl>(family.Add(labels, upper_bounds));
  });
}

std::shared_ptr<prometheus::Registry> Registry::underlying() const { return impl_->registry; }

const std::vector<double>& LatencyBounds() {
  static const auto& bounds =
      *new std::vector<double>{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                               0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  return bounds;
}

}  // namespace kith::metrics
