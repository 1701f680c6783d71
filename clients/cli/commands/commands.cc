#include "clients/cli/commands/commands.h"

#include "common/config/version.h"

namespace kith::cli {

void AddVersion(CLI::App& app, Options& options, Run& run) {
  CLI::App* command = app.add_subcommand("version", "Print the version of this program");
  AddConnectionFlags(*command, options);
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
  AddReport(app, options, run);
  AddStatus(app, options, run);
  AddExplain(app, options, run);
  AddSurvival(app, options, run);
  AddChurn(app, options, run);
  AddConcentration(app, options, run);
  AddAdvocate(app, options, run);
  AddRewards(app, options, run);
  AddVersion(app, options, run);
}

}  // namespace kith::cli
