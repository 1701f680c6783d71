// `kith fraud rules`.
#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/fraud.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct Arguments {
  std::string program;
  int64_t version = 0;
};

bool IsStated(const FraudRules& stated, Signal signal) {
  for (const SignalWeight& weight : stated.weights()) {
    if (weight.signal() == signal) return true;
  }
  return false;
}

void PrintWeights(Env& env, const FraudRules& stated, const FraudRules& rules) {
  Table table("signals", {{"signal"}, {"weight", Align::kRight}, {"from"}});
  for (const SignalWeight& weight : rules.weights()) {
    table.Add({EnumText(weight.signal()), Count(weight.weight()),
               IsStated(stated, weight.signal()) ? "the programme" : "default"});
  }
  table.Print(env.out, env.out_is_terminal);
}

void PrintLimits(Env& env, const FraudRules& rules) {
  env.out << "\nheld for a decision at a sum of " << rules.hold_at() << ", rejected at "
          << rules.reject_at() << "\nan advocate is suspended "
          << (rules.has_suspend_after()
                  ? absl::StrCat("after ", rules.suspend_after(), " confirmed frauds")
                  : std::string("by a person only"))
          << "\nchains of referrers are followed " << rules.chain_depth() << " back\n";
  for (const VelocityLimit& limit : rules.velocity()) {
    env.out << "ordinary are " << limit.max_per_day() << " referrals a day by "
            << EnumText(limit.dimension()) << '\n';
  }
  if (!rules.paid_sources().empty()) {
    env.out << "bought traffic comes from "
            << Printable(absl::StrJoin(rules.paid_sources(), ", ")) << '\n';
  }
}

absl::StatusOr<int> ShowRules(Env& env, const Arguments& arguments) {
  GetProgramRequest request;
  request.set_program_id(arguments.program);
  request.set_version(arguments.version);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<GetProgramResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response.effective_fraud());
    return kExitOk;
  }
  if (!response.has_effective_fraud()) {
    env.out << Printable(arguments.program) << " has no fraud rules in version "
            << response.version()
            << ": only self-referrals and existing customers are refused\n";
    return kExitOk;
  }
  PrintWeights(env, response.program().fraud(), response.effective_fraud());
  PrintLimits(env, response.effective_fraud());
  return kExitOk;
}

}  // namespace

void AddFraudRules(CLI::App& fraud, Options& options, Run& run) {
  const auto [rules, arguments] = BeginCommand<Arguments>(
      fraud, "rules", "What speaks against a referral, and how much", run, ShowRules);
  rules->add_option("--version", arguments->version, "Of this version of the program")
      ->check(CLI::Range(1, 1'000'000'000).description(""))
      ->type_name("N")
      ->default_str("the newest");
  EndCommand(
      *rules, options,
      "The weights of what was found in a referral are summed up. Shown is every weight, "
      "with\nwhether the programme states it.\n\n"
      "Example:\n  kith fraud rules friends");
}

}  // namespace kith::cli
