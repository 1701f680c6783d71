// A server in this process with the echo service, for tests of the adapter.
#ifndef KITH_TESTS_UNIT_COMMON_RPC_ECHO_SERVER_H_
#define KITH_TESTS_UNIT_COMMON_RPC_ECHO_SERVER_H_

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"
#include "common/concurrency/bounded_pool.h"
#include "common/log/log.h"
#include "common/metrics/registry.h"
#include "common/rpc/channel.h"
#include "common/rpc/health.h"
#include "common/rpc/runtime.h"
#include "common/rpc/service.h"
#include "common/server/grpc_server.h"
#include "prometheus/registry.h"
#include "prometheus/text_serializer.h"
#include "tests/unit/common/rpc/echo.grpc.pb.h"
#include "tests/unit/common/rpc/inline_executor.h"

namespace kith::rpc::test {

using namespace kith::echo::v1;

class EchoServer {
 public:
  struct Options {
    std::vector<std::string> tokens;
    int threads = 2;
    size_t max_queue = 16;
    // Runs before Get answers.
    std::function<void(const GetRequest&, const CallContext&)> on_get =
        [](const GetRequest&, const CallContext&) {};
  };
  using WaitDone = absl::AnyInvocable<void(absl::Status, const WaitResponse&)>;

  EchoServer() : EchoServer(Options()) {}
  explicit EchoServer(Options options)
      : options_(std::move(options)), pool_(options_.threads, options_.max_queue) {
    log::Configure(log::Level::kOff, "echo");
    runtime_.executor = &executor_;
    runtime_.pool = &pool_;
    runtime_.metrics = &registry_;
    runtime_.auth = AuthTokens(options_.tokens);
    service_ = MakeService();
    health_.AddService(service_->descriptor()->full_name());
    health_.SetServing(true);
    auto server = server::GrpcServer::Start(
        "127.0.0.1:0", {service_->grpc_service(), &health_}, /*reflection=*/true);
    server_ = *std::move(server);
    channel_ = MakeChannel(server_->address());
    stub_ = EchoService::NewStub(channel_);
  }
  ~EchoServer() { Stop(); }

  void Stop() {
    if (!running_) return;
    running_ = false;
    health_.Stop();
    server_->Shutdown(absl::Seconds(20), runtime_.active_calls);
    pool_.Stop();
  }

  void Shutdown() { server_->Shutdown(absl::Seconds(20), runtime_.active_calls); }

  EchoService::Stub& stub() { return *stub_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& address() const { return server_->address(); }
  InlineExecutor& executor() { return executor_; }
  BoundedPool& pool() { return pool_; }
  HealthService& health() { return health_; }
  void set_on_wait(std::function<void(WaitDone)> on_wait) { on_wait_ = std::move(on_wait); }

  // The value of the metric whose line starts with `start` up to its last label, or nullopt.
  std::optional<double> Metric(const std::string& start) const {
    const std::string text =
        prometheus::TextSerializer().Serialize(registry_.underlying()->Collect());
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (absl::StartsWith(line, absl::StrCat(start, " "))) {
        return std::stod(line.substr(start.size() + 1));
      }
    }
    return std::nullopt;
  }
  std::optional<double> Handled(const std::string& method, const std::string& code) const {
    return Metric(absl::StrCat("grpc_server_handled_total{grpc_code=\"", code,
                               "\",grpc_method=\"", method,
                               "\",grpc_service=\"kith.echo.v1.EchoService\","
                               "grpc_type=\"unary\"}"));
  }

 private:
  std::unique_ptr<Service> MakeService() {
    auto service = std::make_unique<Service>(
        PutRequest::descriptor()->file()->FindServiceByName("EchoService"), &runtime_);
    service->Write<PutRequest>(
        "Put", [](const PutRequest& request) -> absl::StatusOr<WriteCall> {
          if (request.text() == "no") return MakeError(kRefused);
          return WriteCall{request.program_id(), request.request_id(), 3,
                           std::make_unique<EchoCommand>(request.text())};
        });
    service->Read<GetRequest, GetResponse>(
        "Get",
        [this](const GetRequest& request, const CallContext& context, GetResponse& response) {
          options_.on_get(request, context);
          response.set_text(request.text());
          return ErrorNamed(request.error());
        });
    service->Async<WaitRequest, WaitResponse>(
        "Wait", [this](const WaitRequest&, const CallContext&, WaitDone done) {
          on_wait_(std::move(done));
        });
    service->WriteStream<PutAllRequest, PutAllResponse>(
        "PutAll",
        [](const PutAllRequest& request) -> absl::StatusOr<WriteCall> {
          return WriteCall{"p", "", 1, std::make_unique<EchoCommand>(request.text())};
        },
        [](const PutAllRequest&, absl::string_view one, PutAllResponse& response) {
          PutResponse put;
          put.ParseFromArray(one.data(), static_cast<int>(one.size()));
          response.add_texts(put.text());
        });
    return service;
  }

  static absl::Status ErrorNamed(const std::string& name) {
    if (name == "named") return MakeFieldError(kRefused, "text", "must be another");
    if (name == "aborted") return absl::AbortedError("conflict of row 17");
    if (name == "bug") return absl::InternalError("no such table: advocate");
    if (name == "cancelled") return absl::CancelledError();
    return absl::OkStatus();
  }

  const Options options_;
  std::function<void(WaitDone)> on_wait_ = [](WaitDone done) {
    done(absl::OkStatus(), WaitResponse());
  };
  metrics::Registry registry_;
  InlineExecutor executor_;
  BoundedPool pool_;
  Runtime runtime_;
  std::unique_ptr<Service> service_;
  HealthService health_;
  std::unique_ptr<server::GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<EchoService::Stub> stub_;
  bool running_ = true;
};

// A context with a deadline far enough away.
inline std::unique_ptr<grpc::ClientContext> NewContext(
    absl::Duration timeout = absl::Seconds(20)) {
  auto context = std::make_unique<grpc::ClientContext>();
  SetTimeout(*context, timeout);
  return context;
}

}  // namespace kith::rpc::test

#endif  // KITH_TESTS_UNIT_COMMON_RPC_ECHO_SERVER_H_
