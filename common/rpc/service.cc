#include "common/rpc/service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/rpc/runtime.h"
#include "common/rpc/status.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/server_callback.h"
// After server_callback.h: it does not include what it needs.
#include "grpcpp/impl/codegen/server_callback_handlers.h"

namespace kith::rpc {
namespace {

using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;
using internal::Method;
using internal::UnaryCall;
using internal::WriteStreamCall;

// How long a client should wait that came while the queue of reads was full.
constexpr absl::Duration kReadRetryDelay = absl::Milliseconds(200);

grpc::internal::MethodHandler* NewUnaryHandler(const Method* method) {
  return new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
      [method](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
               grpc::ByteBuffer* response) {
        auto* call = new UnaryCall(*method, context, response);
        grpc::ServerUnaryReactor* const reactor = call->reactor();
        call->Start(*request);
        return reactor;
      });
}

}  // namespace

class Service::Impl final : public grpc::Service {
 public:
  Impl(const google::protobuf::ServiceDescriptor* descriptor, Runtime* runtime)
      : descriptor_(descriptor) {
    for (int i = 0; i < descriptor->method_count(); ++i) {
      const auto* method = descriptor->method(i);
      auto entry = std::make_unique<Method>();
      entry->descriptor = method;
      entry->path = absl::StrCat("/", descriptor->full_name(), "/", method->name());
      entry->runtime = runtime;
      entry->metrics = internal::MakeMethodMetrics(*method, *runtime->metrics);
      methods_.emplace(method->name(), std::move(entry));
    }
  }

  // The method to bind, or null after noting what is wrong with the binding.
  Method* Bind(absl::string_view name, const Message& request, bool client_streaming) {
    const auto it = methods_.find(name);
    if (it == methods_.end()) return Refuse(name, "no such method");
    Method& method = *it->second;
    if (method.request != nullptr) return Refuse(name, "bound twice");
    if (method.descriptor->input_type() != request.GetDescriptor()) {
      return Refuse(name, "bound with another type of request");
    }
    if (method.descriptor->client_streaming() != client_streaming ||
        method.descriptor->server_streaming()) {
      return Refuse(name, "bound with another kind of call");
    }
    method.request = &request;
    method.limits = &LimitsOf(request.GetDescriptor());
    return &method;
  }

  void AddUnary(Method* method) {
    Add(method, RpcMethod::NORMAL_RPC, NewUnaryHandler(method));
  }
  void AddClientStream(Method* method, grpc::internal::MethodHandler* handler) {
    Add(method, RpcMethod::CLIENT_STREAMING, handler);
  }

  std::vector<std::string> Unbound() const {
    std::vector<std::string> names = wrong_;
    for (const auto& [name, method] : methods_) {
      if (method->request == nullptr) names.push_back(name);
    }
    return names;
  }
  const google::protobuf::ServiceDescriptor* descriptor() const { return descriptor_; }

 private:
  Method* Refuse(absl::string_view name, absl::string_view why) {
    wrong_.push_back(absl::StrCat(name, " (", why, ")"));
    return nullptr;
  }

  void Add(Method* method, RpcMethod::RpcType type, grpc::internal::MethodHandler* handler) {
    AddMethod(new RpcServiceMethod(method->path.c_str(), type, nullptr));
    MarkMethodRawCallback(bound_++, handler);
  }

  const google::protobuf::ServiceDescriptor* const descriptor_;
  absl::flat_hash_map<std::string, std::unique_ptr<Method>> methods_;
  std::vector<std::string> wrong_;
  int bound_ = 0;
};

Service::Service(const google::protobuf::ServiceDescriptor* descriptor, Runtime* runtime)
    : impl_(std::make_unique<Impl>(descriptor, runtime)) {}
Service::~Service() = default;

std::vector<std::string> Service::UnboundMethods() const { return impl_->Unbound(); }
const google::protobuf::ServiceDescriptor* Service::descriptor() const {
  return impl_->descriptor();
}
grpc::Service* Service::grpc_service() { return impl_.get(); }

void Service::BindWrite(absl::string_view name, const Message& request, WriteHandler handler) {
  Method* method = impl_->Bind(name, request, /*client_streaming=*/false);
  if (method == nullptr) return;
  method->work = [handler = std::move(handler)](UnaryCall& call) {
    absl::StatusOr<WriteCall> write = handler(call.request());
    if (!write.ok()) return call.Fail(write.status());
    internal::SubmitWrite(call.method(), call.request(), call.deadline(), *std::move(write),
                          [&call](absl::StatusOr<std::string> response) {
                            if (!response.ok()) return call.Fail(response.status());
                            call.Reply(internal::ToByteBuffer(*std::move(response)));
                          });
  };
  impl_->AddUnary(method);
}

void Service::BindRead(absl::string_view name, const Message& request, const Message& response,
                       ReadHandler handler) {
  Method* method = impl_->Bind(name, request, /*client_streaming=*/false);
  if (method == nullptr) return;
  // Owned by the method, which outlives every call.
  const auto read = [handler = std::move(handler), &response](UnaryCall& call) {
    if (call.cancelled()) return call.Fail(absl::CancelledError());
    Message* answer = response.New(&call.arena());
    const absl::Status status = handler(call.request(), call.context(), *answer);
    if (!status.ok()) return call.Fail(status);
    call.Reply(internal::ToByteBuffer(*answer));
  };
  method->work = [read](UnaryCall& call) {
    const bool queued = call.method().runtime->pool->TrySubmit(
        call.deadline(), [&read, &call](BoundedPool::Turn turn) {
          if (turn == BoundedPool::Turn::kRun) return read(call);
          call.Fail(MakeError(kith::errors::kDeadlineExceeded));
        });
    if (queued) return;
    call.Fail(MakeRetryError(kith::errors::kOverloaded, kReadRetryDelay));
  };
  impl_->AddUnary(method);
}

void Service::BindAsync(absl::string_view name, const Message& request, AsyncHandler handler) {
  Method* method = impl_->Bind(name, request, /*client_streaming=*/false);
  if (method == nullptr) return;
  method->work = [handler = std::move(handler)](UnaryCall& call) {
    handler(call.request(), call.context(),
            [&call](absl::Status status, const Message& response) {
              if (!status.ok()) return call.Fail(status);
              call.Reply(internal::ToByteBuffer(response));
            });
  };
  impl_->AddUnary(method);
}

void Service::BindWriteStream(absl::string_view name, const Message& request,
                              const Message& response, WriteHandler handler,
                              FoldHandler fold) {
  Method* method = impl_->Bind(name, request, /*client_streaming=*/true);
  if (method == nullptr) return;
  impl_->AddClientStream(
      method,
      new grpc::internal::CallbackClientStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
          [method, &response, handler = std::move(handler), fold = std::move(fold)](
              grpc::CallbackServerContext* context, grpc::ByteBuffer* out) {
            auto* call = new WriteStreamCall(*method, context, out, response, &handler, &fold);
            call->Start();
            return call;
          }));
}

}  // namespace kith::rpc
