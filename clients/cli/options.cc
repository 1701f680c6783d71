#include "clients/cli/options.h"

#include <cstdlib>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/text/excerpt.h"
#include "clients/cli/text/parse.h"

namespace kith::cli {
namespace {

constexpr absl::string_view kNames[] = {"referral", "advocacy", "retention", "outreach"};
constexpr int kFirstPort = 7401;

std::string EnvironmentName(Target target) {
  return absl::StrCat("KITH_", absl::AsciiStrToUpper(TargetName(target)));
}

std::string FromEnvironment(const std::string& name, std::string otherwise) {
  const char* value = std::getenv(name.c_str());
  return value != nullptr && *value != '\0' ? std::string(value) : std::move(otherwise);
}

// Turns an error of `parse` into one of the command line.
template <class Value>
Value ParsedOr(absl::StatusOr<Value> parsed, const std::string& flag) {
  if (!parsed.ok()) throw CLI::ValidationError(flag, std::string(parsed.status().message()));
  return *parsed;
}

// Why `address` is none; empty when it is HOST:PORT, or unix:PATH.
std::string AddressProblem(Target target, absl::string_view address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  const bool fits = colon != absl::string_view::npos && colon > 0 &&
                    absl::SimpleAtoi(address.substr(colon + 1), &port) && port > 0 &&
                    port <= 65535;
  if (fits || absl::StartsWith(address, "unix:")) return "";
  return absl::StrCat(Excerpt(address), " is not HOST:PORT, such as 127.0.0.1:",
                      kFirstPort + static_cast<int>(target));
}

}  // namespace

absl::string_view TargetName(Target target) { return kNames[static_cast<size_t>(target)]; }

Options OptionsFromEnvironment() {
  Options options;
  for (const Target target : kTargets) {
    const size_t index = static_cast<size_t>(target);
    options.addresses[index] = FromEnvironment(EnvironmentName(target),
                                               absl::StrCat("127.0.0.1:", kFirstPort + index));
  }
  options.token_file = FromEnvironment("KITH_TOKEN_FILE", "");
  return options;
}

absl::Status CheckAddresses(const Options& options) {
  for (const Target target : kTargets) {
    const std::string problem = AddressProblem(target, options.address(target));
    if (problem.empty()) continue;
    return absl::InvalidArgumentError(absl::StrCat(EnvironmentName(target), ": ", problem));
  }
  return absl::OkStatus();
}

void AddConnectionFlags(CLI::App& command, Options& options) {
  for (const Target target : kTargets) {
    std::string& address = options.addresses[static_cast<size_t>(target)];
    command
        .add_option(absl::StrCat("--", TargetName(target)), address,
                    absl::StrCat("The ", TargetName(target), " service [",
                                 EnvironmentName(target), "]"))
        ->type_name("HOST:PORT")
        ->check(CLI::Validator(
            [target](const std::string& text) { return AddressProblem(target, text); }, ""))
        ->capture_default_str()
        ->group("Connection");
  }
  command
      .add_option_function<std::string>(
          "--timeout",
          [&options](const std::string& text) {
            options.timeout = ParsedOr(ParseDurationText(text), "--timeout");
            if (options.timeout < absl::Seconds(1)) {
              throw CLI::ValidationError("--timeout", "must be at least 1s");
            }
          },
          "Longest wait for one call")
      ->type_name("DURATION")
      ->default_str("30s")
      ->group("Connection");
  command
      .add_option("--token-file", options.token_file,
                  "File with the bearer token to send [KITH_TOKEN_FILE]")
      ->type_name("FILE")
      ->group("Connection");
}

void AddJsonFlag(CLI::App& command, Options& options) {
  command.add_flag("--json", options.json, "Print JSON for programs");
}

CLI::Option* AddTimeFlag(CLI::App& command, const std::string& name, absl::Time& time,
                         const std::string& description) {
  return command
      .add_option_function<std::string>(
          name,
          [&time, name](const std::string& text) {
            time = ParsedOr(ParseTimeText(text), name);
          },
          description)
      ->type_name("TIME");
}

}  // namespace kith::cli
