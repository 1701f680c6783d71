#include "clients/cli/command_line.h"

#include <algorithm>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/forms.h"
#include "clients/cli/yaml/convert.h"
#include "common/config/version.h"

namespace kith::cli {
namespace {

constexpr char kFooter[] = R"(Examples:
  kith apply -f programme.yaml --dry-run
  kith import customers customers.csv --program debian
  kith enrol friends ann && kith refer friends ann --email ben@example.org
  kith report debian --as-of 2019-09-03
  kith survival debian --by channel --json | jq .log_rank
  kith status --wait && kith feeds status
  kith programs recalculate dropbox --from 2026-01-01 --dry-run
  kith referrals overdue debian && kith fraud cases debian

Exit status:
   0  done
   1  refused, invalid or not found
   2  wrong command line
   3  import: some lines were rejected (0 with --allow-rejects)
  69  a service cannot be reached

The services are those of the local suite unless flags or the environment (KITH_REFERRAL,
KITH_ADVOCACY, KITH_RETENTION, KITH_OUTREACH, KITH_TOKEN_FILE) say otherwise. Data goes to
stdout, progress and messages to stderr. Times are shown with their zone: UTC, or that of
the program for its campaigns and caps. An empty list is a sentence (`no rewards`), with
--json an empty array. `kith COMMAND --help` says more of a command.)";

// One option a line: its name and value, then what it means, its default, and whether it
// must be given.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option_name(const CLI::Option* option, bool positional) const override {
    const std::string name = CLI::Formatter::make_option_name(option, positional);
    return name.substr(0, name.find('{'));  // of a flag with a value
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_positional() || option->get_type_size() == 0) return "";
    const std::string text = option->get_option_text().empty() ? option->get_type_name()
                                                               : option->get_option_text();
    return absl::StrCat(" ", text);
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    std::string text = option->get_description();
    const std::string standard = option->get_default_str();
    if (!standard.empty()) absl::StrAppend(&text, " (default: ", standard, ")");
    if (option->get_required() && !option->get_positional())
      absl::StrAppend(&text, " (required)");
    return text;
  }
  std::string make_footer(const CLI::App* app) const override {
    return DescribeForms(*app) + CLI::Formatter::make_footer(app);
  }
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    return absl::StrReplaceAll(CLI::Formatter::make_help(app, std::move(name), mode),
                               {{"\n\n\n", "\n\n"}});
  }
};

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

// The command that was being parsed, and the words that lead to it.
const CLI::App& Chosen(const CLI::App& app, std::string& path) {
  const CLI::App* chosen = &app;
  path = app.get_name();
  while (!chosen->get_subcommands().empty()) {
    chosen = chosen->get_subcommands().front();
    absl::StrAppend(&path, " ", chosen->get_name());
  }
  return *chosen;
}

std::string Mistake(const CLI::App& chosen, const std::vector<std::string>& unknown,
                    const CLI::Error& error) {
  const std::vector<std::string> names = CommandNames(chosen);
  const bool needs_command = chosen.get_require_subcommand_min() > 0;
  if (names.empty() || (unknown.empty() && !needs_command)) return error.what();
  // The word that was taken for the program may have been meant for a command.
  const CLI::Option* first = chosen.get_option_no_throw("PROGRAM");
  if (!unknown.empty() && first != nullptr && !first->results().empty()) {
    return absl::StrCat("'", first->results().front(), "' is no command; ",
                        Suggest(first->results().front(), names));
  }
  if (unknown.empty()) return "a command is needed: " + absl::StrJoin(names, ", ");
  const std::string& word = unknown.front();
  if (absl::StartsWith(word, "-")) return absl::StrCat("'", word, "' is no option here");
  return absl::StrCat("'", word, "' is no command; ", Suggest(word, names));
}

std::string DescribeMistake(const CLI::App* app, const CLI::Error& error) {
  std::string path;
  const CLI::App& chosen = Chosen(*app, path);
  return absl::StrCat(path, ": ", Mistake(chosen, app->remaining(true), error), "\nTry `",
                      path, " --help`.\n");
}

// Where the services are may be said before the words of a command, between them, or after.
void AddConnectionFlagsToAll(CLI::App& app, Options& options) {
  if (app.get_name().empty()) return;  // a group of options
  if (app.get_option_no_throw("--timeout") == nullptr) AddConnectionFlags(app, options);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    AddConnectionFlagsToAll(*command, options);
  }
}

}  // namespace

std::unique_ptr<CLI::App> MakeApp(Options& options, Run& run) {
  auto app = std::make_unique<CLI::App>(
      "kith: turn customers into advocates, and see whether it pays", "kith");
  // Before the commands, which take it over.
  app->formatter(std::make_shared<HelpFormatter>());
  app->failure_message(DescribeMistake);
  app->set_help_flag("-h,--help", "Print this help and exit");
  app->set_version_flag("--version", std::string("kith ") + config::Version(),
                        "Print the version and exit");
  app->require_subcommand(1);
  AddAllCommands(*app, options, run);
  AddConnectionFlagsToAll(*app, options);
  app->footer(kFooter);
  return app;
}

std::optional<int> ParseCommandLine(CLI::App& app, std::vector<std::string> words,
                                    std::ostream& out, std::ostream& err) {
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  std::reverse(words.begin(), words.end());  // as the library wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? kExitOk : kExitUsage;
  }
  return std::nullopt;
}

}  // namespace kith::cli
