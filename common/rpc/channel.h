// The one place where client channels are made.
#ifndef KITH_COMMON_RPC_CHANNEL_H_
#define KITH_COMMON_RPC_CHANNEL_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/metrics/registry.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace kith::rpc {

struct ChannelOptions {
  std::string token;                     // sent as a bearer token unless empty
  metrics::Registry* metrics = nullptr;  // grpc_client_* if set; must outlive the channel
  int max_message_bytes = 64 << 20;      // of answers
};

// A channel to `target`, HOST:PORT or a gRPC target such as dns:///name:port. Connects when
// first used. Spreads calls over all addresses of the name, keeps idle connections alive,
// and repeats calls that ended with UNAVAILABLE, a few times within their deadline.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target,
                                           const ChannelOptions& options = {});

// Lets the call end after `timeout`, by the machine's clock. Every call needs a deadline.
void SetTimeout(grpc::ClientContext& context, absl::Duration timeout);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CHANNEL_H_
