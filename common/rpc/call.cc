#include "common/rpc/call.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/log/log.h"
#include "common/rpc/fingerprint.h"
#include "common/rpc/status.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "grpcpp/support/slice.h"

namespace kith::rpc::internal {
namespace {

using google::protobuf::Message;

// However long a client is ready to wait: what its call holds, others wait for, and most
// clients that wait so long have gone.
constexpr absl::Duration kLongestUnaryCall = absl::Minutes(5);

// Under overload every call fails; a line for each would be the next overload.
bool MayLogFailure(absl::Time now) {
  constexpr int kLinesPerSecond = 200;
  static std::atomic<int64_t> second{0};
  static std::atomic<int> lines{0};
  const int64_t this_second = absl::ToUnixSeconds(now);
  if (second.exchange(this_second, std::memory_order_relaxed) != this_second) {
    lines.store(0, std::memory_order_relaxed);
  }
  return lines.fetch_add(1, std::memory_order_relaxed) < kLinesPerSecond;
}

log::Level LevelOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return log::Level::kDebug;
    case absl::StatusCode::kInternal:
      return log::Level::kError;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return log::Level::kWarn;
    default:
      return log::Level::kInfo;
  }
}

}  // namespace

MethodMetrics MakeMethodMetrics(const google::protobuf::MethodDescriptor& method,
                                metrics::Registry& registry) {
  metrics::Labels labels = {
      {"grpc_type", method.client_streaming() ? "client_stream" : "unary"},
      {"grpc_service", method.service()->full_name()},
      {"grpc_method", method.name()}};
  MethodMetrics out;
  out.started = &registry.GetCounter("grpc_server_started_total", "Calls that began.", labels);
  out.seconds = &registry.GetHistogram("grpc_server_handling_seconds",
                                       "Time from the start of a call to its answer.",
                                       metrics::LatencyBounds(), labels);
  out.received = &registry.GetCounter("grpc_server_msg_received_total",
                                      "Messages received from clients.", labels);
  out.sent =
      &registry.GetCounter("grpc_server_msg_sent_total", "Messages sent to clients.", labels);
  for (size_t i = 0; i < out.handled.size(); ++i) {
    labels["grpc_code"] = std::string(CodeName(static_cast<absl::StatusCode>(i)));
    out.handled[i] = &registry.GetCounter("grpc_server_handled_total",
                                          "Calls that were answered, by code.", labels);
  }
  return out;
}

void SubmitWrite(const Method& method, const Message& request, absl::Time deadline,
                 WriteCall write, absl::AnyInvocable<void(absl::StatusOr<std::string>)> done) {
  exec::Submission submission;
  submission.program_id = std::move(write.program_id);
  submission.method = method.descriptor->name();
  submission.fingerprint = write.request_id.empty() ? std::string() : Fingerprint(request);
  submission.request_id = std::move(write.request_id);
  submission.weight = write.weight;
  submission.deadline = deadline;
  submission.command = std::move(write.command);
  submission.done = std::move(done);
  method.runtime->executor->Submit(std::move(submission));
}

grpc::ByteBuffer ToByteBuffer(std::string bytes) {
  constexpr size_t kCheapToCopy = 4096;
  if (bytes.size() <= kCheapToCopy) {
    const grpc::Slice slice(bytes);
    return {&slice, 1};
  }
  auto* owner = new std::string(std::move(bytes));
  const grpc::Slice slice(
      owner->data(), owner->size(), [](void* p) { delete static_cast<std::string*>(p); },
      owner);
  return {&slice, 1};
}

grpc::ByteBuffer ToByteBuffer(const Message& message) {
  grpc::ByteBuffer buffer;
  bool own = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::MessageLite>(
      message, &buffer, &own);
  return buffer;
}

CallBase::CallBase(const Method& method, grpc::CallbackServerContext* context)
    : method_(method), context_(context), start_(SystemClock().Now()) {
  method.runtime->active_calls.fetch_add(1, std::memory_order_relaxed);
  method_.metrics.started->Increment();
  const auto deadline = context->deadline();
  client_set_deadline_ = deadline != std::chrono::system_clock::time_point::max();
  deadline_ = client_set_deadline_ ? absl::FromChrono(deadline)
                                   : start_ + method.runtime->default_deadline;
}

void CallBase::LimitTo(absl::Duration longest) {
  deadline_ = std::min(deadline_, start_ + longest);
}

absl::Status CallBase::Admit() const {
  if (deadline_ <= start_) return MakeError(kith::errors::kDeadlineExceeded);
  const AuthTokens& auth = method_.runtime->auth;
  if (!auth.required()) return absl::OkStatus();
  const auto& metadata = context_->client_metadata();
  const auto it = metadata.find("authorization");
  if (it != metadata.end() &&
      auth.Allows(absl::string_view(it->second.data(), it->second.size()))) {
    return absl::OkStatus();
  }
  return MakeError(errors::kUnauthenticated);
}

