// `kith rewards`.
#include "clients/cli/commands/rewards.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "CLI/CLI.hpp"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/referral_views.h"
#include "clients/cli/output/shapes.h"
#include "clients/cli/output/views.h"
#include "clients/cli/text/enum_name.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

struct Arguments {
  std::string program;
  std::string recipient;
  std::string state;
  int64_t limit = std::numeric_limits<int64_t>::max();
};

struct AllRewards {
  std::vector<referral::v1::Reward> rewards;
  google::protobuf::RepeatedPtrField<referral::v1::RewardTotal> totals;
  std::string next_page_token;  // empty: that was all
};

absl::StatusOr<AllRewards> ReadAll(Env& env, const Arguments& arguments) {
  referral::v1::ListRewardsRequest request;
  request.set_program_id(arguments.program);
  request.set_recipient_id(arguments.recipient);
  const auto* state = FindEnumValue(*referral::v1::RewardState_descriptor(), arguments.state);
  if (state != nullptr) {
    request.set_state(static_cast<referral::v1::RewardState>(state->number()));
  }
  AllRewards all;
  int64_t left = arguments.limit;
  do {
    request.set_page_size(static_cast<int>(std::min<int64_t>(left, kRowsPerPage)));
    KITH_ASSIGN_OR_RETURN(auto page, Ask<referral::v1::ListRewardsResponse>(
                                         env.caller, Target::kReferral, request));
    for (auto& reward : *page.mutable_rewards()) all.rewards.push_back(std::move(reward));
    all.totals = page.totals();
    all.next_page_token = page.next_page_token();
    request.set_page_token(page.next_page_token());
    left -= request.page_size();
  } while (!request.page_token().empty() && left > 0);
  return all;
}

void PrintAll(Env& env, const AllRewards& all) {
  PrintRewards(env, all.rewards);
  if (all.rewards.empty()) return;
  env.out << '\n';
  PrintRewardTotals({env.out, env.out_is_terminal}, all.totals);
}

absl::StatusOr<int> Rewards(Env& env, const Arguments& arguments) {
  KITH_ASSIGN_OR_RETURN(const AllRewards all, ReadAll(env, arguments));
  if (env.options.json) {
    PrintJson(env.out, RewardsJson(all.rewards, all.totals));
  } else {
    PrintAll(env, all);
  }
  TellMore(env, all.next_page_token);
  return kExitOk;
}

}  // namespace

void AddRewards(CLI::App& app, Options& options, Run& run) {
  CLI::App* command = app.add_subcommand("rewards", "What is owed to whom, with totals");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("PROGRAM", arguments->program, "The program");
  command->add_option("--recipient", arguments->recipient, "Only of this advocate or customer")
      ->type_name("ID");
  command
      ->add_option("--state", arguments->state,
                   ListValues("Only in this state",
                              EnumShortNames(*referral::v1::RewardState_descriptor())))
      ->check(CLI::IsMember(EnumShortNames(*referral::v1::RewardState_descriptor()))
                  .description(""))
      ->type_name("STATE");
  AddLimitFlag(*command, arguments->limit)
      ->description("Most rows; the totals are of all")
      ->default_str("all");
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(
      Footer("Examples:\n"
             "  kith rewards debian --state available\n"
             "  kith rewards debian --recipient m_003c030a767b --json | jq .totals\n"
             "  kith rewards explain debian c-1:advocate-thanks\n"
             "  kith rewards why debian c-1\n"
             "  kith rewards -- explain      # of a program that is named like a command"));
  AddRewardsExplain(*command, options, run);
  AddRewardsWhy(*command, options, run);
  AddRewardsBooks(*command, options, run);
  command->callback([command, &run, arguments] {
    if (!command->get_subcommands().empty()) return;
    if (arguments->program.empty()) throw CLI::RequiredError("PROGRAM");
    run = [arguments](Env& env) { return Rewards(env, *arguments); };
  });
}

}  // namespace kith::cli
