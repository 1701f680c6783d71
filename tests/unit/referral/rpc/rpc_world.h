// Services over gRPC in this process, called with requests in text form.
#ifndef KITH_TESTS_UNIT_REFERRAL_RPC_RPC_WORLD_H_
#define KITH_TESTS_UNIT_REFERRAL_RPC_RPC_WORLD_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/concurrency/bounded_pool.h"
#include "common/log/log.h"
#include "common/metrics/registry.h"
#include "common/rpc/channel.h"
#include "common/rpc/runtime.h"
#include "common/rpc/service.h"
#include "common/rpc/status.h"
#include "common/server/grpc_server.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "tests/unit/referral/app/world.h"

namespace kith::referral::rpc {

class RpcWorld {
 public:
  RpcWorld() : pool_(2, 16) {
    log::Configure(log::Level::kOff, "referral");
    runtime_.executor = &world.executor();
    runtime_.pool = &pool_;
    runtime_.clock = &world.clock;
    runtime_.metrics = &registry_;
  }
  ~RpcWorld() {
    if (server_ != nullptr) server_->Shutdown(absl::Seconds(20), runtime_.active_calls);
    pool_.Stop();
  }
  RpcWorld(const RpcWorld&) = delete;
  RpcWorld& operator=(const RpcWorld&) = delete;

  // Makes the services with runtime(), then serves them.
  kith::rpc::Runtime* runtime() { return &runtime_; }
  void Serve(std::vector<std::unique_ptr<kith::rpc::Service>> services) {
    services_ = std::move(services);
    std::vector<grpc::Service*> served;
    for (const auto& service : services_) {
      EXPECT_TRUE(service->UnboundMethods().empty());
      served.push_back(service->grpc_service());
    }
    server_ = *server::GrpcServer::Start("127.0.0.1:0", served, false);
    channel_ = kith::rpc::MakeChannel(server_->address());
  }

  // The response, or the error.
  template <class GrpcService, class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                             const Request&, Response*),
                                const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    grpc::ClientContext context;
    Response response;
    const auto stub = GrpcService::NewStub(channel_);
    const absl::Status status =
        kith::rpc::FromGrpc((stub.get()->*method)(&context, request, &response));
    if (!status.ok()) return status;
    return response;
  }

  app::World world{"sqlite", /*with_program=*/false};

 private:
  BoundedPool pool_;
  metrics::Registry registry_;
  kith::rpc::Runtime runtime_;
  std::vector<std::unique_ptr<kith::rpc::Service>> services_;
  std::unique_ptr<server::GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace kith::referral::rpc

#endif  // KITH_TESTS_UNIT_REFERRAL_RPC_RPC_WORLD_H_
