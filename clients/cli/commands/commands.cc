#include "clients/cli/commands/commands.h"

#include "CLI/CLI.hpp"
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

namespace {

std::string EmptyProblem(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

// Of all options and words: an empty one, since the variable of a script was not set, say,
// would be taken for one that is not given.
void RefuseEmptyValues(CLI::App& app) {
  for (CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    if (option->get_items_expected_max() > 0) option->check(EmptyProblem, "");
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    RefuseEmptyValues(*command);
  }
}

}  // namespace

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
  RefuseEmptyValues(app);
}

}  // namespace kith::cli
