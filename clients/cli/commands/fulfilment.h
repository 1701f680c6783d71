// The sub-commands of `kith fulfilment` that have a file of their own.
#ifndef KITH_CLIENTS_CLI_COMMANDS_FULFILMENT_H_
#define KITH_CLIENTS_CLI_COMMANDS_FULFILMENT_H_

#include "CLI/App.hpp"
#include "clients/cli/env.h"
#include "clients/cli/options.h"

namespace kith::cli {

// Adds `claim`, `extend` and `report` to `kith fulfilment`: what a provider does.
void AddFulfilmentWork(CLI::App& fulfilment, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_FULFILMENT_H_
