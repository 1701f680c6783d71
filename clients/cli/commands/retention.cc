// `kith survival` and `kith churn`.
#include <memory>

#include "CLI/CLI.hpp"
#include "clients/cli/commands/commands.h"
#include "clients/cli/output/shapes.h"
#include "clients/cli/output/views.h"
#include "clients/cli/text/parse.h"
#include "clients/cli/unseen.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

struct Arguments {
  std::string program;
  std::string by;                             // empty: not split
  absl::Time as_of = absl::InfiniteFuture();  // infinite: now
  Months compared;
};

void AddArguments(CLI::App& command, Arguments& arguments) {
  command.add_option("PROGRAM", arguments.program, "The program")->required();
  command.add_option("--by", arguments.by, "Split by this: channel")
      ->check(CLI::IsMember({"channel"}).description(""))
      ->type_name("DIMENSION");
  AddTimeFlag(command, "--as-of", arguments.as_of,
              "Date or RFC 3339 time until which stays are observed")
      ->default_str("now");
}

template <class Request>
Request MakeRequest(const Env& env, const Arguments& arguments) {
  Request request;
  request.set_program_id(arguments.program);
  if (!arguments.by.empty()) request.set_split_by(retention::v1::DIMENSION_CHANNEL);
  const bool now = arguments.as_of == absl::InfiniteFuture();
  *request.mutable_as_of_time() = ToTimestamp(now ? env.clock.Now() : arguments.as_of);
  return request;
}

absl::StatusOr<int> Survival(Env& env, const Arguments& arguments) {
  const auto request = MakeRequest<retention::v1::GetSurvivalRequest>(env, arguments);
  KITH_ASSIGN_OR_RETURN(const auto read, AskReadOut<retention::v1::GetSurvivalResponse>(
                                             env.caller, Target::kRetention, request));
  const auto& response = read.response;
  if (env.options.json) {
    PrintJson(env.out, SurvivalJson(response));
    return kExitOk;
  }
  if (!read.seen) {
    env.out << UnseenText(Target::kRetention) << '\n';
    return kExitOk;
  }
  const View view{env.out, env.out_is_terminal};
  PrintSurvivalSummary(view, response);
  env.out << '\n';
  PrintSurvivalPoints(view, response);
  return kExitOk;
}

absl::StatusOr<int> Churn(Env& env, const Arguments& arguments) {
  auto request = MakeRequest<retention::v1::GetChurnByMonthRequest>(env, arguments);
  request.set_from_month(arguments.compared.from);
  request.set_to_month(arguments.compared.to);
  KITH_ASSIGN_OR_RETURN(const auto read, AskReadOut<retention::v1::GetChurnByMonthResponse>(
                                             env.caller, Target::kRetention, request));
  if (env.options.json) {
    PrintJson(env.out, ChurnJson(read.response));
  } else if (!read.seen) {
    env.out << UnseenText(Target::kRetention) << '\n';
  } else {
    PrintChurn({env.out, env.out_is_terminal}, read.response, /*max_months=*/0,
               arguments.compared);
  }
  return kExitOk;
}

}  // namespace

void AddSurvival(CLI::App& app, Options& options, Run& run) {
  CLI::App* command = app.add_subcommand("survival", "How long customers stay (Kaplan-Meier)");
  auto arguments = std::make_shared<Arguments>();
  AddArguments(*command, *arguments);
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(
      Footer("Tenure is counted in whole days; intervals are log-log, 95 %.\n\n"
             "Examples:\n"
             "  kith survival debian --by channel --as-of 2019-09-03\n"
             "  kith survival debian --by channel --json | jq .log_rank.p_value"));
  command->callback([&run, arguments] {
    run = [arguments](Env& env) { return Survival(env, *arguments); };
  });
}

void AddChurn(CLI::App& app, Options& options, Run& run) {
  CLI::App* command =
      app.add_subcommand("churn", "Churn by month of tenure, and the rate ratio of channels");
  auto arguments = std::make_shared<Arguments>();
  AddArguments(*command, *arguments);
  command
      ->add_option("--from-month", arguments->compared.from, "First month of the comparison")
      ->check(CLI::Range(1, 1200).description(""))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--to-month", arguments->compared.to, "Last month of the comparison")
      ->check(CLI::Range(1, 1200).description(""))
      ->type_name("N")
      ->capture_default_str();
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(Footer(
      "A month is 30 days of tenure; a churn on day d belongs to month d/30, rounded up.\n"
      "The rate ratio compares referred with organic customers: leavings per day at risk, "
      "which\n"
      "the days of all customers within those months are, also of who left in the midst of "
      "one.\n\n"
      "Examples:\n"
      "  kith churn debian --by channel\n"
      "  kith churn debian --by channel --from-month 1 --to-month 6 --json"));
  command->callback([&run, arguments] {
    if (arguments->compared.from > arguments->compared.to) {
      throw CLI::ValidationError("--to-month", "must not be before --from-month");
    }
    run = [arguments](Env& env) { return Churn(env, *arguments); };
  });
}

}  // namespace kith::cli
