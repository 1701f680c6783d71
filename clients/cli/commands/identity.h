// Options of who somebody is: addresses, numbers, devices. The services keep keyed hashes
// only.
#ifndef KITH_CLIENTS_CLI_COMMANDS_IDENTITY_H_
#define KITH_CLIENTS_CLI_COMMANDS_IDENTITY_H_

#include <string>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "clients/cli/env.h"

namespace kith::cli {

// Where somebody comes from.
struct Identity {
  std::string email, phone, device, payment, ip;
};

// The options of these, each group of its own because not all commands have all.
void AddAddressFlags(CLI::App& command, Identity& identity);  // --email, --phone
void AddDeviceFlags(CLI::App& command, Identity& identity);   // --device, --ip
void AddPaymentFlag(CLI::App& command, Identity& identity);   // --payment

// Puts lines of stdin in the place of addresses and numbers that are `-`, in the order of the
// options in the help.
absl::Status ReadLines(Env& env, Identity& identity);

// An option whose value may be `-`: then it is a line of stdin, so that personal data need
// not stand in the history of a shell. `ReadLine` puts the line in its place.
void AddPrivateFlag(CLI::App& command, const std::string& name, std::string& value,
                    const std::string& type, const std::string& description);
absl::Status ReadLine(Env& env, std::string& value);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_IDENTITY_H_
