// The referral service in this process: a store, an executor, its RPCs, its due work.
#ifndef KITH_TESTS_PROPERTY_SERVICE_H_
#define KITH_TESTS_PROPERTY_SERVICE_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/executor/executor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "kith/events/v1/events.pb.h"

namespace kith::property {

class Service {
 public:
  // Opens the store, or makes it. `clock` must outlive the service.
  Service(const std::string& store_url, ManualClock& clock);
  ~Service();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // Does all work that is due by the clock.
  void DoDueWork();
  // Applies a fact of the retention service's feed.
  void Learn(const std::string& program_id, const kith::events::v1::Fact& fact);
  // Rows that commands needed without having wanted them.
  int64_t misses() const { return observer_.misses; }

 private:
  class Observer final : public exec::ExecutorObserver {
   public:
    void OnBatch(int64_t, absl::Duration) override {}
    void OnCommit(absl::Duration) override {}
    void OnReplay() override {}
    void OnRetry() override {}
    void OnPrefetchMiss(int64_t n) override { misses += n; }
    void OnQueueDepth(int64_t) override {}
    std::atomic<int64_t> misses{0};
  };
  struct Parts;

  Observer observer_;
  std::unique_ptr<Parts> parts_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_SERVICE_H_
