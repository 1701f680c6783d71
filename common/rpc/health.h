// The standard health service of gRPC.
#ifndef KITH_COMMON_RPC_HEALTH_H_
#define KITH_COMMON_RPC_HEALTH_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace kith::rpc {

// One status for the server and for all its services: they share a store. Starts as
// NOT_SERVING. Needs no token. The answer of Check says the version of the server in the
// header `kith-version`. Thread-safe.
class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  // Makes a service known. Before the server starts.
  void AddService(const std::string& full_name);
  // Tells all watchers when the status changes. Has no effect after Stop.
  void SetServing(bool serving);
  // NOT_SERVING for good; ends the watching calls, which would hold the server up.
  void Stop();

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context,
      const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  class Watcher;
  using Response = grpc::health::v1::HealthCheckResponse;

  Response::ServingStatus StatusOf(bool known) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  bool serving_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<std::string> names_ ABSL_GUARDED_BY(mutex_) = {""};
  absl::flat_hash_set<Watcher*> watchers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_HEALTH_H_
