// `kith attribution`: who brought a customer, why, and a person's decision instead.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/referral_views.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/attribution.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct CustomerArguments {
  std::string program;
  std::string customer;
};

std::string Verdict(const EvidenceCandidate& candidate) {
  if (candidate.won()) return "decided";
  return candidate.reason().empty() ? "agrees" : candidate.reason();
}

void PrintCandidates(Env& env, const ExplainAttributionResponse& response) {
  Table table("evidence", {{"evidence"},
                           {"advocate"},
                           {"what"},
                           {"when"},
                           {"counts for"},
                           {"campaign"},
                           {"verdict"}});
  for (const EvidenceCandidate& candidate : response.candidates()) {
    table.Add({EnumText(candidate.evidence()), TextOr(candidate.advocate_id()),
               TextOr(candidate.evidence_id()),
               TimeOr(candidate.has_evidence_time(), candidate.evidence_time(), kNone),
               candidate.has_window() ? FormatDurationText(FromDuration(candidate.window()))
                                      : "ever",
               TextOr(candidate.campaign()), Verdict(candidate)});
  }
  table.Print(env.out, env.out_is_terminal);
}

void PrintOverrides(Env& env,
                    const google::protobuf::RepeatedPtrField<AttributionOverride>& list) {
  Table table("overrides", {{"customer"},
                            {"no.", Align::kRight},
                            {"when"},
                            {"before"},
                            {"since"},
                            {"decided by"},
                            {"cause"}});
  for (const AttributionOverride& decision : list) {
    table.Add({decision.customer_id(), Count(decision.number()),
               TimeOr(true, decision.decided_time(), ""), TextOr(decision.old_advocate_id()),
               TextOr(decision.advocate_id()), decision.decided_by(), decision.cause()});
  }
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> Explain(Env& env, const CustomerArguments& arguments) {
  ExplainAttributionRequest request;
  request.set_program_id(arguments.program);
  request.set_customer_id(arguments.customer);
  KITH_ASSIGN_OR_RETURN(const auto response, Ask<ExplainAttributionResponse>(
                                                 env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  PrintJudgement(env, response.attribution());
  env.out << "judged by version " << response.program_version() << " of the program\n\n";
  PrintCandidates(env, response);
  if (response.has_override()) {
    env.out << "\ndecided by " << Printable(response.override().decided_by()) << " on "
            << TimeOr(true, response.override().decided_time(), "") << ": "
            << Printable(response.override().cause()) << '\n';
  }
  return kExitOk;
}

struct OverrideArguments {
  std::string program;
  std::string customer;
  std::string advocate;
  bool nobody = false;
  std::string by;
  std::string cause;
};

absl::StatusOr<int> Override(Env& env, const OverrideArguments& arguments) {
  OverrideAttributionRequest request;
  request.set_program_id(arguments.program);
  request.set_customer_id(arguments.customer);
  request.set_advocate_id(arguments.advocate);
  request.set_decided_by(arguments.by);
  request.set_cause(arguments.cause);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Change<OverrideAttributionResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    PrintJudgement(env, response.attribution());
  }
  return kExitOk;
}

struct OverridesArguments {
  std::string program;
  std::string customer;
  int64_t limit = 1000;
};

absl::StatusOr<int> Overrides(Env& env, const OverridesArguments& arguments) {
  ListOverridesRequest request;
  request.set_program_id(arguments.program);
  request.set_customer_id(arguments.customer);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ReadPages<ListOverridesResponse>(env, request, arguments.limit));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    PrintOverrides(env, response.overrides());
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

void AddOverride(CLI::App& attribution, Options& options, Run& run) {
  const auto [command, arguments] = BeginCommand<OverrideArguments>(
      attribution, "override", "Decide who brought a customer, against all evidence", run,
      Override);
  command->add_option("CUSTOMER", arguments->customer, "The customer")->required();
  // Nobody is a decision of its own: it must not come of a forgotten option.
  CLI::Option_group* who = command->add_option_group("Decision");
  who->add_option("--advocate", arguments->advocate, "This advocate did")->type_name("ID");
  who->add_flag("--nobody", arguments->nobody, "Nobody did");
  who->require_option(1);
  AddByFlag(*command, arguments->by);
  AddCauseFlag(*command, arguments->cause);
  EndCommand(*command, options,
             "Rewards that somebody else has for the customer are taken back; the conversions "
             "count\nfor the advocate decided on. It stands until the next decision.\n\n"
             "Examples:\n"
             "  kith attribution override friends c-17 --advocate ann --by mary --cause call\n"
             "  kith attribution override friends c-17 --nobody --by mary --cause mistake");
}

}  // namespace

void AddAttribution(CLI::App& app, Options& options, Run& run) {
  CLI::App& attribution = AddGroup(
      app, "attribution", "Who brought a customer, and why",
      "Examples:\n  kith attribution explain debian m_09574743dbd3\n"
      "  kith attribution override friends c-17 --advocate ann --by mary --cause call");
  const auto [explain, asked] = BeginCommand<CustomerArguments>(
      attribution, "explain", "Everything that was put forward, and why it won or lost", run,
      Explain);
  explain->add_option("CUSTOMER", asked->customer, "The customer")->required();
  EndCommand(*explain, options, "Example:\n  kith attribution explain debian m_09574743dbd3");
  AddOverride(attribution, options, run);
  const auto [overrides, filter] = BeginCommand<OverridesArguments>(
      attribution, "overrides", "The decisions of people, with who, when and why", run,
      Overrides);
  overrides->add_option("--customer", filter->customer, "Only about this customer")
      ->type_name("ID");
  AddLimitFlag(*overrides, filter->limit);
  EndCommand(*overrides, options, "Example:\n  kith attribution overrides friends");
}

}  // namespace kith::cli
