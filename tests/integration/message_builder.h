// Messages made from descriptors and their limits (kith.type.v1.rules): a valid one, and
// every way to make it just valid or just invalid.
#ifndef KITH_TESTS_INTEGRATION_MESSAGE_BUILDER_H_
#define KITH_TESTS_INTEGRATION_MESSAGE_BUILDER_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace kith::test {

using MessagePtr = std::shared_ptr<google::protobuf::Message>;

// A request that differs from the valid one in one field.
struct Variant {
  std::string field;    // path, e.g. "referrals[0].advocate_id"
  std::string what;     // "at the limit", "one over the limit", "missing", …
  std::string bytes;    // serialized; not always parseable
  bool allowed = true;  // whether the limits allow it
};

// A valid message: required fields set, the first field of each oneof set, one element in
// each repeated message field, times and durations plausible, `program_id` everywhere.
MessagePtr ValidMessage(const google::protobuf::Descriptor* type,
                        const std::string& program_id);

// All variants of the valid message, over all fields, nested ones included.
std::vector<Variant> Variants(const google::protobuf::Descriptor* type,
                              const std::string& program_id);

// Fields that have no limit and need one: strings and bytes without max_bytes, repeated
// fields without max_items, strings without any rule.
std::vector<std::string> FieldsWithoutLimit(const google::protobuf::Descriptor* type);

// Gives every request_id in the message a new value.
void RenewRequestIds(google::protobuf::Message& message);

}  // namespace kith::test

#endif  // KITH_TESTS_INTEGRATION_MESSAGE_BUILDER_H_
