// Caller over gRPC.
#ifndef KITH_CLIENTS_CLI_GRPC_CALLER_H_
#define KITH_CLIENTS_CLI_GRPC_CALLER_H_

#include <array>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/caller.h"
#include "clients/cli/options.h"

namespace grpc {
class Channel;
}

namespace kith::cli {

// Finds the method by the type of the request, so that a command needs only the messages.
class GrpcCaller final : public Caller {
 public:
  // Reads the token file, if there is one; connects on first use. Fails when the token
  // cannot be read, or an address is none.
  static absl::StatusOr<std::unique_ptr<GrpcCaller>> Create(const Options& options);
  ~GrpcCaller() override;

  absl::Status Call(Target target, const google::protobuf::Message& request,
                    google::protobuf::Message* response) override;
  Health CheckHealth(Target target) override;

 private:
  GrpcCaller(const Options& options, const std::string& token);
  grpc::Channel& channel(Target target) { return *channels_[static_cast<size_t>(target)]; }

  const Options options_;
  std::array<std::shared_ptr<grpc::Channel>, 4> channels_;
};

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_GRPC_CALLER_H_
