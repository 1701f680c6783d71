// The sub-commands of `kith rewards`.
#ifndef KITH_CLIENTS_CLI_COMMANDS_REWARDS_H_
#define KITH_CLIENTS_CLI_COMMANDS_REWARDS_H_

#include "CLI/App.hpp"
#include "clients/cli/env.h"
#include "clients/cli/options.h"

namespace kith::cli {

// Add `explain`, `why`, and `ledger`, `caps` and `take-back`, to `kith rewards`.
void AddRewardsWhy(CLI::App& rewards, Options& options, Run& run);
void AddRewardsExplain(CLI::App& rewards, Options& options, Run& run);
void AddRewardsBooks(CLI::App& rewards, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_REWARDS_H_
