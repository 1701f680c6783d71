// The gRPC server of a process.
#ifndef KITH_COMMON_SERVER_GRPC_SERVER_H_
#define KITH_COMMON_SERVER_GRPC_SERVER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server.h"

namespace kith::server {

// A request of more bytes is refused by gRPC itself, with RESOURCE_EXHAUSTED and no reason.
// What the limits of the fields allow is smaller (a test adds them up), but for the rules of a
// program, whose lists lie in each other.
inline constexpr int kMaxRequestBytes = 16 << 20;

// A running server. Thread-safe.
class GrpcServer {
 public:
  // Listens on `address` (port 0 takes a free one) and serves `services`, which must outlive
  // the server. UNAVAILABLE when it cannot, for example because the port is taken: ports
  // are never shared with another process.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const std::string& address, const std::vector<grpc::Service*>& services,
      bool reflection);

  // HOST:PORT with the port that is really used.
  const std::string& address() const { return address_; }
  // Takes no new calls, waits for the running ones, and cancels those that still run after
  // `timeout`. `active_calls` tells how many run: once none does, connections of clients
  // that are slow to hang up are cut. Not from a signal handler.
  void Shutdown(absl::Duration timeout, const std::atomic<int64_t>& active_calls);

 private:
  GrpcServer(std::unique_ptr<grpc::Server> server, std::string address)
      : server_(std::move(server)), address_(std::move(address)) {}

  const std::unique_ptr<grpc::Server> server_;
  const std::string address_;
};

// Sends what gRPC and protobuf have to say to our log. Once, before either is used.
void RedirectLibraryLogs();

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_GRPC_SERVER_H_
