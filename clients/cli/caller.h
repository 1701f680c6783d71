// Calls of the services, free of transport: commands depend on this, tests replace it.
#ifndef KITH_CLIENTS_CLI_CALLER_H_
#define KITH_CLIENTS_CLI_CALLER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/options.h"
#include "google/protobuf/message.h"

namespace kith::cli {

// What a health check found.
struct Health {
  enum State { kServing, kNotServing, kUnreachable } state = kUnreachable;
  std::string version;  // of the service; empty when it does not say
  std::string detail;   // why it is unreachable
};

// Makes unary calls. Thread-safe.
class Caller {
 public:
  virtual ~Caller() = default;

  // Calls the one method that takes a `request` of this type. An error carries the service's
  // reason and field violations (common/base/error.h: GetErrorDetails).
  virtual absl::Status Call(Target target, const google::protobuf::Message& request,
                            google::protobuf::Message* response) = 0;

  // Asks the standard health service. Where another service answers, or what is none, this
  // one is unreachable.
  virtual Health CheckHealth(Target target) = 0;
};

// Calls and returns the response.
template <class Response>
absl::StatusOr<Response> Ask(Caller& caller, Target target,
                             const google::protobuf::Message& request) {
  Response response;
  if (absl::Status status = caller.Call(target, request, &response); !status.ok()) {
    return status;
  }
  return response;
}

// Like Caller::Call, but an overloaded or unreachable service is tried again, with growing
// pauses, until `patience` is used up. Only for calls that may be repeated: reads, and
// mutations with a request_id.
absl::Status CallPatiently(Caller& caller, Target target,
                           const google::protobuf::Message& request,
                           google::protobuf::Message* response, absl::Duration patience);

// The exit status that fits an error.
int ExitCodeOf(const absl::Status& status);

// The error as people should read it: message, reason, and one line for each field.
std::string Describe(const absl::Status& status);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_CALLER_H_
