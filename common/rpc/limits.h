// The generic checks of a request, from the (kith.type.v1.rules) options of its fields.
//
// Besides the rules, always: enums are known numbers; floating-point numbers are finite;
// strings without a pattern hold no control characters but line feed and tab; a
// google.protobuf.Timestamp lies in 1900..2200 and a Duration within 100 years. Fields of
// messages are descended into. A field that has presence and is not set is only checked for
// `required`; an empty string passes every pattern, but not as an element of a list.
#ifndef KITH_COMMON_RPC_LIMITS_H_
#define KITH_COMMON_RPC_LIMITS_H_

#include <vector>

#include "absl/status/status.h"
#include "common/base/error.h"
#include "google/protobuf/message.h"

namespace kith::rpc {

// At most this many violations are reported.
inline constexpr size_t kMaxViolations = 50;

// The rules of a message type, prepared for checking; lives for ever. Thread-safe.
struct MessageLimits;
const MessageLimits& LimitsOf(const google::protobuf::Descriptor* descriptor);

// What is wrong with `message`, whose type `limits` belongs to. Thread-safe.
std::vector<FieldViolation> FindViolations(const MessageLimits& limits,
                                           const google::protobuf::Message& message);

// OK, or INVALID_FIELD with the violations.
absl::Status CheckLimits(const MessageLimits& limits,
                         const google::protobuf::Message& message);
absl::Status CheckLimits(const google::protobuf::Message& message);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_LIMITS_H_
