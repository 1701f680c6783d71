// The referral service in this process: a store, an executor, its RPCs, its due work.
#ifndef KITH_TESTS_PROPERTY_SERVICE_H_
#define KITH_TESTS_PROPERTY_SERVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/executor/executor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "kith/events/v1/events.pb.h"
#include "tests/property/misses.h"

namespace kith::property {

class Service {
 public:
  // Opens the store, or makes it. `clock` and `misses` must outlive the service.
  Service(const std::string& store_url, ManualClock& clock, Misses& misses);
  ~Service();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // Does all work that is due by the clock.
  void DoDueWork();
  // Applies a fact of the retention service's feed.
  void Learn(const std::string& program_id, const kith::events::v1::Fact& fact);

 private:
  class Observer final : public exec::ExecutorObserver {
   public:
    explicit Observer(Misses& misses) : misses_(misses) {}
    void OnBatch(int64_t, absl::Duration) override {}
    void OnCommit(absl::Duration) override {}
    void OnReplay() override {}
    void OnRetry() override {}
    void OnPrefetchMiss(int64_t n) override { misses_.OnMisses(n); }
    void OnQueueDepth(int64_t) override {}

   private:
    Misses& misses_;
  };
  struct Parts;

  Observer observer_;
  std::unique_ptr<Parts> parts_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_SERVICE_H_