absl::StatusOr<const Message*> CallBase::Parse(const grpc::ByteBuffer& bytes,
                                               google::protobuf::Arena& arena) const {
  method_.metrics.received->Increment();
  // The reader only wants a mutable buffer to keep its place.
  grpc::ByteBuffer copy(bytes);
  grpc::ProtoBufferReader reader(&copy);
  Message* request = method_.request->New(&arena);
  if (!reader.status().ok() || !request->ParseFromZeroCopyStream(&reader)) {
    return MakeError(kith::errors::kMalformedRequest);
  }
  KITH_RETURN_IF_ERROR(CheckLimits(*method_.limits, *request));
  return request;
}

grpc::Status CallBase::Conclude(const absl::Status& status, const Message* request) const {
  const absl::Status named = ToNamed(status);
  const absl::Time now = SystemClock().Now();
  const auto code = static_cast<size_t>(named.code());
  method_.metrics.handled[code < method_.metrics.handled.size() ? code : 2]->Increment();
  method_.metrics.seconds->Observe(absl::ToDoubleSeconds(now - start_));
  if (named.ok()) method_.metrics.sent->Increment();
  const log::Level level = LevelOf(named.code());
  if (log::Enabled(level) && (named.ok() || MayLogFailure(now))) {
    Log(status, named, now - start_);
  }
  return ToGrpc(request != nullptr ? NameWhatIsMissing(named, *request) : named,
                method_.descriptor->service()->full_name());
}

void CallBase::Log(const absl::Status& status, const absl::Status& named,
                   absl::Duration took) const {
  const log::Level level = LevelOf(named.code());
  const absl::string_view method = method_.path;
  const absl::string_view code = CodeName(named.code());
  if (named.ok()) {
    log::Write(level, "call", {{"method", method}, {"code", code}, {"seconds", took}});
    return;
  }
  const ErrorDetails details = GetErrorDetails(named).value_or(ErrorDetails());
  // A named error's text may quote the request; its reason and field do not.
  const absl::string_view field =
      details.fields.empty() ? absl::string_view() : details.fields.front().field;
  const absl::string_view cause =
      GetErrorReason(status).empty() ? status.message() : absl::string_view();
  log::Write(level, "call_failed",
             {{"method", method},
              {"code", code},
              {"reason", details.reason},
              {"field", field},
              {"cause", cause},
              {"seconds", took}});
}

CallContext UnaryCall::context() const { return {method().runtime->clock->Now(), deadline()}; }

void UnaryCall::Start(const grpc::ByteBuffer& bytes) {
  LimitTo(kLongestUnaryCall);
  if (const absl::Status admitted = Admit(); !admitted.ok()) return Fail(admitted);
  const auto request = Parse(bytes, arena_);
  if (!request.ok()) return Fail(request.status());
  request_ = *request;
  method().work(*this);
}

void UnaryCall::Reply(grpc::ByteBuffer response) {
  response_->Swap(&response);
  Finish(Conclude(absl::OkStatus()));
}

void UnaryCall::Fail(const absl::Status& status) { Finish(Conclude(status, request_)); }

void UnaryCall::Finish(const grpc::Status& status) {
  grpc::ServerUnaryReactor* const reactor = reactor_;
  delete this;
  reactor->Finish(status);
}

void WriteStreamCall::Start() {
  if (const absl::Status admitted = Admit(); !admitted.ok()) {
    return Finish(Conclude(admitted));
  }
  StartRead(&incoming_);
}

void WriteStreamCall::OnReadDone(bool ok) {
  if (ok) return TakeOne();
  if (cancelled()) return Finish(Conclude(MakeError(errors::kCancelled)));
  *response_ = ToByteBuffer(*folded_);
  Finish(Conclude(absl::OkStatus()));
}

void WriteStreamCall::TakeOne() {
  arena_.Reset();
  const auto request = Parse(incoming_, arena_);
  incoming_.Clear();
  if (!request.ok()) return Finish(Conclude(request.status()));
  request_ = *request;
  absl::StatusOr<WriteCall> write = (*handler_)(*request_);
  if (!write.ok()) return Finish(Conclude(write.status()));
  // A stream may be long; without a deadline from the client each message has its own.
  const absl::Time until = client_set_deadline()
                               ? deadline()
                               : SystemClock().Now() + method().runtime->default_deadline;
  SubmitWrite(method(), *request_, until, *std::move(write),
              [this](absl::StatusOr<std::string> result) { TakeResult(std::move(result)); });
}

void WriteStreamCall::TakeResult(absl::StatusOr<std::string> result) {
  if (!result.ok()) return Finish(Conclude(result.status()));
  (*fold_)(*request_, *result, *folded_);
  StartRead(&incoming_);
}

}  // namespace kith::rpc::internal
