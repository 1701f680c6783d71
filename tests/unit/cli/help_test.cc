#include <set>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/command_line.h"
#include "clients/cli/forms.h"
#include "gmock/gmock.h"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Said {
  std::optional<int> status;
  std::string out, err;
};

// What `kith` with these words says without running a command.
Said Say(const std::string& line) {
  Options options = OptionsFromEnvironment();
  Run run;
  const auto app = MakeApp(options, run);
  std::ostringstream out, err;
  std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
  const auto status = ParseCommandLine(*app, words, out, err);
  return {status, out.str(), err.str()};
}

// `kith`, its commands and theirs.
std::vector<std::string> AllCommands() {
  Options options = OptionsFromEnvironment();
  Run run;
  const auto app = MakeApp(options, run);
  const auto all = [](const CLI::App*) { return true; };
  std::vector<std::string> names = {""};
  for (const CLI::App* command : app->get_subcommands(all)) {
    names.push_back(command->get_name());
    for (const CLI::App* inner : command->get_subcommands(all)) {
      names.push_back(command->get_name() + " " + inner->get_name());
    }
  }
  return names;
}

TEST(HelpTest, EveryCommandHasExamplesAndExitStatuses) {
  EXPECT_GT(AllCommands().size(), 14);
  for (const std::string& command : AllCommands()) {
    const Said said = Say(command + " --help");
    EXPECT_EQ(said.status, kExitOk) << command;
    EXPECT_EQ(said.err, "") << command;
    EXPECT_THAT(said.out, HasSubstr("\nExample")) << command;
    EXPECT_THAT(said.out, HasSubstr("\nExit status:")) << command;
    EXPECT_THAT(said.out, Not(HasSubstr("\n\n\n"))) << command;
    EXPECT_THAT(said.out, Not(HasSubstr("TEXT"))) << command;
    for (const absl::string_view text : absl::StrSplit(said.out, '\n')) {
      EXPECT_LE(text.size(), 100) << command << ": " << text;
    }
    EXPECT_EQ(Say("help " + command).out, said.out);
  }
}

// The options and words of `command` and of its groups of options.
void AddOptions(const CLI::App& command, std::vector<const CLI::Option*>& options) {
  for (const CLI::Option* option : command.get_options()) options.push_back(option);
  for (const CLI::App* group :
       command.get_subcommands([](const CLI::App* app) { return app->get_name().empty(); })) {
    AddOptions(*group, options);
  }
}

TEST(HelpTest, EveryValueHasAForm) {
  // Those that say it themselves, or list their values.
  const std::set<std::string> plain = {"FILE", "PATH", "HOST:PORT", "VALUE"};
  Options options = OptionsFromEnvironment();
  cli::Run run;
  const auto app = MakeApp(options, run);
  for (const std::string& name : AllCommands()) {
    const CLI::App* command = app.get();
    for (const absl::string_view word : absl::StrSplit(name, ' ', absl::SkipEmpty())) {
      command = command->get_subcommand(std::string(word));
    }
    std::vector<const CLI::Option*> all;
    AddOptions(*command, all);
    for (const CLI::Option* option : all) {
      const std::string value =
          option->get_positional() ? option->get_single_name() : option->get_type_name();
      if (value.empty() || plain.count(value) > 0 ||
          absl::StrContains(option->get_description(), ":")) {
        continue;
      }
      EXPECT_NE(FormOf(value), "") << name << ' ' << option->get_name() << ' ' << value;
    }
  }
  const std::string help = Say("fraud suspend --help").out;
  EXPECT_THAT(help, HasSubstr("--cause WORD                Why, in a lower-case word such as "
                              "too-slow; it is\n"));
  EXPECT_THAT(help,
              HasSubstr("\nForms:\n"
                        "  PROGRAM, ADVOCATE, WHO      an id: visible ASCII characters "
                        "without spaces\n"
                        "  WORD                        a lower-case word: a letter, then "
                        "letters, digits, _, - and .\n"));
}

TEST(HelpTest, SingleActsStandTogether) {
  EXPECT_THAT(Say("--help").out,
              testing::ContainsRegex(
                  "Single acts:\n  enrol .*\n  update .*\n  refer .*\n  touch .*\n  "
                  "signup .*\n  convert .*\n  reverse .*\n"));
}

