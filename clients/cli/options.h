// What all commands of `kith` share: where the services are, how long to wait, how to print.
#ifndef KITH_CLIENTS_CLI_OPTIONS_H_
#define KITH_CLIENTS_CLI_OPTIONS_H_

#include <array>
#include <string>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::cli {

// The four services.
enum class Target { kReferral, kAdvocacy, kRetention, kOutreach };
inline constexpr std::array<Target, 4> kTargets = {Target::kReferral, Target::kAdvocacy,
                                                   Target::kRetention, Target::kOutreach};
// `referral`, `advocacy`, `retention` or `outreach`.
absl::string_view TargetName(Target target);

// Exit statuses. They are listed in `kith --help`.
enum ExitCode {
  kExitOk = 0,
  kExitFailed = 1,        // refused, invalid or not found
  kExitUsage = 2,         // wrong command line
  kExitRejects = 3,       // an import rejected some lines
  kExitUnavailable = 69,  // a service cannot be reached (EX_UNAVAILABLE of sysexits.h)
};

// Values of the shared flags.
struct Options {
  std::array<std::string, 4> addresses;  // HOST:PORT, by Target
  std::string token_file;                // empty: no token
  absl::Duration timeout = absl::Seconds(30);
  bool json = false;

  const std::string& address(Target target) const {
    return addresses[static_cast<size_t>(target)];
  }
};

// The defaults: the local suite (127.0.0.1:7401 to 7404), or what the environment says in
// KITH_REFERRAL, KITH_ADVOCACY, KITH_RETENTION, KITH_OUTREACH and KITH_TOKEN_FILE.
Options OptionsFromEnvironment();

// Whether all addresses are HOST:PORT or unix:PATH. Those of flags are checked before; the
// error names the environment variable.
absl::Status CheckAddresses(const Options& options);

// Adds --referral … --outreach, --timeout and --token-file to `command`.
// `options` must outlive it.
void AddConnectionFlags(CLI::App& command, Options& options);
// Adds --json.
void AddJsonFlag(CLI::App& command, Options& options);
// Adds `name`, whose value is a date or an RFC 3339 time.
CLI::Option* AddTimeFlag(CLI::App& command, const std::string& name, absl::Time& time,
                         const std::string& description);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_OPTIONS_H_
