#include "clients/cli/yaml/condition_text.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/excerpt.h"
#include "clients/cli/yaml/convert.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

namespace v1 = referral::v1;
using Words = std::vector<absl::string_view>;

absl::Status Wrong(absl::string_view what, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(Excerpt(what), " ", wanted));
}

absl::StatusOr<std::string> ParseValue(absl::string_view text) {
  if (text == "\"\"") return std::string();
  if (text.empty()) return absl::InvalidArgumentError("an empty value is written as \"\"");
  std::string value;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return Wrong(text, "holds a quote, which is written as %22");
    if (text[i] != '%') {
      value.push_back(text[i]);
      continue;
    }
    const absl::string_view hex = text.substr(i + 1, 2);
    if (hex.size() != 2 || !absl::ascii_isxdigit(hex[0]) || !absl::ascii_isxdigit(hex[1])) {
      return Wrong(text, "holds a %, which is written as %25");
    }
    value += absl::HexStringToBytes(hex);
    i += 2;
  }
  return value;
}

absl::StatusOr<v1::Comparison> ParseComparison(absl::string_view text) {
  const auto& type = *v1::Comparison_descriptor();
  const auto* value = FindEnumValue(type, text);
  if (value != nullptr) return static_cast<v1::Comparison>(value->number());
  return Wrong(text, absl::StrCat("is no comparison; ",
                                  Suggest(std::string(text), EnumShortNames(type))));
}

// Reads the test at `words[at]` and moves on behind it.
absl::Status ParseTest(const Words& words, size_t& at, v1::Test& test) {
  if (at == words.size()) {
    return absl::InvalidArgumentError("a test is missing: `field comparison value`");
  }
  const absl::string_view field = words[at++];
  if (at == words.size()) return Wrong(field, "must be followed by a comparison and a value");
  const absl::string_view comparison = words[at++];
  test.set_field(std::string(field));
  KITH_ASSIGN_OR_RETURN(const v1::Comparison parsed, ParseComparison(comparison));
  test.set_comparison(parsed);
  if (parsed == v1::COMPARISON_EXISTS || parsed == v1::COMPARISON_MISSING) {
    return absl::OkStatus();
  }
  if (at == words.size()) return Wrong(comparison, "must be followed by a value");
  const std::vector<absl::string_view> values = absl::StrSplit(words[at++], '|');
  for (const absl::string_view value : values) {
    KITH_ASSIGN_OR_RETURN(*test.add_values(), ParseValue(value));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Condition> ParseConditionText(absl::string_view text) {
  const Words words = absl::StrSplit(text, absl::ByAnyChar(" \n\t"), absl::SkipEmpty());
  v1::Condition condition;
  v1::TestList* list = condition.add_any_of();
  for (size_t at = 0;; ++at) {
    KITH_RETURN_IF_ERROR(ParseTest(words, at, *list->add_all_of()));
    if (at == words.size()) return condition;
    if (words[at] == "or") {
      list = condition.add_any_of();
    } else if (words[at] != "and") {
      return Wrong(words[at], "must be `and` or `or`; spaces in a value are written as %20");
    }
  }
}

}  // namespace kith::cli
