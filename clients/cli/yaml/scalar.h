// One YAML scalar into one field.
#ifndef KITH_CLIENTS_CLI_YAML_SCALAR_H_
#define KITH_CLIENTS_CLI_YAML_SCALAR_H_

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace kith::cli {

// A scalar as it stands in the file.
struct Scalar {
  std::string text;
  bool quoted = false;  // then it is text, whatever it looks like
};

// Sets `field` of `message` (appends if it is repeated). The error says what would be right.
absl::Status SetScalar(const Scalar& scalar, const google::protobuf::FieldDescriptor* field,
                       google::protobuf::Message* message);

// Whether `type` is written as a scalar although it is a message: Duration, Timestamp.
bool IsScalarMessage(const google::protobuf::Descriptor* type);
// Whether `type` may be written as a scalar as well as a map: Condition.
bool IsTextMessage(const google::protobuf::Descriptor* type);
// Fills a message of either kind.
absl::Status SetScalarMessage(const Scalar& scalar, google::protobuf::Message* message);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_YAML_SCALAR_H_
