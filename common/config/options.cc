#include "common/config/options.h"

#include <algorithm>
#include <cstdlib>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/config/version.h"

namespace kith::config {
namespace {

// Values as they are written; turned into Options once all are there.
struct Raw {
  std::string clock = "system";
  std::string migrate = "auto";
  std::string reflection = "on";
  std::string log_level = "info";
  std::string drain_timeout = "20s";
  std::vector<std::string> follows;
};

bool IsAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  int port = 0;
  return colon != absl::string_view::npos && colon > 0 &&
         absl::SimpleAtoi(text.substr(colon + 1), &port) && port >= 0 && port <= 65535;
}

std::string CheckAddress(const std::string& text) {
  return IsAddress(text) ? "" : absl::StrCat("'", text, "' is not HOST:PORT");
}

std::string CheckMetricsAddress(const std::string& text) {
  return text.empty() || text == "off" ? "" : CheckAddress(text);
}

std::string CheckStore(const std::string& text) {
  for (const absl::string_view scheme : {"sqlite:", "postgres://", "postgresql://"}) {
    if (absl::StartsWith(text, scheme) && text.size() > scheme.size()) return "";
  }
  // It may hold a password, and is not repeated.
  return "it is neither sqlite:PATH nor postgres://USER@HOST/DATABASE";
}

std::string CheckDuration(const std::string& text) {
  absl::Duration duration;
  return absl::ParseDuration(text, &duration) && duration >= absl::ZeroDuration()
             ? ""
             : absl::StrCat("'", text, "' is not a duration such as 20s");
}

std::string CheckClock(const std::string& text) {
  constexpr absl::string_view kManual = "manual:";
  absl::Time time;
  std::string error;
  if (text == "system") return "";
  if (absl::StartsWith(text, kManual) &&
      absl::ParseTime(absl::RFC3339_full, text.substr(kManual.size()), &time, &error)) {
    return "";
  }
  return absl::StrCat("'", text, "' is neither system nor manual:2026-03-01T00:00:00Z");
}

CLI::Validator Check(std::string (*check)(const std::string&)) {
  return {[check](std::string& text) { return check(text); }, ""};
}

// The options of one service, as CLI11 wants them.
class Parser {
 public:
  explicit Parser(const ServiceFacts& facts)
      : facts_(facts), app_(facts.description, absl::StrCat("kith-", facts.name)) {
    options_.listen = absl::StrCat("127.0.0.1:", facts.port);
    options_.metrics = absl::StrCat("127.0.0.1:", facts.metrics_port);
    options_.store = absl::StrCat("sqlite:./kith-", facts.name, ".db");
    app_.get_formatter()->column_width(34);
    app_.set_version_flag("--version", absl::StrCat("kith-", facts.name, " ", Version()));
    AddAddresses();
    AddStore();
    AddFollow();
    AddRunning();
    app_.footer(
        absl::StrCat("Every flag can also be set in the environment: --drain-timeout is KITH_",
                     absl::AsciiStrToUpper(facts.name),
                     "_DRAIN_TIMEOUT or, for all services, KITH_DRAIN_TIMEOUT.\n"
                     "Stops gracefully on SIGTERM and SIGINT."));
  }

