// One call on its way through the adapter. Internal to service.cc.
#ifndef KITH_COMMON_RPC_CALL_H_
#define KITH_COMMON_RPC_CALL_H_

#include <array>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/metrics/registry.h"
#include "common/rpc/limits.h"
#include "common/rpc/runtime.h"
#include "common/rpc/service.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"

namespace kith::rpc::internal {

class UnaryCall;

// The metrics of one method, looked up once.
struct MethodMetrics {
  metrics::Counter* started;
  std::array<metrics::Counter*, 17> handled;  // by code
  metrics::Histogram* seconds;
  metrics::Counter* received;
  metrics::Counter* sent;
};
MethodMetrics MakeMethodMetrics(const google::protobuf::MethodDescriptor& method,
                                metrics::Registry& registry);

// A method with what it is bound to. Lives as long as the service.
struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string path;  // "/package.Service/Method"; gRPC keeps a pointer to it
  const Runtime* runtime = nullptr;
  const google::protobuf::Message* request = nullptr;  // prototype; null: not bound
  const MessageLimits* limits = nullptr;
  MethodMetrics metrics;
  // Unary methods: called with an admitted call; must have it finished, once.
  std::function<void(UnaryCall&)> work;
};

// Hands a write to the executor; `done` as in exec::Submission.
void SubmitWrite(const Method& method, const google::protobuf::Message& request,
                 absl::Time deadline, WriteCall write,
                 absl::AnyInvocable<void(absl::StatusOr<std::string>)> done);

grpc::ByteBuffer ToByteBuffer(std::string bytes);
grpc::ByteBuffer ToByteBuffer(const google::protobuf::Message& message);

// What unary and streaming calls share.
class CallBase {
 public:
  // Counts the call as started.
  CallBase(const Method& method, grpc::CallbackServerContext* context);
  ~CallBase() { method_.runtime->active_calls.fetch_sub(1, std::memory_order_relaxed); }
  CallBase(const CallBase&) = delete;
  CallBase& operator=(const CallBase&) = delete;
  // When the client stops waiting; the default when it did not say; of a unary call at most
  // five minutes after its start.
  absl::Time deadline() const { return deadline_; }
  bool client_set_deadline() const { return client_set_deadline_; }
  bool cancelled() const { return context_->IsCancelled(); }
  const Method& method() const { return method_; }

 protected:
  // Ends the call `longest` after its start at the latest.
  void LimitTo(absl::Duration longest);
  // Deadline and authentication.
  absl::Status Admit() const;
  // A parsed and checked request, owned by `arena`.
  absl::StatusOr<const google::protobuf::Message*> Parse(const grpc::ByteBuffer& bytes,
                                                         google::protobuf::Arena& arena) const;
  // Counts and logs the end of the call; returns what the client gets. `request` is the one
  // that is refused, if it was read.
  grpc::Status Conclude(const absl::Status& status,
                        const google::protobuf::Message* request = nullptr) const;

 private:
  void Log(const absl::Status& status, const absl::Status& named, absl::Duration took) const;

  const Method& method_;
  grpc::CallbackServerContext* const context_;
  const absl::Time start_;
  absl::Time deadline_;
  bool client_set_deadline_ = true;
};

// A unary call. Reply or Fail is called exactly once, from any thread, and deletes it.
// It finishes through the context's default reactor: the end of any other one costs a
// switch to a thread of gRPC's executor.
class UnaryCall final : public CallBase {
 public:
  UnaryCall(const Method& method, grpc::CallbackServerContext* context,
            grpc::ByteBuffer* response)
      : CallBase(method, context), reactor_(context->DefaultReactor()), response_(response) {}

  // What gRPC is to be told of the call. Ask before Start, which may end the call.
  grpc::ServerUnaryReactor* reactor() const { return reactor_; }
  // Admits, parses, checks and hands over to the method.
  void Start(const grpc::ByteBuffer& bytes);

  const google::protobuf::Message& request() const { return *request_; }
  google::protobuf::Arena& arena() { return arena_; }
  CallContext context() const;

  void Reply(grpc::ByteBuffer response);
  void Fail(const absl::Status& status);

 private:
  ~UnaryCall() = default;
  void Finish(const grpc::Status& status);

  grpc::ServerUnaryReactor* const reactor_;
  google::protobuf::Arena arena_;
  grpc::ByteBuffer* const response_;
  const google::protobuf::Message* request_ = nullptr;
};

// A client stream of writes. Deletes itself.
class WriteStreamCall final : public CallBase,
                              public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  using Handler = std::function<absl::StatusOr<WriteCall>(const google::protobuf::Message&)>;
  using Fold = std::function<void(const google::protobuf::Message&, absl::string_view,
                                  google::protobuf::Message&)>;

  // `handler` and `fold` must outlive the call.
  WriteStreamCall(const Method& method, grpc::CallbackServerContext* context,
                  grpc::ByteBuffer* response, const google::protobuf::Message& prototype,
                  const Handler* handler, const Fold* fold)
      : CallBase(method, context),
        response_(response),
        handler_(handler),
        fold_(fold),
        folded_(prototype.New()) {}

  void Start();
  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  void TakeOne();
  void TakeResult(absl::StatusOr<std::string> result);

  grpc::ByteBuffer* const response_;
  const Handler* const handler_;
  const Fold* const fold_;
  const std::unique_ptr<google::protobuf::Message> folded_;
  grpc::ByteBuffer incoming_;
  google::protobuf::Arena arena_;  // of one message
  const google::protobuf::Message* request_ = nullptr;
};

}  // namespace kith::rpc::internal

#endif  // KITH_COMMON_RPC_CALL_H_
