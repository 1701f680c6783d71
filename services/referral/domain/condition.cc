#include "services/referral/domain/condition.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/referral/domain/names.h"

namespace kith::referral::domain {
namespace {

// An empty value in a text; a quote that is meant is escaped.
constexpr absl::string_view kEmptyValue = "\"\"";

__extension__ using Number = __int128;  // in units of 10^-kMostFraction

constexpr size_t kMostFraction = 18;

// Digits of at most 18 characters before the point and after it; exact.
std::optional<Number> ParseNumber(absl::string_view text) {
  const bool negative = absl::StartsWith(text, "-");
  if (negative || absl::StartsWith(text, "+")) text.remove_prefix(1);
  const size_t point = std::min(text.find('.'), text.size());
  std::string fraction(text.substr(std::min(point + 1, text.size())));
  const bool ends_in_point = point + 1 == text.size();
  if (ends_in_point || fraction.size() > kMostFraction) return std::nullopt;
  fraction.resize(kMostFraction, '0');
  const auto digits = [](absl::string_view part) -> std::optional<uint64_t> {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
    return number;
  };
  const auto whole = digits(text.substr(0, point));
  const auto rest = digits(fraction);
  if (!whole.has_value() || !rest.has_value()) return std::nullopt;
  const Number size = static_cast<Number>(*whole) * 1'000'000'000'000'000'000 + *rest;
  return negative ? -size : size;
}

bool IsOrder(Comparison comparison) {
  return comparison == Comparison::kAtLeast || comparison == Comparison::kAtMost ||
         comparison == Comparison::kGreater || comparison == Comparison::kLess;
}

bool TakesNoValue(Comparison comparison) {
  return comparison == Comparison::kExists || comparison == Comparison::kMissing;
}

bool TakesValues(Comparison comparison) {
  return comparison == Comparison::kIn || comparison == Comparison::kNotIn;
}

bool OrderHolds(Comparison comparison, Number left, Number right) {
  switch (comparison) {
    case Comparison::kAtLeast:
      return left >= right;
    case Comparison::kAtMost:
      return left <= right;
    case Comparison::kGreater:
      return left > right;
    default:
      return left < right;
  }
}

bool TestHolds(const Test& test, const std::optional<std::string>& value) {
  if (test.comparison == Comparison::kExists) return value.has_value();
  if (test.comparison == Comparison::kMissing) return !value.has_value();
  if (IsOrder(test.comparison)) {
    if (!value.has_value() || test.values.empty()) return false;
    const auto left = ParseNumber(*value);
    const auto right = ParseNumber(test.values.front());
    return left.has_value() && right.has_value() && OrderHolds(test.comparison, *left, *right);
  }
  const bool among =
      value.has_value() && std::count(test.values.begin(), test.values.end(), *value) > 0;
  const bool wants_among =
      test.comparison == Comparison::kEquals || test.comparison == Comparison::kIn;
  return among == wants_among;
}

// The values that a field of a closed set may have; empty: any.
template <class E>
std::vector<absl::string_view> AllNames() {
  std::vector<absl::string_view> names;
  for (const auto& [value, name] : Names<E>::kAll) names.push_back(name);
  return names;
}

std::vector<absl::string_view> ValuesOf(absl::string_view field) {
  if (field == "referral.evidence") return AllNames<EvidenceKind>();
  if (field == "referral.origin") return AllNames<ReferralOrigin>();
  if (field == "referral.lead_state") return AllNames<LeadState>();
  return {};
}

// What is wrong with the name of a field; empty: nothing.
std::string FieldProblem(absl::string_view field,
                         const std::vector<absl::string_view>& prefixes) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(field, absl::MaxSplits('.', 1));
  const auto& [prefix, name] = parts;
  if (std::count(prefixes.begin(), prefixes.end(), prefix) == 0) {
    return absl::StrCat("'", field, "' is not known here; must begin with ",
                        absl::StrJoin(prefixes, "., "), ".");
  }
  if (name.empty() || field == "order.line" || field == "order.line.") {
    return absl::StrCat("'", field, "' must go on with a name");
  }
  if (prefix == "referral" && name != "campaign" && ValuesOf(field).empty()) {
    return "must be referral.campaign, referral.evidence, referral.origin or "
           "referral.lead_state";
  }
  if (prefix == "occasion" && name != "ordinal" && name != "count") {
    return "must be occasion.ordinal or occasion.count";
  }
  return "";
}

// A value as messages repeat it.
std::string Quoted(absl::string_view value) {
  constexpr size_t kShown = 40;
  if (value.size() <= kShown) return absl::StrCat("'", value, "'");
  size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat("'", value.substr(0, end), "...'");
}

// What is wrong with a value that is no number.
std::string NumberProblem(absl::string_view value, absl::string_view comparison) {
  absl::string_view digits = value;
  if (absl::StartsWith(digits, "-") || absl::StartsWith(digits, "+")) digits.remove_prefix(1);
  const bool long_one = !digits.empty() && absl::ascii_isdigit(digits.front()) &&
                        absl::ascii_isdigit(digits.back()) &&
                        digits.find_first_not_of("0123456789.") == absl::string_view::npos &&
                        std::count(digits.begin(), digits.end(), '.') <= 1;
  return absl::StrCat(
      Quoted(value), " must be a number ",
      long_one ? "of at most 18 digits before the point and after it " : "such as 9 or 9.5 ",
      "to be compared by '", comparison, "'");
}

// What is wrong with the values of a test; empty: nothing.
std::string ValuesProblem(const Test& test) {
  const absl::string_view name = Name(test.comparison);
  if (TakesNoValue(test.comparison)) {
    return test.values.empty() ? "" : absl::StrCat("'", name, "' takes no value");
  }
  if (test.values.empty()) return absl::StrCat("'", name, "' needs a value");
  if (!TakesValues(test.comparison) && test.values.size() > 1) {
    return absl::StrCat("'", name, "' takes one value; use 'in' or 'not_in' for several");
  }
  const std::vector<absl::string_view> known = ValuesOf(test.field);
  for (const std::string& value : test.values) {
    if (IsOrder(test.comparison) && !ParseNumber(value).has_value()) {
      return NumberProblem(value, name);
    }
    if (!known.empty() && std::count(known.begin(), known.end(), value) == 0) {
      return absl::StrCat(Quoted(value), " must be one of ", absl::StrJoin(known, ", "));
    }
  }
  return "";
}

bool NeedsEscape(char c) {
  return c == ' ' || c == '|' || c == '%' || c == '"' || absl::ascii_iscntrl(c);
}

std::string Escape(absl::string_view value) {
  if (value.empty()) return std::string(kEmptyValue);
  std::string text;
  for (const char c : value) {
    if (NeedsEscape(c)) {
      absl::StrAppend(&text, "%", absl::BytesToHexString(absl::string_view(&c, 1)));
    } else {
      text.push_back(c);
    }
  }
  return text;
}

std::optional<std::string> Unescape(absl::string_view text) {
  if (text == kEmptyValue) return std::string();
  std::string value;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (NeedsEscape(text[i])) return std::nullopt;
      value.push_back(text[i]);
      continue;
    }
    const absl::string_view hex = text.substr(i + 1, 2);
    if (hex.size() != 2 || !absl::ascii_isxdigit(hex[0]) || !absl::ascii_isxdigit(hex[1])) {
      return std::nullopt;
    }
    value += absl::HexStringToBytes(hex);
    i += 2;
  }
  if (value.empty()) return std::nullopt;
  return value;
}

