// `kith programs`: which programs there are, their versions, and rewards by other rules.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/in_force.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/program.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

// Conversions that are recalculated in one transaction.
constexpr int kConversionsPerPage = 500;

absl::StatusOr<int> List(Env& env) {
  KITH_ASSIGN_OR_RETURN(auto response,
                        ReadPages<ListProgramsResponse>(env, ListProgramsRequest()));
  for (GetProgramResponse& stored : *response.mutable_programs()) {
    KITH_ASSIGN_OR_RETURN(InForce found, FindInForce(env, std::move(stored)));
    stored = std::move(found.stored);
    NotePlan(env, stored.program().program_id(), found.plan);
  }
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  Table table("programs", {{"program"},
                           {"name"},
                           {"currency"},
                           {"version", Align::kRight},
                           {"rewards", Align::kRight},
                           {"campaigns", Align::kRight}});
  for (const auto& stored : response.programs()) {
    const Program& program = stored.program();
    if (!stored.unreadable().empty()) {
      table.Add({program.program_id(), absl::StrCat("cannot be read: ", stored.unreadable()),
                 "", Count(stored.version()), "", ""});
      continue;
    }
    int64_t rewards = program.rewards_size();
    for (const auto& campaign : program.campaigns()) rewards += campaign.rewards_size();
    table.Add({program.program_id(), program.display_name(), program.currency(),
               Count(stored.version()), Count(rewards), Count(program.campaigns_size())});
  }
  table.Print(env.out, env.out_is_terminal);
  return kExitOk;
}

struct ProgramArguments {
  std::string program;
};

// `planned` and `withdrawn` are those that have not come into force: of the versions whose
// time has come the newest holds, so that a later one from an earlier time withdraws a plan.
std::vector<std::string> DescribeForce(const ListProgramVersionsResponse& response) {
  std::vector<std::string> words;
  absl::Time earliest = absl::InfiniteFuture();  // of the later ones
  bool later_holds = false;
  for (int i = response.versions_size() - 1; i >= 0; --i) {
    const ProgramVersionSummary& version = response.versions(i);
    const absl::Time from = version.has_effective_time()
                                ? FromTimestamp(version.effective_time())
                                : absl::InfinitePast();
    const bool withdrawn = from > earliest || (from == earliest && !later_holds);
    words.push_back(version.in_force() ? "yes"
                    : withdrawn        ? "withdrawn"
                    : later_holds      ? "no"
                                       : "planned");
    later_holds = later_holds || version.in_force();
    earliest = std::min(earliest, from);
  }
  std::reverse(words.begin(), words.end());
  return words;
}

absl::StatusOr<int> Versions(Env& env, const ProgramArguments& arguments) {
  ListProgramVersionsRequest request;
  request.set_program_id(arguments.program);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ReadPages<ListProgramVersionsResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  Table table("versions", {{"version", Align::kRight},
                           {"holds from"},
                           {"in force"},
                           {"name"},
                           {"rewards", Align::kRight},
                           {"campaigns", Align::kRight}});
  const std::vector<std::string> force = DescribeForce(response);
  for (int i = 0; i < response.versions_size(); ++i) {
    const ProgramVersionSummary& version = response.versions(i);
    table.Add({Count(version.version()),
               TimeOr(version.has_effective_time(), version.effective_time(), "ever"),
               force[i], version.display_name(), Count(version.reward_rules()),
               Count(version.campaigns())});
  }
  table.Print(env.out, env.out_is_terminal);
  return kExitOk;
}

struct DiffArguments {
  std::string program;
  int64_t old_version = 0;
  int64_t new_version = 0;
};

