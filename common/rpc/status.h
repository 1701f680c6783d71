// Statuses on the wire. Every error that leaves a service carries google.rpc.ErrorInfo.
#ifndef KITH_COMMON_RPC_STATUS_H_
#define KITH_COMMON_RPC_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"

namespace kith::rpc {

namespace errors {
inline constexpr ErrorDef kInternal{absl::StatusCode::kInternal, "INTERNAL",
                                    "the service failed; the cause is in its log"};
inline constexpr ErrorDef kCancelled{absl::StatusCode::kCancelled, "CANCELLED",
                                     "the call was cancelled"};
inline constexpr ErrorDef kUnauthenticated{
    absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED", "a valid bearer token is needed"};
}  // namespace errors

// A named error that says when to try again.
absl::Status MakeRetryError(const ErrorDef& def, absl::Duration delay);

// A named error for `status`: itself when it is one; STORE_UNAVAILABLE for what the store
// answers when it does not work just now; DEADLINE_EXCEEDED; CANCELLED; otherwise INTERNAL,
// without the text, which may hold what no client should see.
absl::Status ToNamed(const absl::Status& status);

// Of a refusal NOT_FOUND about one field of `request`: the same, and its text has the field's
// value, so that people see what was not found (`reward_id 'r1': must be a reward`). Any other
// status as it is.
absl::Status NameWhatIsMissing(const absl::Status& status,
                               const google::protobuf::Message& request);

// The status for the wire of a named error (ErrorInfo, BadRequest, RetryInfo), or OK.
// `domain` is the full name of the service.
grpc::Status ToGrpc(const absl::Status& status, absl::string_view domain);

// The reverse, for clients: a named error when the details are there, else the bare code.
absl::Status FromGrpc(const grpc::Status& status);

// "OK", "InvalidArgument", …: the code as metrics have it.
absl::string_view CodeName(absl::StatusCode code);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_STATUS_H_