std::string TestText(const Test& test) {
  std::string text = absl::StrCat(Escape(test.field), " ", Name(test.comparison));
  if (TakesNoValue(test.comparison)) return text;
  return absl::StrCat(text, " ",
                      absl::StrJoin(test.values, "|", [](std::string* out, const auto& value) {
                        out->append(Escape(value));
                      }));
}

using Words = std::vector<absl::string_view>;

// Reads the test at `words[at]` and moves on behind it.
std::optional<Test> ParseTest(const Words& words, size_t& at) {
  if (at + 2 > words.size()) return std::nullopt;
  Test test;
  const auto field = Unescape(words[at]);
  const auto comparison = ParseName<Comparison>(words[at + 1]);
  if (!field.has_value() || !comparison.has_value()) return std::nullopt;
  test.field = *field;
  test.comparison = *comparison;
  at += 2;
  if (TakesNoValue(test.comparison)) return test;
  if (at == words.size()) return std::nullopt;
  const std::vector<absl::string_view> values = absl::StrSplit(words[at++], '|');
  for (const absl::string_view text : values) {
    auto value = Unescape(text);
    if (!value.has_value()) return std::nullopt;
    test.values.push_back(*std::move(value));
  }
  if (test.values.size() > 1 && !TakesValues(test.comparison)) return std::nullopt;
  return test;
}

}  // namespace