absl::StatusOr<int> Diff(Env& env, const DiffArguments& arguments) {
  DiffProgramVersionsRequest request;
  request.set_program_id(arguments.program);
  request.set_old_version(arguments.old_version);
  request.set_new_version(arguments.new_version);
  KITH_ASSIGN_OR_RETURN(const auto response, Ask<DiffProgramVersionsResponse>(
                                                 env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  env.out << "version " << response.old_version() << " to " << response.new_version()
          << (response.differences().empty() ? ": no difference\n" : ":\n");
  Table table("differences", {{"field"}, {"before"}, {"after"}});
  for (const auto& difference : response.differences()) {
    table.Add({difference.field(), difference.old_value(), difference.new_value()});
  }
  if (!table.empty()) table.Print(env.out, env.out_is_terminal, "  ");
  return kExitOk;
}

struct RecalculateArguments {
  std::string program;
  int64_t version = 0;
  absl::Time from = absl::InfinitePast();
  absl::Time to = absl::InfiniteFuture();  // infinite: now
  bool dry_run = false;
};

RecalculateProgramRequest FirstPage(Env& env, const RecalculateArguments& arguments) {
  RecalculateProgramRequest request;
  request.set_program_id(arguments.program);
  request.set_version(arguments.version);
  request.set_dry_run(arguments.dry_run);
  request.set_page_size(kConversionsPerPage);
  *request.mutable_from_time() = ToTimestamp(arguments.from);
  const bool until_now = arguments.to == absl::InfiniteFuture();
  *request.mutable_to_time() = ToTimestamp(until_now ? env.clock.Now() : arguments.to);
  return request;
}

// Each page is a transaction; a page that fails leaves those before it done, and the same
// command goes on from there.
absl::StatusOr<RecalculateProgramResponse> RecalculateAll(Env& env,
                                                          RecalculateProgramRequest request) {
  RecalculateProgramResponse all;
  int64_t conversions = 0;
  do {
    KITH_ASSIGN_OR_RETURN(auto page, Change<RecalculateProgramResponse>(env, request));
    conversions += page.conversions();
    all.MergeFrom(page);
    // All pages go by the version that was in force for the first one.
    request.set_version(page.version());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  all.set_conversions(static_cast<int32_t>(conversions));
  all.clear_next_page_token();
  return all;
}

void PrintRecalculation(Env& env, const RecalculateProgramResponse& response, bool dry_run) {
  Table table("rewards", {{"reward"},
                          {"recipient"},
                          {"before", Align::kRight},
                          {"after", Align::kRight},
                          {"outcome"},
                          {"further reward"}});
  for (const RecalculatedReward& reward : response.rewards()) {
    table.Add({reward.reward_id(), reward.recipient_id(),
               Amount(reward.old_amount().amount_minor(), reward.old_amount().currency()),
               Amount(reward.new_amount().amount_minor(), reward.new_amount().currency()),
               EnumText(reward.outcome()), TextOr(reward.supplement_id())});
  }
  if (!table.empty()) {
    table.Print(env.out, env.out_is_terminal);
    env.out << '\n';
  }
  const auto stays = std::count_if(
      response.rewards().begin(), response.rewards().end(), [](const auto& reward) {
        return reward.outcome() == RECALCULATION_OUTCOME_CAPPED &&
               reward.old_amount().amount_minor() == reward.new_amount().amount_minor();
      });
  const int64_t changed = response.rewards_size() - stays;
  env.out << Count(response.conversions())
          << (response.conversions() == 1 ? " conversion" : " conversions") << " by version "
          << response.version() << ": " << Count(changed)
          << (changed == 1 ? " reward " : " rewards ")
          << (dry_run        ? "would differ"
              : changed == 1 ? "differs"
                             : "differ");
  if (stays > 0) env.out << "; " << Count(stays) << " would get more and stay, by a cap";
  env.out << '\n';
}

absl::StatusOr<int> Recalculate(Env& env, const RecalculateArguments& arguments) {
  KITH_ASSIGN_OR_RETURN(const auto response, RecalculateAll(env, FirstPage(env, arguments)));
  if (env.options.json) {
    Json json = {{"dry_run", arguments.dry_run}};
    json.update(MessageToJson(response));
    json.erase("next_page_token");
    PrintJson(env.out, json);
  } else {
    PrintRecalculation(env, response, arguments.dry_run);
  }
  if (arguments.version == 0) {
    const auto found = ReadInForce(env, arguments.program);
    if (found.ok()) NotePlan(env, arguments.program, found->plan);
  }
  return kExitOk;
}

constexpr char kRecalculateFooter[] =
    R"(A change of the rules is never retroactive by itself. This looks at the conversions of a time
and gives them the rewards of another version: what is not paid yet gets the new amount, a
paid reward that was too small is followed by one of the difference, and one that was too
large stays. Once more changes nothing more; --dry-run shows every reward that would differ.

Examples:
  kith programs recalculate dropbox --from 2026-01-01 --dry-run
  kith programs recalculate dropbox --from 2026-01-01 --to 2026-03-01 --version 2)";

void AddList(CLI::App& programs, Options& options, Run& run) {
  CLI::App* command = programs.add_subcommand("list", "The version in force of every program");
  command->callback([&run] { run = List; });
  EndCommand(*command, options, "Example:\n  kith programs list");
}

void AddDiff(CLI::App& programs, Options& options, Run& run) {
  const auto [command, arguments] = BeginCommand<DiffArguments>(
      programs, "diff", "What differs between two versions of a program", run, Diff);
  command->add_option("--old", arguments->old_version, "A version")
      ->type_name("N")
      ->default_str("the one before");
  command->add_option("--new", arguments->new_version, "The other one")
      ->type_name("N")
      ->default_str("the newest");
  EndCommand(*command, options,
             "Examples:\n  kith programs diff dropbox\n"
             "  kith programs diff dropbox --old 1 --new 3 --json");
}

void AddRecalculate(CLI::App& programs, Options& options, Run& run) {
  const auto [command, arguments] = BeginCommand<RecalculateArguments>(
      programs, "recalculate", "Give earlier conversions the rewards of another version", run,
      Recalculate);
  AddTimeFlag(*command, "--from", arguments->from, "Conversions from this time on")
      ->required();
  AddTimeFlag(*command, "--to", arguments->to, "Conversions before this time")
      ->default_str("now");
  command->add_option("--version", arguments->version, "The version whose rules count")
      ->type_name("N")
      ->default_str("the one in force");
  command->add_flag("--dry-run", arguments->dry_run, "Only show what would change");
  EndCommand(*command, options, kRecalculateFooter);
}

}  // namespace

void AddPrograms(CLI::App& app, Options& options, Run& run) {
  CLI::App& programs =
      AddGroup(app, "programs", "Programs, their versions, and rewards by other rules",
               "Examples:\n  kith programs list\n  kith programs versions dropbox\n"
               "  kith programs recalculate dropbox --from 2026-01-01 --dry-run");
  AddList(programs, options, run);
  const auto [versions, ignored] = BeginCommand<ProgramArguments>(
      programs, "versions", "The versions of a program, oldest first", run, Versions);
  EndCommand(*versions, options, "Example:\n  kith programs versions dropbox");
  AddDiff(programs, options, run);
  AddRecalculate(programs, options, run);
}

}  // namespace kith::cli