  std::variant<Options, int> Parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      return app_.exit(e) == 0 ? 0 : 2;
    }
    Convert();
    return options_;
  }

 private:
  // An option with its two names in the environment.
  template <class T>
  CLI::Option* Add(const std::string& flag, T& value, const std::string& help) {
    const std::string name =
        absl::AsciiStrToUpper(absl::StrReplaceAll(flag.substr(2), {{"-", "_"}}));
    const std::string own =
        absl::StrCat("KITH_", absl::AsciiStrToUpper(facts_.name), "_", name);
    const bool has_own = std::getenv(own.c_str()) != nullptr;
    return app_.add_option(flag, value, help)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->envname(has_own ? own : absl::StrCat("KITH_", name));
  }

  void AddAddresses() {
    Add("--listen", options_.listen, "Address for gRPC; port 0 takes a free one")
        ->type_name("HOST:PORT")
        ->capture_default_str()
        ->check(Check(CheckAddress));
    Add("--metrics", options_.metrics, "Address for Prometheus' GET /metrics, or off")
        ->type_name("HOST:PORT")
        ->capture_default_str()
        ->check(Check(CheckMetricsAddress));
    Add("--reflection", raw_.reflection, "Serve gRPC reflection")
        ->type_name("on|off")
        ->capture_default_str()
        ->check(CLI::IsMember({"on", "off"}).description(""));
    Add("--auth-token-file", options_.auth_token_file,
        "Ask for a bearer token that is a line of this file; the first line is sent to "
        "followed services")
        ->type_name("FILE")
        ->check(CLI::ExistingFile.description(""));
  }

  void AddStore() {
    Add("--store", options_.store, "sqlite:PATH or postgres://USER@HOST/DATABASE")
        ->type_name("URL")
        ->capture_default_str()
        ->check(Check(CheckStore));
    Add("--migrate", raw_.migrate,
        "Bring the store's schema up to date: at start, and then stop, or not at all")
        ->type_name("auto|only|off")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "only", "off"}).description(""));
    Add("--shards", options_.shards,
        "Shards of a new store, fixed from then on; by default 1 for SQLite, 16 for "
        "PostgreSQL")
        ->type_name("N")
        ->check(CLI::Range(1, 1024).description(""));
  }

  void AddFollow() {
    if (facts_.follows.empty()) return;
    Add("--follow", raw_.follows,
        absl::StrCat("A service whose feed to follow; once for each of: ",
                     absl::StrJoin(facts_.follows, ", ")))
        ->type_name("NAME=HOST:PORT")
        ->delimiter(',')
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(CLI::Validator([this](std::string& text) { return CheckFollow(text); }, ""));
  }

  void AddRunning() {
    Add("--log-level", raw_.log_level, "Least level that is logged")
        ->type_name("debug|info|warn|error|off")
        ->capture_default_str()
        ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}).description(""));
    Add("--read-threads", options_.read_threads,
        "Threads for reads, with as many store connections; by default 4 for SQLite, 16 for "
        "PostgreSQL")
        ->type_name("N")
        ->check(CLI::Range(1, 256).description(""));
    Add("--max-queue", options_.max_queue,
        "Calls that may wait, for each shard and for reads; more are refused")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000000).description(""));
    Add("--drain-timeout", raw_.drain_timeout, "How long calls may take to end at a stop")
        ->type_name("DURATION")
        ->capture_default_str()
        ->check(Check(CheckDuration));
    Add("--clock", raw_.clock,
        "system, or manual:TIME for a clock that only kith.testing.v1.ClockService moves; for "
        "tests")
        ->type_name("CLOCK")
        ->capture_default_str()
        ->check(Check(CheckClock));
  }

  std::string CheckFollow(const std::string& text) const {
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (std::find(facts_.follows.begin(), facts_.follows.end(), name) ==
        facts_.follows.end()) {
      return absl::StrCat("'", name, "' is not one of ", absl::StrJoin(facts_.follows, ", "));
    }
    const std::string target = equals == std::string::npos ? "" : text.substr(equals + 1);
    return IsAddress(target) && !absl::EndsWith(target, ":0")
               ? ""
               : absl::StrCat("'", text, "' is not NAME=HOST:PORT");
  }

  void Convert() {
    if (options_.metrics == "off") options_.metrics.clear();
    options_.reflection = raw_.reflection == "on";
    options_.migrate = raw_.migrate == "only"  ? db::MigrateMode::kOnly
                       : raw_.migrate == "off" ? db::MigrateMode::kOff
                                               : db::MigrateMode::kAuto;
    options_.log_level = log::ParseLevel(raw_.log_level).value_or(log::Level::kInfo);
    absl::ParseDuration(raw_.drain_timeout, &options_.drain_timeout);
    for (const std::string& text : raw_.follows) {
      const size_t equals = text.find('=');
      options_.follows[text.substr(0, equals)] = text.substr(equals + 1);
    }
    if (const size_t colon = raw_.clock.find(':'); colon != std::string::npos) {
      absl::Time time;
      absl::ParseTime(absl::RFC3339_full, raw_.clock.substr(colon + 1), &time, nullptr);
      options_.manual_clock = time;
    }
  }

  const ServiceFacts& facts_;
  CLI::App app_;
  Options options_;
  Raw raw_;
};

}  // namespace

std::variant<Options, int> ParseOptions(const ServiceFacts& facts, int argc,
                                        const char* const* argv) {
  return Parser(facts).Parse(argc, argv);
}

}  // namespace kith::config
