// Enum values as people write them: without the enum's prefix, in lower case. The value
// REWARD_STATE_HELD of enum RewardState is `held`.
#ifndef KITH_CLIENTS_CLI_TEXT_ENUM_NAME_H_
#define KITH_CLIENTS_CLI_TEXT_ENUM_NAME_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

namespace kith::cli {

// The short name of a value.
std::string EnumShortName(const google::protobuf::EnumValueDescriptor& value);

// The same for a generated enum; the number as text when it is not known.
template <class Enum>
std::string EnumText(Enum value) {
  const auto* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(static_cast<int>(value));
  return found == nullptr ? std::to_string(static_cast<int>(value)) : EnumShortName(*found);
}

// The value with this short or full name, or null. UNSPECIFIED is never found.
const google::protobuf::EnumValueDescriptor* FindEnumValue(
    const google::protobuf::EnumDescriptor& type, absl::string_view name);

// The short names that FindEnumValue accepts, in order of declaration.
std::vector<std::string> EnumShortNames(const google::protobuf::EnumDescriptor& type);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_TEXT_ENUM_NAME_H_
