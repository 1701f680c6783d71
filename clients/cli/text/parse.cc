#include "clients/cli/text/parse.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/text/excerpt.h"

namespace kith::cli {
namespace {

// The longest duration that google.protobuf.Duration holds.
constexpr int64_t kMaxSeconds = 315576000000;

absl::Status BadTime(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      Excerpt(text),
      " is no time; write a date (2024-03-01) or RFC 3339 (2024-03-01T10:00:00Z)"));
}

absl::Status BadDuration(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      Excerpt(text), " is no duration; write for example 90d, 36h, 30m, 10s or 1d12h"));
}

// Whether `text` begins like a date. absl::ParseTime alone would also take `infinite-past`,
// other lengths of years and leading spaces.
bool StartsWithDate(absl::string_view text) {
  constexpr absl::string_view kShape = "dddd-dd-dd";
  if (text.size() < kShape.size()) return false;
  for (size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == 'd' ? absl::ascii_isdigit(text[i]) : text[i] == kShape[i];
    if (!fits) return false;
  }
  return text.substr(0, 4) != "0000" && !absl::ascii_isspace(text.back());
}

// Seconds of a unit; 0 for an unknown one.
int64_t UnitSeconds(char unit) {
  switch (unit) {
    case 'd':
      return 86400;
    case 'h':
      return 3600;
    case 'm':
      return 60;
    case 's':
      return 1;
    default:
      return 0;
  }
}

}  // namespace

bool IsPlainDate(absl::string_view text) {
  return text.size() == absl::string_view("dddd-dd-dd").size();
}

absl::StatusOr<absl::Time> ParseTimeText(absl::string_view text) {
  if (!StartsWithDate(text)) return BadTime(text);
  const char* format = IsPlainDate(text) ? "%Y-%m-%d" : "%Y-%m-%d%ET%H:%M:%E*S%Ez";
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(format, text, &time, &error)) return BadTime(text);
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

absl::StatusOr<absl::Duration> ParseDurationText(absl::string_view text) {
  int64_t total = 0;
  int64_t number = -1;  // -1: no digit yet
  int64_t last_unit = INT64_MAX;
  for (const char c : text) {
    if (absl::ascii_isdigit(c)) {
      number = (number < 0 ? 0 : number) * 10 + (c - '0');
      if (number > kMaxSeconds) return BadDuration(text);
      continue;
    }
    const int64_t unit = UnitSeconds(c);
    if (unit == 0 || number < 0 || unit >= last_unit) return BadDuration(text);
    if (number > (kMaxSeconds - total) / unit) return BadDuration(text);
    total += number * unit;
    last_unit = unit;
    number = -1;
  }
  if (number >= 0 || last_unit == INT64_MAX) return BadDuration(text);
  return absl::Seconds(total);
}

std::string FormatTimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::string FormatShortTime(absl::Time time, absl::TimeZone zone) {
  const bool midnight = time == absl::FromCivil(absl::ToCivilDay(time, zone), zone);
  const char* format = midnight ? "%Y-%m-%d" : "%Y-%m-%d %H:%M:%S";
  return absl::StrCat(absl::FormatTime(format, time, zone), " ", zone.name());
}

std::string FormatDurationText(absl::Duration duration) {
  int64_t seconds = absl::ToInt64Seconds(duration);
  std::string text = seconds < 0 ? "-" : "";
  if (seconds < 0) seconds = -seconds;
  const size_t sign = text.size();
  for (const char unit : {'d', 'h', 'm', 's'}) {
    const int64_t count = seconds / UnitSeconds(unit);
    seconds %= UnitSeconds(unit);
    if (count > 0) absl::StrAppend(&text, count, absl::string_view(&unit, 1));
  }
  return text.size() == sign ? "0s" : text;
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

google::protobuf::Duration ToDuration(absl::Duration duration) {
  google::protobuf::Duration result;
  absl::Duration rest;
  result.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &rest));
  result.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
  return result;
}

absl::Duration FromDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

}  // namespace kith::cli
