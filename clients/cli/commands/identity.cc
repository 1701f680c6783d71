#include "clients/cli/commands/identity.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace kith::cli {

void AddAddressFlags(CLI::App& command, Identity& identity) {
  AddPrivateFlag(command, "--email", identity.email, "EMAIL", "Mail address");
  AddPrivateFlag(command, "--phone", identity.phone, "PHONE", "Phone number");
}

void AddDeviceFlags(CLI::App& command, Identity& identity) {
  command.add_option("--device", identity.device, "Device")->type_name("WORDS");
  command.add_option("--ip", identity.ip, "Network address")->type_name("IP");
}

void AddPaymentFlag(CLI::App& command, Identity& identity) {
  command.add_option("--payment", identity.payment, "Fingerprint of the means of payment")
      ->type_name("WORDS");
}

absl::Status ReadLines(Env& env, Identity& identity) {
  KITH_RETURN_IF_ERROR(ReadLine(env, identity.email));
  return ReadLine(env, identity.phone);
}

void AddPrivateFlag(CLI::App& command, const std::string& name, std::string& value,
                    const std::string& type, const std::string& description) {
  command.add_option(name, value, absl::StrCat(description, "; - reads a line of stdin"))
      ->type_name(type);
}

absl::Status ReadLine(Env& env, std::string& value) {
  if (value != "-") return absl::OkStatus();
  std::string line;
  std::getline(env.in, line);
  value = std::string(absl::StripAsciiWhitespace(line));
  if (!value.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("stdin holds no line for an option that is -");
}

}  // namespace kith::cli