TEST(HelpTest, OptionsTellTheirDefaultsAndWhetherTheyMustBeGiven) {
  const std::string help = Say("import --help").out;
  EXPECT_THAT(help, HasSubstr("Usage: kith import [OPTIONS] KIND FILE\n"));
  EXPECT_THAT(help, HasSubstr("What it holds: customers, referrals, activities, events, "
                              "payments\n"));
  EXPECT_THAT(help, HasSubstr("--program ID                The program; not needed"));
  EXPECT_THAT(help, HasSubstr("(default: 127.0.0.1:7401)"));
  EXPECT_THAT(Say("status --help").out, HasSubstr("--wait [=SECONDS]"));
}

TEST(HelpTest, MistakesAreNamedOnStderr) {
  const Said nothing = Say("");
  EXPECT_EQ(nothing.status, kExitUsage);
  EXPECT_EQ(nothing.out, "");
  EXPECT_THAT(nothing.err, testing::StartsWith("kith: a command is needed: apply, import, "));
  EXPECT_THAT(nothing.err, HasSubstr("\nTry `kith --help`.\n"));
  EXPECT_THAT(Say("reprot debian").err, testing::StartsWith("kith: 'reprot' is no command; "));
  EXPECT_THAT(Say("reprot debian").err, HasSubstr("report"));
  EXPECT_EQ(Say("--bogus").err, "kith: '--bogus' is no option here\nTry `kith --help`.\n");
  EXPECT_EQ(Say("report").err,
            "kith report: PROGRAM is required\nTry `kith report --help`.\n");
  EXPECT_THAT(Say("report p --bogus").err, HasSubstr("--bogus"));
  EXPECT_EQ(Say("feeds").err,
            "kith feeds: a command is needed: status, restart, retry\n"
            "Try `kith feeds --help`.\n");
  EXPECT_THAT(Say("feeds restart advocacy referral --from later").err,
              HasSubstr("'later' is none of start, now, a position"));
  EXPECT_EQ(Say("churn p --from-month 0").status, kExitUsage);
  EXPECT_THAT(Say("rewards whyy p").err,
              testing::StartsWith("kith rewards: 'whyy' is no command; did you mean"));
  EXPECT_THAT(Say("referrals list p --limit 0").err,
              HasSubstr("Value 0 not in range 1 to 1000000000"));
}

TEST(HelpTest, TheServicesMayBeSaidBeforeAndAfterTheCommand) {
  for (const char* line : {"--referral 10.0.0.1:9 --timeout 5s --token-file t report p",
                           "report p --referral 10.0.0.1:9 --timeout 5s --token-file t",
                           "--referral 10.0.0.1:9 --timeout 5s feeds --token-file t status",
                           "--referral 10.0.0.2:9 feeds --referral 10.0.0.1:9 --token-file=t "
                           "status --timeout 5s"}) {
    Options options = OptionsFromEnvironment();
    cli::Run run;
    const auto app = MakeApp(options, run);
    std::ostringstream out, err;
    EXPECT_EQ(ParseCommandLine(*app, absl::StrSplit(line, ' '), out, err), std::nullopt)
        << line << err.str();
    EXPECT_EQ(options.address(Target::kReferral), "10.0.0.1:9") << line;
    EXPECT_EQ(options.timeout, absl::Seconds(5)) << line;
    EXPECT_EQ(options.token_file, "t") << line;
  }
}

TEST(HelpTest, WrongAddressesAndTimesAreNamed) {
  for (const char* address :
       {"localhost", "localhost:", "localhost:x", ":7403", "localhost:0", "localhost:65536"}) {
    const Said said = Say(absl::StrCat("report p --retention ", address));
    EXPECT_EQ(said.status, kExitUsage) << address;
    EXPECT_EQ(said.err, absl::StrCat("kith report: --retention: '", address,
                                     "' is not HOST:PORT, such as 127.0.0.1:7403\n"
                                     "Try `kith report --help`.\n"));
  }
  EXPECT_EQ(Say("report p --retention unix:/run/kith --referral [::1]:7401").err, "");
  EXPECT_THAT(Say("report p --timeout 0s").err, HasSubstr("--timeout: must be at least 1s"));
}

TEST(HelpTest, AWholeCommandLineSaysNothingAndIsRun) {
  const Said said = Say("report p --as-of 2024-01-01");
  EXPECT_EQ(said.status, std::nullopt);
  EXPECT_EQ(said.out + said.err, "");
}

TEST(HelpTest, Version) {
  EXPECT_EQ(Say("--version").status, kExitOk);
  EXPECT_THAT(Say("--version").out, testing::StartsWith("kith "));
}

}  // namespace
}  // namespace kith::cli
