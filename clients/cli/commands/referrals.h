// The sub-commands of `kith referrals` that have a file of their own.
#ifndef KITH_CLIENTS_CLI_COMMANDS_REFERRALS_H_
#define KITH_CLIENTS_CLI_COMMANDS_REFERRALS_H_

#include "CLI/App.hpp"
#include "clients/cli/env.h"
#include "clients/cli/options.h"

namespace kith::cli {

// Adds `fit` and `note` to `kith referrals`.
void AddReferralsLead(CLI::App& referrals, Options& options, Run& run);
// Adds `opt-out` and `opt-in`.
void AddReferralsOptOut(CLI::App& referrals, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_REFERRALS_H_
