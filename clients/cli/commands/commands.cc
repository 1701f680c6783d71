#include "clients/cli/commands/commands.h"

#include "absl/strings/str_cat.h"
#include "common/config/version.h"

namespace kith::cli {

std::string Footer(absl::string_view text) {
  return absl::StrCat(
      text,
      "\n\nExit status: 0 done, 1 refused or not found, 2 wrong command line,\n"
      "69 a service cannot be reached.");
}

void AddVersion(CLI::App& app, Options& options, Run& run) {
  CLI::App* command = app.add_subcommand("version", "Print the version of this program");
  AddConnectionFlags(*command, options);
  command->footer(Footer("Example:\n  kith version"));
  command->callback([&run] {
    run = [](Env& env) -> absl::StatusOr<int> {
      env.out << "kith " << config::Version() << '\n';
      return kExitOk;
    };
  });
}

void AddAllCommands(CLI::App& app, Options& options, Run& run) {
  AddApply(app, options, run);
  AddImport(app, options, run);
  AddActs(app, options, run);
  AddReport(app, options, run);
  AddStatus(app, options, run);
  AddFeeds(app, options, run);
  AddExplain(app, options, run);
  AddSurvival(app, options, run);
  AddChurn(app, options, run);
  AddConcentration(app, options, run);
  AddAdvocate(app, options, run);
  AddPrograms(app, options, run);
  AddCampaigns(app, options, run);
  AddReferrals(app, options, run);
  AddAttribution(app, options, run);
  AddCodes(app, options, run);
  AddRewards(app, options, run);
  AddFulfilment(app, options, run);
  AddFraud(app, options, run);
  AddVersion(app, options, run);
}

}  // namespace kith::cli
