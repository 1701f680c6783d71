#include "common/log/log.h"

#include <cmath>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace kith::log {
namespace {

constexpr absl::string_view kLevelNames[] = {"debug", "info", "warn", "error", "off"};

struct State {
  std::mutex mutex;
  std::string service = "kith";
  spdlog::logger logger{"kith", std::make_shared<spdlog::sinks::stderr_sink_mt>()};

  State() {
    logger.set_pattern("%v");
    logger.set_level(spdlog::level::trace);
    logger.flush_on(spdlog::level::trace);
  }
};

State& GetState() {
  static State& state = *new State();
  return state;
}

// Length of the valid UTF-8 sequence at the start of `text`, or 0.
size_t Utf8Length(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : 4;
  if (length == 1) return 1;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6 != 2) return 0;
  }
  return length;
}

void AppendString(std::string& out, absl::string_view text) {
  out += '"';
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const unsigned char c = static_cast<unsigned char>(text[0]);
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += text[0];
    } else if (c < 0x20 || c == 0x7F) {
      absl::StrAppendFormat(&out, "\\u%04x", c);
    } else {
      out.append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void AppendTime(std::string& out, absl::Time time) {
  absl::StrAppend(&out, "\"",
                  absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()), "\"");
}

void AppendDouble(std::string& out, double value) {
  if (std::isfinite(value)) {
    absl::StrAppend(&out, value);
  } else {
    out += "null";
  }
}

struct AppendValue {
  std::string& out;
  void operator()(absl::string_view value) const { AppendString(out, value); }
  void operator()(int64_t value) const { absl::StrAppend(&out, value); }
  void operator()(double value) const { AppendDouble(out, value); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(absl::Time value) const { AppendTime(out, value); }
  void operator()(absl::Duration value) const {
    AppendDouble(out, absl::ToDoubleSeconds(value));
  }
  void operator()(Redacted) const { out += "\"redacted\""; }
};

}  // namespace

namespace internal {

std::atomic<int> least_level{static_cast<int>(Level::kInfo)};

void Write(Level level, absl::string_view event, Fields fields) {
  State& state = GetState();
  std::string service;
  {
    const std::scoped_lock lock(state.mutex);
    service = state.service;
  }
  const std::string line = FormatLine(SystemClock().Now(), level, service, event, fields);
  state.logger.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace internal

std::optional<Level> ParseLevel(absl::string_view name) {
  for (int i = 0; i <= static_cast<int>(Level::kOff); ++i) {
    if (kLevelNames[i] == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

void Configure(Level level, absl::string_view service) {
  State& state = GetState();
  const std::scoped_lock lock(state.mutex);
  state.service = std::string(service);
  internal::least_level.store(static_cast<int>(level), std::memory_order_relaxed);
}

std::string FormatLine(absl::Time time, Level level, absl::string_view service,
                       absl::string_view event, Fields fields) {
  std::string line = "{\"time\":";
  AppendTime(line, time);
  absl::StrAppend(&line, ",\"level\":\"", kLevelNames[static_cast<int>(level)],
                  "\",\"service\":");
  AppendString(line, service);
  line += ",\"event\":";
  AppendString(line, event);
  for (const Field& field : fields) {
    line += ',';
    AppendString(line, field.key());
    line += ':';
    std::visit(AppendValue{line}, field.value());
  }
  line += '}';
  return line;
}

}  // namespace kith::log
