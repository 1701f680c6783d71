// The prepared form of a message type's rules. Internal to limits.
#ifndef KITH_COMMON_RPC_LIMITS_PLAN_H_
#define KITH_COMMON_RPC_LIMITS_PLAN_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "kith/type/v1/rules.pb.h"

namespace kith::rpc {

struct MessageLimits;

// What is to be checked about one field.
struct FieldLimits {
  const google::protobuf::FieldDescriptor* field = nullptr;
  bool required = false;
  bool presence = false;   // tells "not set" from zero
  uint32_t max_bytes = 0;  // 0: no limit
  uint32_t max_items = 0;
  std::optional<int64_t> min_value;
  std::optional<int64_t> max_value;
  kith::type::v1::Pattern pattern = kith::type::v1::PATTERN_UNSPECIFIED;
  const MessageLimits* child = nullptr;  // of a message field
};

struct MessageLimits {
  enum class Kind { kPlain, kTimestamp, kDuration };
  Kind kind = Kind::kPlain;
  // Only fields that need a look.
  std::vector<FieldLimits> fields;
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_LIMITS_PLAN_H_
