// `kith rewards explain`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/rewards.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/reward.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct Arguments {
  std::string program;
  std::string reward;
};

void PrintReward(Env& env, const ExplainRewardResponse& response) {
  const Reward& reward = response.reward();
  env.out << Printable(reward.reward_id()) << ": "
          << Amount(reward.amount().amount_minor(), reward.amount().currency()) << " for "
          << Printable(reward.recipient_id()) << " (" << EnumText(reward.side()) << "), "
          << EnumText(reward.state());
  if (!reward.cause().empty()) env.out << ": " << Printable(reward.cause());
  env.out << "\nrule " << Printable(response.rule_key()) << " of version "
          << response.program_version() << ", for " << EnumText(reward.trigger()) << " on "
          << TimeOr(reward.has_occasion_time(), reward.occasion_time(), kNone) << ", referral "
          << Printable(TextOr(reward.referral_id())) << '\n';
  if (response.recalculated_version() != 0) {
    env.out << "recalculated by version " << response.recalculated_version() << '\n';
  }
  if (!response.waits_for().empty()) {
    env.out << "waits for " << Printable(response.waits_for());
    if (response.waits_for() == "retry") {
      env.out << ": it failed for good; kith fulfilment retry has it tried again";
    }
    env.out << '\n';
  }
}

void AddTests(Table& table, const char* of,
              const google::protobuf::RepeatedPtrField<ConditionOutcome>& tests) {
  for (const ConditionOutcome& test : tests) {
    table.Add({of, test.field(), EnumText(test.comparison()),
               TextOr(absl::StrJoin(test.values(), ", ")),
               test.has_value() ? test.value() : "(missing)", test.holds() ? "yes" : "no"});
  }
}

void PrintTests(Env& env, const ExplainRewardResponse& response) {
  Table table("conditions",
              {{"test of"}, {"field"}, {"comparison"}, {"with"}, {"it was"}, {"holds"}});
  AddTests(table, "condition", response.tests());
  AddTests(table, "amount", response.case_tests());
  PrintHeading(env.out, env.out_is_terminal, "Conditions");
  table.Print(env.out, env.out_is_terminal);
}

void PrintArithmetic(Env& env, const ExplainRewardResponse& response) {
  PrintHeading(env.out, env.out_is_terminal, "Arithmetic");
  if (response.arithmetic().empty()) env.out << "no steps\n";
  for (const std::string& step : response.arithmetic()) env.out << Printable(step) << '\n';
}

void PrintCaps(Env& env, const ExplainRewardResponse& response) {
  Table table("caps", {{"cap of"},
                       {"over"},
                       {"in"},
                       {"rewards left", Align::kRight},
                       {"minor units left", Align::kRight},
                       {"it bound"}});
  for (const CapOutcome& cap : response.caps()) {
    table.Add({cap.holder(), EnumText(cap.scope()), EnumText(cap.period()),
               cap.has_rewards_left() ? Count(cap.rewards_left()) : std::string(kNone),
               cap.has_minor_left() ? Count(cap.minor_left()) : std::string(kNone),
               cap.bound() ? "yes" : "no"});
  }
  PrintHeading(env.out, env.out_is_terminal, "Caps");
  table.Print(env.out, env.out_is_terminal);
}

void PrintHistory(Env& env, const ExplainRewardResponse& response) {
  Table table("history", {{"when"}, {"state"}, {"why"}, {"who"}});
  for (const RewardStep& step : response.history()) {
    table.Add({TimeOr(step.has_time(), step.time(), kNone), EnumText(step.state()),
               TextOr(step.cause()), TextOr(step.decided_by())});
  }
  PrintHeading(env.out, env.out_is_terminal, "History");
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> Explain(Env& env, const Arguments& arguments) {
  ExplainRewardRequest request;
  request.set_program_id(arguments.program);
  request.set_reward_id(arguments.reward);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<ExplainRewardResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  PrintReward(env, response);
  PrintTests(env, response);
  PrintArithmetic(env, response);
  PrintCaps(env, response);
  PrintHistory(env, response);
  return kExitOk;
}

}  // namespace

void AddRewardsExplain(CLI::App& rewards, Options& options, Run& run) {
  const auto [command, arguments] = BeginCommand<Arguments>(
      rewards, "explain", "The rule, the conditions and the arithmetic of one reward", run,
      Explain);
  command->add_option("REWARD", arguments->reward, "The reward")->required();
  EndCommand(*command, options, "Example:\n  kith rewards explain debian c-1:advocate-thanks");
}

}  // namespace kith::cli
