#include "services/referral/rpc/enums.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace kith::referral::rpc::internal {

std::vector<int> NumbersOf(const google::protobuf::EnumDescriptor& type,
                           const std::vector<absl::string_view>& names) {
  // The first value of every enum is <PREFIX>_UNSPECIFIED.
  absl::string_view prefix = type.value(0)->name();
  absl::ConsumeSuffix(&prefix, "UNSPECIFIED");
  std::vector<int> numbers;
  for (const absl::string_view name : names) {
    const std::string full = absl::StrCat(prefix, absl::AsciiStrToUpper(name));
    const auto* value = type.FindValueByName(full);
    numbers.push_back(value == nullptr ? 0 : value->number());
  }
  return numbers;
}

}  // namespace kith::referral::rpc::internal
