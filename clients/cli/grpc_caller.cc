#include "clients/cli/grpc_caller.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/auth.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace kith::cli {
namespace {

using google::protobuf::MessageLite;

// Services say their version in this header of a health check.
constexpr char kVersionHeader[] = "kith-version";

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  if (path.empty()) return std::string();
  KITH_ASSIGN_OR_RETURN(const std::vector<std::string> tokens, rpc::LoadTokens(path));
  return tokens.front();
}

// `/kith.referral.v1.ReferralService/GetProgram` for a GetProgramRequest.
std::string MethodPath(const google::protobuf::Message& request) {
  const auto* type = request.GetDescriptor();
  const auto* file = type->file();
  for (int s = 0; s < file->service_count(); ++s) {
    const auto* service = file->service(s);
    for (int m = 0; m < service->method_count(); ++m) {
      if (service->method(m)->input_type() != type) continue;
      return absl::StrCat("/", service->full_name(), "/", service->method(m)->name());
    }
  }
  return absl::StrCat("/unknown/", type->full_name());
}

// Waits for one unary call.
grpc::Status Invoke(grpc::Channel& channel, grpc::ClientContext& context,
                    const std::string& path, const MessageLite& request,
                    MessageLite& response) {
  // The channel outlives the call; the stub only wants to share it.
  const std::shared_ptr<grpc::Channel> shared(&channel, [](grpc::Channel*) {});
  grpc::TemplatedGenericStub<MessageLite, MessageLite> stub(shared);
  absl::Notification done;
  grpc::Status result;
  stub.UnaryCall(&context, path, grpc::StubOptions(), &request, &response,
                 [&](grpc::Status status) {
                   result = std::move(status);
                   done.Notify();
                 });
  done.WaitForNotification();
  return result;
}

// What is at the end of gRPC's explanation of a connection that cannot be made.
std::string ShortCause(absl::string_view message) {
  if (absl::StrContains(message, "Failed parsing HTTP/2") ||
      absl::StrContains(message, "http1.x server")) {
    return "what answers there is no service of Kith; is it the port of its metrics?";
  }
  constexpr absl::string_view kLead = "Failed to connect to remote host: ";
  const size_t lead = message.rfind(kLead);
  return std::string(lead == absl::string_view::npos ? message
                                                     : message.substr(lead + kLead.size()));
}

// An error that comes from gRPC and not from the service, in our words.
absl::Status NameService(const absl::Status& status, absl::string_view peer) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return {
          status.code(),
          absl::StrCat("the ", peer, " cannot be reached: ", ShortCause(status.message()))};
    case absl::StatusCode::kDeadlineExceeded:
      return {status.code(), absl::StrCat("the ", peer, " did not answer in time")};
    case absl::StatusCode::kUnimplemented:
      return {status.code(),
              absl::StrCat("the ", peer, " does not know this call: is the address right?")};
    default:
      return {status.code(), absl::StrCat("the ", peer, ": ", status.message())};
  }
}

// The gRPC service that no other of the four has.
std::string OwnService(Target target) {
  std::string name(TargetName(target));
  name[0] = absl::ascii_toupper(name[0]);
  return absl::StrCat("kith.", TargetName(target), ".v1.", name, "Service");
}

std::string VersionOf(const grpc::ClientContext& context) {
  const auto& headers = context.GetServerInitialMetadata();
  const auto found = headers.find(kVersionHeader);
  if (found == headers.end()) return "";
  return std::string(found->second.data(), found->second.size());
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcCaller>> GrpcCaller::Create(const Options& options) {
  KITH_RETURN_IF_ERROR(CheckAddresses(options));
  auto token = ReadToken(options.token_file);
  if (!token.ok()) return token.status();
  return std::unique_ptr<GrpcCaller>(new GrpcCaller(options, *token));
}

GrpcCaller::GrpcCaller(const Options& options, const std::string& token) : options_(options) {
  rpc::ChannelOptions channel_options;
  channel_options.token = token;
  for (const Target target : kTargets) {
    channels_[static_cast<size_t>(target)] =
        rpc::MakeChannel(options.address(target), channel_options);
  }
}

GrpcCaller::~GrpcCaller() = default;

absl::Status GrpcCaller::Call(Target target, const google::protobuf::Message& request,
                              google::protobuf::Message* response) {
  grpc::ClientContext context;
  rpc::SetTimeout(context, options_.timeout);
  const grpc::Status status =
      Invoke(channel(target), context, MethodPath(request), request, *response);
  absl::Status result = rpc::FromGrpc(status);
  const auto details = GetErrorDetails(result);
  const std::string peer =
      absl::StrCat(TargetName(target), " service at ", options_.address(target));
  // Which token is wrong depends on who was asked.
  if (absl::IsUnauthenticated(result) && details.has_value()) {
    const std::string text = absl::StrCat("the ", peer, ": ", result.message());
    return MakeDetailedError(ErrorDef{result.code(), details->reason, text}, *details);
  }
  if (result.ok() || details.has_value()) return result;
  return NameService(result, peer);
}

Health GrpcCaller::CheckHealth(Target target) {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(OwnService(target));
  grpc::health::v1::HealthCheckResponse response;
  grpc::ClientContext context;
  rpc::SetTimeout(context, options_.timeout);
  const grpc::Status status =
      Invoke(channel(target), context, "/grpc.health.v1.Health/Check", request, response);
  Health health;
  if (!status.ok()) {
    health.detail = status.error_code() == grpc::StatusCode::NOT_FOUND
                        ? absl::StrCat("another service answers at ", options_.address(target),
                                       "; is the address right?")
                        : ShortCause(status.error_message());
    return health;
  }
  const bool serving = response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
  health.state = serving ? Health::kServing : Health::kNotServing;
  health.version = VersionOf(context);
  return health;
}

}  // namespace kith::cli
