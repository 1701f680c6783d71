// Values of the rules as text, and back. Reading gives false for what writing does not write.
#ifndef KITH_SERVICES_REFERRAL_DOMAIN_FIELD_TEXT_H_
#define KITH_SERVICES_REFERRAL_DOMAIN_FIELD_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/referral/domain/condition.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {

std::string FieldText(const std::string& value);
std::string FieldText(int64_t value);
std::string FieldText(bool value);
std::string FieldText(absl::Duration value);
std::string FieldText(absl::Time value);
std::string FieldText(const Condition& value);
// `a, b`; commas in elements are written as %2C.
std::string FieldText(const std::vector<std::string>& value);

bool ParseField(absl::string_view text, std::string& out);
bool ParseField(absl::string_view text, int64_t& out);
bool ParseField(absl::string_view text, bool& out);
bool ParseField(absl::string_view text, absl::Duration& out);
bool ParseField(absl::string_view text, absl::Time& out);
bool ParseField(absl::string_view text, Condition& out);
bool ParseField(absl::string_view text, std::vector<std::string>& out);

template <class E>
requires std::is_enum_v<E> std::string FieldText(E value) { return std::string(Name(value)); }
template <class E>
requires std::is_enum_v<E>
bool ParseField(absl::string_view text, E& out) {
  const std::optional<E> value = ParseName<E>(text);
  if (value.has_value()) out = *value;
  return value.has_value();
}

// Empty when absent.
template <class T>
std::string FieldText(const std::optional<T>& value) {
  return value.has_value() ? FieldText(*value) : std::string();
}
template <class T>
bool ParseField(absl::string_view text, std::optional<T>& out) {
  return ParseField(text, out.emplace());
}

}  // namespace kith::referral::domain

#endif  // KITH_SERVICES_REFERRAL_DOMAIN_FIELD_TEXT_H_
