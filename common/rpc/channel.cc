#include "common/rpc/channel.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/rpc/status.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/client_interceptor.h"

namespace kith::rpc {
namespace {

using grpc::experimental::ClientInterceptorFactoryInterface;
using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;

constexpr char kServiceConfig[] = R"json({
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 4,
      "initialBackoff": "0.1s",
      "maxBackoff": "2s",
      "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
})json";

// "/package.Service/Method" as labels.
metrics::Labels MethodLabels(absl::string_view path) {
  path.remove_prefix(path.empty() ? 0 : 1);
  const size_t slash = path.rfind('/');
  if (slash == absl::string_view::npos) return {{"grpc_method", std::string(path)}};
  return {{"grpc_service", std::string(path.substr(0, slash))},
          {"grpc_method", std::string(path.substr(slash + 1))}};
}

// Adds the token and counts; one for each call.
class CallInterceptor final : public Interceptor {
 public:
  CallInterceptor(const ClientRpcInfo& info, const ChannelOptions& options)
      : options_(options), start_(SystemClock().Now()) {
    if (options_.metrics == nullptr) return;
    labels_ = MethodLabels(info.method());
    options_.metrics->GetCounter("grpc_client_started_total", "Calls made.", labels_)
        .Increment();
  }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (!options_.token.empty() && methods->QueryInterceptionHookPoint(
                                       InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->emplace("authorization",
                                                 absl::StrCat("Bearer ", options_.token));
    }
    if (options_.metrics != nullptr &&
        methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_STATUS)) {
      Count(methods->GetRecvStatus()->error_code());
    }
    methods->Proceed();
  }

 private:
  void Count(grpc::StatusCode code) {
    options_.metrics
        ->GetHistogram("grpc_client_handling_seconds",
                       "Time from the start of a call to its answer.",
                       metrics::LatencyBounds(), labels_)
        .Observe(absl::ToDoubleSeconds(SystemClock().Now() - start_));
    labels_["grpc_code"] = std::string(CodeName(static_cast<absl::StatusCode>(code)));
    options_.metrics
        ->GetCounter("grpc_client_handled_total", "Calls answered, by code.", labels_)
        .Increment();
  }

  const ChannelOptions& options_;
  const absl::Time start_;
  metrics::Labels labels_;
};

class InterceptorFactory final : public ClientInterceptorFactoryInterface {
 public:
  explicit InterceptorFactory(ChannelOptions options) : options_(std::move(options)) {}
  Interceptor* CreateClientInterceptor(ClientRpcInfo* info) override {
    return new CallInterceptor(*info, options_);
  }

 private:
  const ChannelOptions options_;
};

grpc::ChannelArguments Arguments(const ChannelOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(options.max_message_bytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Not a pause: how long one attempt may take. A server that is merely busy answers late.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  return arguments;
}

}  // namespace

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target,
                                           const ChannelOptions& options) {
  std::vector<std::unique_ptr<ClientInterceptorFactoryInterface>> interceptors;
  if (options.metrics != nullptr || !options.token.empty()) {
    interceptors.push_back(std::make_unique<InterceptorFactory>(options));
  }
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      target, grpc::InsecureChannelCredentials(), Arguments(options), std::move(interceptors));
}

void SetTimeout(grpc::ClientContext& context, absl::Duration timeout) {
  context.set_deadline(absl::ToChronoTime(SystemClock().Now() + timeout));
}

}  // namespace kith::rpc
