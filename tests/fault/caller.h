// A client that repeats each call until it is acknowledged.
#ifndef KITH_TESTS_FAULT_CALLER_H_
#define KITH_TESTS_FAULT_CALLER_H_

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/rpc/channel.h"

namespace kith::test {

// Ends the test.
[[noreturn]] void Die(const std::string& what);
// Whether the call may have failed only because the service was killed.
bool MayRetry(const grpc::Status& status);

// Calls under one new request id until acknowledged. A refusal that is not a failure of the
// service ends the test.
template <class Request, class Response, class Stub, class Method>
Response Ask(Stub& stub, Method method, Request request) {
  request.set_request_id(NewUuid(SystemClock().Now()));
  for (;;) {
    Response response;
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    rpc::SetTimeout(context, absl::Seconds(3));
    const grpc::Status status = ((*stub).*method)(&context, request, &response);
    if (status.ok()) return response;
    if (!MayRetry(status)) {
      Die(absl::StrCat("refused: ", status.error_message(), "\n", request.DebugString()));
    }
  }
}

}  // namespace kith::test

#endif  // KITH_TESTS_FAULT_CALLER_H_
