// The one adapter between gRPC and the application. A service is made from its descriptor;
// each method is bound to a plain function; a method that is not bound is a failed start.
// The adapter parses, authenticates, checks limits, counts, logs, and turns errors into
// statuses, in this order: deadline, authentication, authorisation, limits, work, metrics,
// log. No call ends with UNKNOWN or, short of a bug, INTERNAL.
//
// Messages are parsed here and not by gRPC (which would answer a malformed request with a
// bare status), so that every refusal carries google.rpc.ErrorInfo.
#ifndef KITH_COMMON_RPC_SERVICE_H_
#define KITH_COMMON_RPC_SERVICE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "google/protobuf/message.h"

namespace grpc {
class Service;
}

namespace kith::rpc {

struct Runtime;  // what all services of a process share; see runtime.h

// What a handler may know of a call.
struct CallContext {
  absl::Time now;
  absl::Time deadline;
};

// A state change on its way to the executor.
struct WriteCall {
  std::string program_id;
  std::string request_id;
  int64_t weight = 1;  // number of items
  std::unique_ptr<exec::Command> command;
};

// A gRPC service over `descriptor`. Bind all methods, then hand grpc_service() to the
// server. Binding is not thread-safe; calls are.
class Service {
 public:
  Service(const google::protobuf::ServiceDescriptor* descriptor, Runtime* runtime);
  ~Service();

  // A state change: the handler makes the command, the executor runs it, and the command's
  // encoded response goes to the client as it is. The handler runs on a gRPC thread and must
  // not block. It may return an error (a named one) instead.
  template <class Request>
  void Write(absl::string_view method,
             std::function<absl::StatusOr<WriteCall>(const Request&)> handler) {
    BindWrite(method, Request::default_instance(),
              [handler = std::move(handler)](const google::protobuf::Message& request) {
                return handler(static_cast<const Request&>(request));
              });
  }

  // A read: runs on the bounded pool and may block on the store until the deadline.
  template <class Request, class Response>
  void Read(
      absl::string_view method,
      std::function<absl::Status(const Request&, const CallContext&, Response&)> handler) {
    BindRead(method, Request::default_instance(), Response::default_instance(),
             [handler = std::move(handler)](const google::protobuf::Message& request,
                                            const CallContext& context,
                                            google::protobuf::Message& response) {
               return handler(static_cast<const Request&>(request), context,
                              static_cast<Response&>(response));
             });
  }

  // A call that is answered later, from any thread, exactly once. `request` lives until the
  // answer. Cancellation shows only in that the answer goes nowhere.
  template <class Request, class Response>
  void Async(absl::string_view method,
             std::function<void(const Request&, const CallContext&,
                                absl::AnyInvocable<void(absl::Status, const Response&)>)>
                 handler) {
    BindAsync(method, Request::default_instance(),
              [handler = std::move(handler)](const google::protobuf::Message& request,
                                             const CallContext& context, AsyncDone done) {
                handler(static_cast<const Request&>(request), context,
                        [done = std::move(done)](absl::Status status,
                                                 const Response& response) mutable {
                          done(std::move(status), response);
                        });
              });
  }

  // A client stream of state changes: each message is checked and run like a Write, one
  // after the other (a slow store slows the client down); `fold` adds the encoded response
  // of each to the stream's response. An error ends the stream; what was done stays.
  template <class Request, class Response>
  void WriteStream(absl::string_view method,
                   std::function<absl::StatusOr<WriteCall>(const Request&)> handler,
                   std::function<void(const Request&, absl::string_view, Response&)> fold) {
    BindWriteStream(
        method, Request::default_instance(), Response::default_instance(),
        [handler = std::move(handler)](const google::protobuf::Message& request) {
          return handler(static_cast<const Request&>(request));
        },
        [fold = std::move(fold)](const google::protobuf::Message& request,
                                 absl::string_view one, google::protobuf::Message& response) {
          fold(static_cast<const Request&>(request), one, static_cast<Response&>(response));
        });
  }

  // Names of methods that are not bound yet; must be empty before the server starts.
  std::vector<std::string> UnboundMethods() const;
  const google::protobuf::ServiceDescriptor* descriptor() const;
  // Owned by this.
  grpc::Service* grpc_service();

 private:
  using Message = google::protobuf::Message;
  using WriteHandler = std::function<absl::StatusOr<WriteCall>(const Message&)>;
  using ReadHandler =
      std::function<absl::Status(const Message&, const CallContext&, Message&)>;
  using AsyncDone = absl::AnyInvocable<void(absl::Status, const Message&)>;
  using AsyncHandler = std::function<void(const Message&, const CallContext&, AsyncDone)>;
  using FoldHandler = std::function<void(const Message&, absl::string_view, Message&)>;

  void BindWrite(absl::string_view method, const Message& request, WriteHandler handler);
  void BindRead(absl::string_view method, const Message& request, const Message& response,
                ReadHandler handler);
  void BindAsync(absl::string_view method, const Message& request, AsyncHandler handler);
  void BindWriteStream(absl::string_view method, const Message& request,
                       const Message& response, WriteHandler handler, FoldHandler fold);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_SERVICE_H_
