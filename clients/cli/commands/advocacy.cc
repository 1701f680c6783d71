// `kith concentration` and `kith advocate`.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/shapes.h"
#include "clients/cli/output/table.h"
#include "clients/cli/output/views.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/unseen.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

absl::StatusOr<int> Concentration(Env& env, const std::string& program) {
  advocacy::v1::GetConcentrationRequest request;
  request.set_program_id(program);
  advocacy::v1::GetSegmentsRequest segments_request;
  segments_request.set_program_id(program);
  KITH_ASSIGN_OR_RETURN(const auto concentration,
                        AskReadOut<advocacy::v1::GetConcentrationResponse>(
                            env.caller, Target::kAdvocacy, request));
  KITH_ASSIGN_OR_RETURN(const auto segments,
                        AskReadOut<advocacy::v1::GetSegmentsResponse>(
                            env.caller, Target::kAdvocacy, segments_request));
  if (env.options.json) {
    PrintJson(env.out, ConcentrationJson(concentration.response, segments.response));
  } else if (!concentration.seen) {
    env.out << UnseenText(Target::kAdvocacy) << '\n';
  } else {
    PrintConcentration({env.out, env.out_is_terminal}, concentration.response,
                       segments.response);
  }
  return kExitOk;
}

std::string NextTier(const advocacy::v1::Advocate& advocate) {
  if (advocate.next_tier().empty()) return std::string(kNone);
  return absl::StrCat(advocate.next_tier(), ", ", Count(advocate.points_to_next_tier()),
                      " points to go");
}

void PrintAdvocate(Env& env, const advocacy::v1::Advocate& advocate) {
  Table table("facts", {{"advocate"}, {advocate.advocate_id()}});
  table.Add({"points", Count(advocate.points())});
  table.Add({"tier", advocate.tier().empty() ? std::string(kNone) : advocate.tier()});
  table.Add({"next tier", NextTier(advocate)});
  table.Add({"segment", EnumText(advocate.segment())});
  table.Add({"successes", Count(advocate.successes())});
  table.Add({"activities", Count(advocate.activities())});
  if (!advocate.benefits().empty()) {
    table.Add({"benefits", absl::StrJoin(advocate.benefits(), ", ")});
  }
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> ShowAdvocate(Env& env, const std::string& program,
                                 const std::string& advocate_id) {
  advocacy::v1::GetAdvocateRequest request;
  request.set_program_id(program);
  request.set_advocate_id(advocate_id);
  const auto response =
      Ask<advocacy::v1::GetAdvocateResponse>(env.caller, Target::kAdvocacy, request);
  if (IsUnseen(env.caller, program, response.status())) {
    return absl::NotFoundError(absl::StrCat("advocate ", advocate_id,
                                            " is not known: ", UnseenText(Target::kAdvocacy)));
  }
  KITH_RETURN_IF_ERROR(response.status());
  if (env.options.json) {
    PrintJson(env.out, AdvocateJson(response->advocate()));
  } else {
    PrintAdvocate(env, response->advocate());
  }
  return kExitOk;
}

}  // namespace

void AddConcentration(CLI::App& app, Options& options, Run& run) {
  CLI::App* command = app.add_subcommand(
      "concentration", "How few advocates bring how much: top shares, Gini, segments");
  auto program = std::make_shared<std::string>();
  command->add_option("PROGRAM", *program, "The program")->required();
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(
      Footer("Examples:\n"
             "  kith concentration debian\n"
             "  kith concentration debian --json | jq '.top[] | select(.share_of_advocates < "
             "0.1)'"));
  command->callback(
      [&run, program] { run = [program](Env& env) { return Concentration(env, *program); }; });
}

void AddAdvocate(CLI::App& app, Options& options, Run& run) {
  CLI::App* command =
      app.add_subcommand("advocate", "Points, tier and segment of one advocate");
  auto program = std::make_shared<std::string>();
  auto advocate = std::make_shared<std::string>();
  command->add_option("PROGRAM", *program, "The program")->required();
  command->add_option("ID", *advocate, "The advocate")->required();
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(
      Footer("Examples:\n"
             "  kith advocate debian m_003c030a767b\n"
             "  kith advocate debian m_003c030a767b --json | jq .points_to_next_tier"));
  command->callback([&run, program, advocate] {
    run = [program, advocate](Env& env) { return ShowAdvocate(env, *program, *advocate); };
  });
}

}  // namespace kith::cli
