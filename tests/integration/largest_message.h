// How large a request can get that the limits of its fields (kith.type.v1.rules) allow.
#ifndef KITH_TESTS_INTEGRATION_LARGEST_MESSAGE_H_
#define KITH_TESTS_INTEGRATION_LARGEST_MESSAGE_H_

#include <cstdint>

#include "google/protobuf/descriptor.h"

namespace kith::test {

// The most bytes that a valid message of this type takes when serialized, all lists full, all
// texts as long as they may be, and of each oneof the largest field. A type that holds itself
// counts once.
int64_t LargestSize(const google::protobuf::Descriptor* type);

}  // namespace kith::test

#endif  // KITH_TESTS_INTEGRATION_LARGEST_MESSAGE_H_
