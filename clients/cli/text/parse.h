// The forms in which people write times and durations.
#ifndef KITH_CLIENTS_CLI_TEXT_PARSE_H_
#define KITH_CLIENTS_CLI_TEXT_PARSE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace kith::cli {

// A plain date (`2024-03-01`, midnight UTC) or RFC 3339 (`2024-03-01T10:00:00Z`, any
// offset, fractions cut to microseconds). Years 0001 to 9999.
absl::StatusOr<absl::Time> ParseTimeText(absl::string_view text);
// Whether `text`, which ParseTimeText takes, is a plain date.
bool IsPlainDate(absl::string_view text);

// Whole numbers with a unit, largest first: `90d`, `36h`, `30m`, `10s`, `1d12h`. A day is
// 24 hours. Never negative.
absl::StatusOr<absl::Duration> ParseDurationText(absl::string_view text);

// RFC 3339 in UTC, with a fraction only when there is one.
std::string FormatTimeText(absl::Time time);
// For people, with the zone: `2026-03-01 UTC`, or `2026-03-01 10:00:00 UTC` when it is not
// midnight there.
std::string FormatShortTime(absl::Time time, absl::TimeZone zone = absl::UTCTimeZone());
// The reverse of ParseDurationText, to the second.
std::string FormatDurationText(absl::Duration duration);

google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);
google::protobuf::Duration ToDuration(absl::Duration duration);
absl::Duration FromDuration(const google::protobuf::Duration& duration);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_TEXT_PARSE_H_
