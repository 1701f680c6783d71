// A bare gRPC callback service: the yardstick for the real ones. Serves on the port given as
// its only argument until it is killed.
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <string>

#include "tests/bench/echo.grpc.pb.h"

namespace {

using kith::bench::v1::EchoService;

class EchoServer final : public EchoService::CallbackService {
  grpc::ServerUnaryReactor* Echo(
      grpc::CallbackServerContext* context,
      const kith::referral::v1::RecordTouchesRequest* request,
      kith::referral::v1::RecordTouchesResponse* response) override {
    for (int i = 0; i < request->touches_size(); ++i) {
      response->add_results()->set_advocate_id("advocate-1");
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: kith_bench_echo PORT\n");
    return 2;
  }
  EchoServer service;
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(std::string("127.0.0.1:") + argv[1],
                           grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  server->Wait();
}
