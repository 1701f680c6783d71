// Enum values and the names that stores, facts and messages to people spell them by.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_NAME_TABLE_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_NAME_TABLE_H_

#include <optional>
#include <utility>

#include "absl/strings/string_view.h"

namespace kith::referral::domain {

// Specialised for each enum: `kAll`, the values with their names.
template <class E>
struct Names;

// The name of a value.
template <class E>
constexpr absl::string_view Name(E value) {
  for (const auto& [known, name] : Names<E>::kAll) {
    if (known == value) return name;
  }
  return "";
}

// The value of a name, if it is one.
template <class E>
std::optional<E> ParseName(absl::string_view name) {
  for (const auto& [value, known] : Names<E>::kAll) {
    if (known == name) return value;
  }
  return std::nullopt;
}

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_NAME_TABLE_H_
