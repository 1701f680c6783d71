// `kith fraud`: cases that people decide.
#include "clients/cli/commands/fraud.h"

#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/fraud.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct CasesArguments {
  std::string program;
  int state = FRAUD_CASE_STATE_OPEN;
  bool all = false;
  int64_t limit = 1000;
};

// `velocity, same_domain`.
std::string SignalNames(const FraudCase& fraud_case) {
  std::vector<std::string> names;
  for (const auto& evidence : fraud_case.evidence()) {
    names.push_back(EnumText(evidence.signal()));
  }
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<int> Cases(Env& env, const CasesArguments& arguments) {
  ListCasesRequest request;
  request.set_program_id(arguments.program);
  if (!arguments.all) request.set_state(static_cast<FraudCaseState>(arguments.state));
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ReadPages<ListCasesResponse>(env, request, arguments.limit));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    Table table("cases", {{"case"},
                          {"advocate"},
                          {"state"},
                          {"score", Align::kRight},
                          {"opened"},
                          {"waits", Align::kRight},
                          {"signals"}});
    for (const FraudCase& one : response.cases()) {
      const bool open = one.state() == FRAUD_CASE_STATE_OPEN;
      table.Add(
          {one.referral_id(), one.advocate_id(), EnumText(one.state()), Count(one.score()),
           TimeOr(true, one.opened_time(), ""),
           open ? FormatDurationText(absl::Seconds(one.age_seconds())) : std::string(kNone),
           SignalNames(one)});
    }
    table.Print(env.out, env.out_is_terminal);
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

struct CaseArguments {
  std::string program;
  std::string referral;
  int decision = 0;
  std::string by;
  std::string note;
};

void PrintCase(Env& env, const FraudCase& one) {
  env.out << Printable(one.referral_id()) << " of " << Printable(one.advocate_id()) << " is "
          << EnumText(one.state()) << ", score " << one.score() << ", opened "
          << TimeOr(true, one.opened_time(), "") << ", by version " << one.program_version()
          << '\n';
  if (one.has_resolved_time()) {
    env.out << "decided by " << Printable(one.decided_by()) << " on "
            << TimeOr(true, one.resolved_time(), "") << '\n';
  }
  if (!one.note().empty()) env.out << "note: " << Printable(one.note()) << '\n';
  PrintSignals(env, one.evidence());
}

absl::StatusOr<int> Case(Env& env, const CaseArguments& arguments) {
  GetCaseRequest request;
  request.set_program_id(arguments.program);
  request.set_referral_id(arguments.referral);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<GetCaseResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response.fraud_case());
  } else {
    PrintCase(env, response.fraud_case());
  }
  return kExitOk;
}

absl::StatusOr<int> Resolve(Env& env, const CaseArguments& arguments) {
  ResolveCaseRequest request;
  request.set_program_id(arguments.program);
  request.set_referral_id(arguments.referral);
  request.set_decision(static_cast<FraudDecision>(arguments.decision));
  request.set_decided_by(arguments.by);
  request.set_note(arguments.note);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<ResolveCaseResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  PrintCase(env, response.fraud_case());
  if (response.advocate_suspended()) {
    env.out << Printable(response.fraud_case().advocate_id()) << " is suspended\n";
  }
  return kExitOk;
}

void AddCases(CLI::App& fraud, Options& options, Run& run) {
  const auto [cases, filter] = BeginCommand<CasesArguments>(
      fraud, "cases", "Cases that wait for a decision, the oldest first", run, Cases);
  CLI::Option* state = AddEnumOption(*cases, "--state", filter->state,
                                     *FraudCaseState_descriptor(), "Those in this state")
                           ->default_str("open");
  cases->add_flag("--all", filter->all, "Those in any state")->excludes(state);
  AddLimitFlag(*cases, filter->limit);
  EndCommand(*cases, options,
             "Examples:\n  kith fraud cases friends\n"
             "  kith fraud cases friends --state rejected --json | jq '.cases[].score'");
  const auto [one, asked] =
      BeginCommand<CaseArguments>(fraud, "case", "One case with its evidence", run, Case);
  one->add_option("REFERRAL", asked->referral, "The referral that is the case")->required();
  EndCommand(*one, options, "Example:\n  kith fraud case friends r-17");
  const auto [resolve, decision] =
      BeginCommand<CaseArguments>(fraud, "resolve", "Decide an open case", run, Resolve);
  resolve->add_option("REFERRAL", decision->referral, "The referral that is the case")
      ->required();
  AddEnumOption(*resolve, "DECISION", decision->decision, *FraudDecision_descriptor(),
                "The decision")
      ->required();
  AddByFlag(*resolve, decision->by);
  resolve->add_option("--note", decision->note, "Why; kept encrypted")->type_name("WORDS");
  EndCommand(*resolve, options,
             "Approved: its rewards go on. Rejected: they are cancelled, and the advocate has "
             "one\nconfirmed fraud more.\n\n"
             "Example:\n  kith fraud resolve friends r-17 approve --by mary");
}

}  // namespace

void PrintSignals(Env& env,
                  const google::protobuf::RepeatedPtrField<SignalEvidence>& evidence) {
  Table table("signals", {{"signal"}, {"weight", Align::kRight}, {"evidence"}});
  for (const SignalEvidence& one : evidence) {
    table.Add({EnumText(one.signal()), Count(one.weight()), one.text()});
  }
  table.Print(env.out, env.out_is_terminal);
}

void AddFraud(CLI::App& app, Options& options, Run& run) {
  CLI::App& fraud =
      AddGroup(app, "fraud", "Cases that people decide, suspensions, the blocklist",
               "Examples:\n  kith fraud cases friends\n"
               "  kith fraud resolve friends r-17 approve --by mary\n"
               "  kith fraud check friends ann --email ben@example.org\n"
               "  kith fraud suspended friends\n"
               "  kith fraud block friends email_domain spam.example --by mary --cause spam");
  AddCases(fraud, options, run);
  AddFraudCheck(fraud, options, run);
  AddFraudConduct(fraud, options, run);
  AddFraudBlocklist(fraud, options, run);
  AddFraudRules(fraud, options, run);
}

}  // namespace kith::cli
