#include "common/server/grpc_server.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/log/log.h"
#include "common/server/listen_problem.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/grpc.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace kith::server {
namespace {

constexpr absl::Duration kRound = absl::Milliseconds(20);
constexpr int kIdleRounds = 10;

// The reflection library registers itself with every server once it is linked.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(
      std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [](const auto& plugin) {
      return plugin->name() == "proto_server_reflection";
    });
  }
};

void LogGrpc(gpr_log_func_args* args) {
  const log::Level level =
      args->severity == GPR_LOG_SEVERITY_ERROR ? log::Level::kWarn : log::Level::kDebug;
  log::Write(level, "grpc", {{"text", args->message}});
}

// Protobuf complains of malformed requests, which are answered and counted anyway.
void LogProtobuf(google::protobuf::LogLevel, const char*, int, const std::string& text) {
  log::Debug("protobuf", {{"text", text}});
}

void Configure(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Clients of ours ping every 30 s while calls run.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000);
  // Deadlines are kept where calls wait (executor, pool), and answers are never compressed:
  // two filters less for every call.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_DEADLINE_CHECKS, 0);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  // Only reflection is synchronous.
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
  grpc::ResourceQuota quota("kith");
  quota.SetMaxThreads(16);
  builder.SetResourceQuota(quota);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const std::string& address, const std::vector<grpc::Service*>& services, bool reflection) {
  if (reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  if (!reflection) builder.SetOption(std::make_unique<WithoutReflection>());
  Configure(builder);
  int port = 0;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", ListenProblem(address)));
  }
  std::string bound = absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(server), std::move(bound)));
}

void GrpcServer::Shutdown(absl::Duration timeout, const std::atomic<int64_t>& active_calls) {
  absl::Notification done;
  std::thread shutdown([&] {
    server_->Shutdown(absl::ToChronoTime(SystemClock().Now() + timeout));
    done.Notify();
  });
  // gRPC also waits for every client to hang up, and an idle one may take seconds. The
  // rounds leave time for last answers that are still on their way.
  int idle_rounds = 0;
  while (!done.WaitForNotificationWithTimeout(kRound)) {
    idle_rounds = active_calls > 0 ? 0 : idle_rounds + 1;
    if (idle_rounds == kIdleRounds) grpc_server_cancel_all_calls(server_->c_server());
  }
  shutdown.join();
}

void RedirectLibraryLogs() {
  gpr_set_log_function(LogGrpc);
  google::protobuf::SetLogHandler(LogProtobuf);
}

}  // namespace kith::server
