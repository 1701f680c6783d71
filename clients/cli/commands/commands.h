// The commands. Each function adds one to `app`; when the command line chooses it, `run` is
// set. `options` and `run` must outlive `app`.
#ifndef KITH_CLIENTS_CLI_COMMANDS_COMMANDS_H_
#define KITH_CLIENTS_CLI_COMMANDS_COMMANDS_H_

#include <string>

#include "CLI/App.hpp"
#include "absl/strings/string_view.h"
#include "clients/cli/env.h"
#include "clients/cli/options.h"

namespace kith::cli {

void AddApply(CLI::App& app, Options& options, Run& run);
void AddImport(CLI::App& app, Options& options, Run& run);
void AddReport(CLI::App& app, Options& options, Run& run);
void AddStatus(CLI::App& app, Options& options, Run& run);
void AddFeeds(CLI::App& app, Options& options, Run& run);
void AddExplain(CLI::App& app, Options& options, Run& run);
void AddSurvival(CLI::App& app, Options& options, Run& run);
void AddChurn(CLI::App& app, Options& options, Run& run);
void AddConcentration(CLI::App& app, Options& options, Run& run);
void AddAdvocate(CLI::App& app, Options& options, Run& run);
// `enrol`, `refer`, `touch`, `signup`, `convert` and `reverse`.
void AddActs(CLI::App& app, Options& options, Run& run);
void AddRewards(CLI::App& app, Options& options, Run& run);
void AddPrograms(CLI::App& app, Options& options, Run& run);
void AddCampaigns(CLI::App& app, Options& options, Run& run);
void AddReferrals(CLI::App& app, Options& options, Run& run);
void AddAttribution(CLI::App& app, Options& options, Run& run);
void AddCodes(CLI::App& app, Options& options, Run& run);
void AddFulfilment(CLI::App& app, Options& options, Run& run);
void AddFraud(CLI::App& app, Options& options, Run& run);
void AddVersion(CLI::App& app, Options& options, Run& run);

// The end of a command's help: `text`, then the exit statuses that most commands have.
std::string Footer(absl::string_view text);

// All of them.
void AddAllCommands(CLI::App& app, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_COMMANDS_H_
