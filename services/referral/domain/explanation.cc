#include "services/referral/domain/explanation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/referral/domain/rule_names.h"

namespace kith::referral::domain {
namespace {

// Lines are a tag and fields with tabs between them.
constexpr absl::string_view kTest = "test";
constexpr absl::string_view kCase = "case";
constexpr absl::string_view kStep = "step";
constexpr absl::string_view kCap = "cap";
constexpr absl::string_view kOrdinal = "ordinal";
constexpr absl::string_view kJudged = "judged";
constexpr absl::string_view kStay = "stay";
constexpr absl::string_view kKept = "kept";
constexpr absl::string_view kNone = "-";
using Fields = std::vector<std::string>;

std::string Flag(bool value) { return value ? "yes" : "no"; }

std::string Number(const std::optional<int64_t>& value) {
  return value.has_value() ? absl::StrCat(*value) : std::string(kNone);
}

std::optional<int64_t> ParseNumber(absl::string_view text) {
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return std::nullopt;
  return value;
}

void AppendTests(std::string& text, absl::string_view tag,
                 const std::vector<TestOutcome>& tests) {
  for (size_t i = 0; i < std::min(tests.size(), kMaxTests); ++i) {
    const TestOutcome& outcome = tests[i];
    Condition condition;
    condition.any_of = {{outcome.test}};
    absl::StrAppend(&text, tag, "\t", Flag(outcome.holds), "\t", ToText(condition), "\t",
                    outcome.value.has_value()
                        ? absl::StrCat("=", absl::CEscape(*outcome.value))
                        : std::string(kNone),
                    "\n");
  }
}

std::optional<TestOutcome> ParseTest(const Fields& fields) {
  if (fields.size() != 4) return std::nullopt;
  const std::optional<Condition> condition = ParseCondition(fields[2]);
  if (!condition.has_value() || condition->any_of.size() != 1 ||
      condition->any_of[0].size() != 1) {
    return std::nullopt;
  }
  TestOutcome outcome;
  outcome.test = condition->any_of[0][0];
  outcome.holds = fields[1] == Flag(true);
  if (fields[3] != kNone) {
    std::string value;
    if (!absl::CUnescape(absl::string_view(fields[3]).substr(1), &value)) return std::nullopt;
    outcome.value = std::move(value);
  }
  return outcome;
}

void AppendCap(std::string& text, const CapOutcome& cap) {
  absl::StrAppend(&text, kCap, "\t", cap.key.holder, "\t", absl::CEscape(cap.key.recipient_id),
                  "\t", Name(cap.scope), "\t", Name(cap.key.period), "\t",
                  absl::ToUnixMicros(cap.key.period_start), "\t");
  absl::StrAppend(&text, Number(cap.rewards_left), "\t", Number(cap.minor_left), "\t",
                  Flag(cap.bound), "\n");
}

std::optional<CapOutcome> ParseCap(const Fields& fields) {
  if (fields.size() != 9) return std::nullopt;
  CapOutcome cap;
  cap.key.holder = fields[1];
  if (!absl::CUnescape(fields[2], &cap.key.recipient_id)) return std::nullopt;
  cap.scope = ParseName<CapScope>(fields[3]).value_or(CapScope::kRecipient);
  cap.key.period = ParseName<CapPeriod>(fields[4]).value_or(CapPeriod::kLifetime);
  cap.key.period_start = absl::FromUnixMicros(ParseNumber(fields[5]).value_or(0));
  cap.rewards_left = ParseNumber(fields[6]);
  cap.minor_left = ParseNumber(fields[7]);
  cap.bound = fields[8] == Flag(true);
  return cap;
}

void AppendStays(std::string& text, const std::vector<Stay>& stays) {
  for (size_t i = stays.size() - std::min(stays.size(), kMaxStays); i < stays.size(); ++i) {
    absl::StrAppend(&text, kStay, "\t", absl::ToUnixMicros(stays[i].time), "\t",
                    absl::CEscape(stays[i].decided_by), "\n");
  }
}

std::optional<Stay> ParseStay(const Fields& fields) {
  Stay stay;
  if (fields.size() != 3 || !absl::CUnescape(fields[2], &stay.decided_by)) return std::nullopt;
  stay.time = absl::FromUnixMicros(ParseNumber(fields[1]).value_or(0));
  return stay;
}

void ParseLine(const Fields& fields, Explanation& explanation) {
  const std::string& tag = fields.front();
  if (tag == kTest || tag == kCase) {
    auto& tests = tag == kTest ? explanation.tests : explanation.case_tests;
    if (auto test = ParseTest(fields)) tests.push_back(*std::move(test));
  } else if (tag == kStep && fields.size() == 2) {
    explanation.arithmetic.push_back(fields[1]);
  } else if (tag == kOrdinal && fields.size() == 2) {
    explanation.ordinal = ParseNumber(fields[1]).value_or(1);
  } else if (tag == kJudged && fields.size() == 2) {
    explanation.judged_version = ParseNumber(fields[1]).value_or(0);
  } else if (tag == kKept && fields.size() == 2) {
    explanation.kept_short_by = ParseNumber(fields[1]).value_or(0);
  } else if (tag == kStay) {
    if (auto stay = ParseStay(fields)) explanation.stays.push_back(*std::move(stay));
  } else if (tag == kCap) {
    if (auto cap = ParseCap(fields)) explanation.caps.push_back(*std::move(cap));
  }
}

}  // namespace

std::string ToText(const Explanation& explanation) {
  std::string text;
  if (explanation.ordinal != 1) {
    absl::StrAppend(&text, kOrdinal, "\t", explanation.ordinal, "\n");
  }
  AppendTests(text, kTest, explanation.tests);
  AppendTests(text, kCase, explanation.case_tests);
  for (const std::string& step : explanation.arithmetic) {
    absl::StrAppend(&text, kStep, "\t", step, "\n");
  }
  for (const CapOutcome& cap : explanation.caps) AppendCap(text, cap);
  if (explanation.judged_version != 0) {
    absl::StrAppend(&text, kJudged, "\t", explanation.judged_version, "\n");
  }
  AppendStays(text, explanation.stays);
  if (explanation.kept_short_by != 0) {
    absl::StrAppend(&text, kKept, "\t", explanation.kept_short_by, "\n");
  }
  return text;
}

Explanation ParseExplanation(absl::string_view text) {
  Explanation explanation;
  const std::vector<std::string> lines = absl::StrSplit(text, '\n', absl::SkipEmpty());
  for (const std::string& line : lines) {
    const Fields fields = absl::StrSplit(line, '\t');
    ParseLine(fields, explanation);
  }
  return explanation;
}

}  // namespace kith::referral::domain
