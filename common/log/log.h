// The log: one JSON object a line on standard error.
//
//   {"time":"2026-03-01T10:00:00.123456Z","level":"info","service":"referral",
//    "event":"serving","address":"127.0.0.1:7001"}
//
// An event has a constant name in snake_case; what varies are its fields. Personal data
// never appears: it is wrapped in Redacted where a reader must see that it was there.
#ifndef KITH_COMMON_LOG_LOG_H_
#define KITH_COMMON_LOG_LOG_H_

#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::log {

enum class Level : int { kDebug = 0, kInfo, kWarn, kError, kOff };

// "debug", "info", "warn", "error" or "off".
std::optional<Level> ParseLevel(absl::string_view name);

// Personal data; printed as "redacted" whatever it is.
struct Redacted {
  explicit Redacted(absl::string_view) {}
};

// A key with a value. Borrows its strings for the length of the call.
class Field {
 public:
  using Value = std::variant<absl::string_view, int64_t, double, bool, absl::Time,
                             absl::Duration, Redacted>;

  Field(absl::string_view key, absl::string_view value) : key_(key), value_(value) {}
  Field(absl::string_view key, const std::string& value)
      : key_(key), value_(absl::string_view(value)) {}
  Field(absl::string_view key, const char* value)
      : key_(key), value_(absl::string_view(value)) {}
  Field(absl::string_view key, bool value) : key_(key), value_(value) {}
  Field(absl::string_view key, std::integral auto value)
      : key_(key), value_(static_cast<int64_t>(value)) {}
  Field(absl::string_view key, double value) : key_(key), value_(value) {}
  Field(absl::string_view key, absl::Time value) : key_(key), value_(value) {}
  Field(absl::string_view key, absl::Duration value) : key_(key), value_(value) {}  // seconds
  Field(absl::string_view key, Redacted value) : key_(key), value_(value) {}

  absl::string_view key() const { return key_; }
  const Value& value() const { return value_; }

 private:
  absl::string_view key_;
  Value value_;
};

using Fields = std::initializer_list<Field>;

// Sets the least level that is written and the name of the service. Before it is called,
// `info` and above are written. Thread-safe.
void Configure(Level level, absl::string_view service);

namespace internal {
extern std::atomic<int> least_level;
void Write(Level level, absl::string_view event, Fields fields);
}  // namespace internal

// Whether events of this level are written.
inline bool Enabled(Level level) {
  return static_cast<int>(level) >= internal::least_level.load(std::memory_order_relaxed);
}

// Writes an event. Thread-safe. Costs one comparison when the level is off.
inline void Write(Level level, absl::string_view event, Fields fields = {}) {
  if (Enabled(level)) internal::Write(level, event, fields);
}
inline void Debug(absl::string_view event, Fields fields = {}) {
  Write(Level::kDebug, event, fields);
}
inline void Info(absl::string_view event, Fields fields = {}) {
  Write(Level::kInfo, event, fields);
}
inline void Warn(absl::string_view event, Fields fields = {}) {
  Write(Level::kWarn, event, fields);
}
inline void Error(absl::string_view event, Fields fields = {}) {
  Write(Level::kError, event, fields);
}

// The line of an event, without the line feed. What Write writes; for tests.
std::string FormatLine(absl::Time time, Level level, absl::string_view service,
                       absl::string_view event, Fields fields);

}  // namespace kith::log

#endif  // KITH_COMMON_LOG_LOG_H_
