#include "services/referral/domain/field_text.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace kith::referral::domain {
namespace {

constexpr absl::string_view kYes = "yes";
constexpr absl::string_view kSeparator = ", ";

}  // namespace

std::string FieldText(const std::string& value) { return value; }

std::string FieldText(int64_t value) { return absl::StrCat(value); }

std::string FieldText(bool value) { return value ? std::string(kYes) : std::string(); }

std::string FieldText(absl::Duration value) { return absl::FormatDuration(value); }

std::string FieldText(absl::Time value) {
  return absl::FormatTime(value, absl::UTCTimeZone());
}

std::string FieldText(const Condition& value) { return ToText(value); }

std::string FieldText(const std::vector<std::string>& value) {
  return absl::StrJoin(value, kSeparator, [](std::string* out, const std::string& element) {
    out->append(absl::StrReplaceAll(element, {{"%", "%25"}, {",", "%2C"}}));
  });
}

bool ParseField(absl::string_view text, std::string& out) {
  out = std::string(text);
  return true;
}

bool ParseField(absl::string_view text, int64_t& out) { return absl::SimpleAtoi(text, &out); }

bool ParseField(absl::string_view text, bool& out) {
  out = true;
  return text == kYes;
}

bool ParseField(absl::string_view text, absl::Duration& out) {
  return absl::ParseDuration(text, &out);
}

bool ParseField(absl::string_view text, absl::Time& out) {
  std::string error;
  return absl::ParseTime(absl::RFC3339_full, text, &out, &error);
}

bool ParseField(absl::string_view text, Condition& out) {
  auto condition = ParseCondition(text);
  if (condition.has_value()) out = *std::move(condition);
  return condition.has_value();
}

bool ParseField(absl::string_view text, std::vector<std::string>& out) {
  out.clear();
  const std::vector<absl::string_view> elements = absl::StrSplit(text, kSeparator);
  for (const absl::string_view element : elements) {
    out.push_back(absl::StrReplaceAll(element, {{"%2C", ","}, {"%25", "%"}}));
  }
  return true;
}

}  // namespace kith::referral::domain
