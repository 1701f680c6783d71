// The sub-commands of `kith fraud` that have a file of their own.
#ifndef KITH_CLIENTS_CLI_COMMANDS_FRAUD_H_
#define KITH_CLIENTS_CLI_COMMANDS_FRAUD_H_

#include "CLI/App.hpp"
#include "clients/cli/env.h"
#include "clients/cli/options.h"

namespace kith::cli {

// Adds `block`, `unblock` and `blocklist` to `kith fraud`.
void AddFraudBlocklist(CLI::App& fraud, Options& options, Run& run);
// Adds `rules`.
void AddFraudRules(CLI::App& fraud, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_FRAUD_H_