bool Holds(const Condition& condition, const FieldValues& values) {
  return Evaluate(condition, values).holds;
}

Evaluation Evaluate(const Condition& condition, const FieldValues& values) {
  Evaluation evaluation;
  evaluation.holds = condition.always();
  for (const std::vector<Test>& all_of : condition.any_of) {
    bool list_holds = true;
    for (const Test& test : all_of) {
      TestOutcome outcome{.test = test, .value = std::nullopt};
      if (const auto it = values.find(test.field); it != values.end()) {
        outcome.value = it->second;
      }
      outcome.holds = TestHolds(test, outcome.value);
      list_holds = list_holds && outcome.holds;
      evaluation.tests.push_back(std::move(outcome));
    }
    evaluation.holds = evaluation.holds || list_holds;
  }
  return evaluation;
}

std::vector<ConditionProblem> CheckCondition(const Condition& condition,
                                             const std::vector<absl::string_view>& prefixes) {
  std::vector<ConditionProblem> problems;
  for (size_t i = 0; i < condition.any_of.size(); ++i) {
    const std::string list = absl::StrCat("any_of[", i, "].all_of");
    if (condition.any_of[i].empty()) {
      problems.push_back({list, "needs at least one test"});
    }
    for (size_t j = 0; j < condition.any_of[i].size(); ++j) {
      const Test& test = condition.any_of[i][j];
      const std::string path = absl::StrCat(list, "[", j, "].");
      std::string wrong = FieldProblem(test.field, prefixes);
      if (!wrong.empty()) problems.push_back({path + "field", std::move(wrong)});
      wrong = ValuesProblem(test);
      if (!wrong.empty()) problems.push_back({path + "values", std::move(wrong)});
    }
  }
  return problems;
}

std::string ToText(const Condition& condition) {
  return absl::StrJoin(condition.any_of, " or ", [](std::string* out, const auto& all_of) {
    out->append(absl::StrJoin(all_of, " and ", [](std::string* text, const Test& test) {
      text->append(TestText(test));
    }));
  });
}

std::optional<Condition> ParseCondition(absl::string_view text) {
  Condition condition;
  if (text.empty()) return condition;
  const Words words = absl::StrSplit(text, ' ');
  condition.any_of.emplace_back();
  for (size_t at = 0;;) {
    auto test = ParseTest(words, at);
    if (!test.has_value()) return std::nullopt;
    condition.any_of.back().push_back(*std::move(test));
    if (at == words.size()) return condition;
    if (words[at] == "or") {
      condition.any_of.emplace_back();
    } else if (words[at] != "and") {
      return std::nullopt;
    }
    ++at;
  }
}

}  // namespace kith::referral::domain
