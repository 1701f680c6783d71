// `kith referrals fit` and `note`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/referrals.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/lead.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct FitArguments {
  std::string program;
  std::string referral;
  std::string fit;  // empty: only shown
  std::string by;
  std::string reason;
};

absl::StatusOr<int> Decide(Env& env, const FitArguments& arguments) {
  DecideFitRequest request;
  request.set_program_id(arguments.program);
  request.set_referral_id(arguments.referral);
  request.set_fit(arguments.fit == "good" ? FIT_GOOD : FIT_BAD);
  request.set_decided_by(arguments.by);
  request.set_reason(arguments.reason);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<DecideFitResponse>(env, request));
  const Referral& referral = response.referral();
  if (env.options.json) {
    PrintMessageJson(env, referral);
  } else {
    env.out << Printable(referral.referral_id()) << " is a " << EnumText(referral.fit())
            << " fit; the lead is " << EnumText(referral.lead_state()) << '\n';
  }
  return kExitOk;
}

void PrintTests(Env& env, const ExplainFitResponse& response) {
  Table table(
      "tests",
      {{"list", Align::kRight}, {"field"}, {"comparison"}, {"with"}, {"it is"}, {"holds"}});
  for (const FitTest& one : response.tests()) {
    const Test& test = one.test();
    table.Add({Count(one.list() + 1), test.field(), EnumText(test.comparison()),
               TextOr(absl::StrJoin(test.values(), ", ")),
               one.has_value() ? one.value() : "(missing)", one.holds() ? "yes" : "no"});
  }
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> Explain(Env& env, const FitArguments& arguments) {
  ExplainFitRequest request;
  request.set_program_id(arguments.program);
  request.set_referral_id(arguments.referral);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<ExplainFitResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  env.out << Printable(arguments.referral) << ": " << EnumText(response.fit())
          << (response.fit_by().empty() ? "" : ", by ") << Printable(response.fit_by())
          << '\n';
  if (!response.has_rules()) {
    env.out << "version " << response.program_version()
            << " has no rules for it: a person decides\n";
    return kExitOk;
  }
  env.out << "the rules of version " << response.program_version()
          << (response.holds() ? " say good: all tests of a list hold\n\n"
                               : " do not say good: of each list a test does not hold\n\n");
  PrintTests(env, response);
  return kExitOk;
}

absl::StatusOr<int> ShowOrDecide(Env& env, const FitArguments& arguments) {
  return arguments.fit.empty() ? Explain(env, arguments) : Decide(env, arguments);
}

struct NoteArguments {
  std::string program;
  std::string referral;
};

absl::StatusOr<int> ShowNote(Env& env, const NoteArguments& arguments) {
  GetLeadNoteRequest request;
  request.set_program_id(arguments.program);
  request.set_referral_id(arguments.referral);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<GetLeadNoteResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  if (response.note().empty()) env.out << "no note";
  const std::vector<std::string> lines = absl::StrSplit(response.note(), '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    env.out << (i > 0 ? "\n" : "") << Printable(lines[i]);
  }
  env.out << '\n';
  return kExitOk;
}

void AddFit(CLI::App& referrals, Options& options, Run& run) {
  const auto [command, arguments] = BeginCommand<FitArguments>(
      referrals, "fit", "Whether a lead fits and why; or a person's decision", run,
      ShowOrDecide);
  command->add_option("REFERRAL", arguments->referral, "The referral")->required();
  CLI::Option* fit =
      command->add_option("FIT", arguments->fit, "What a person decides: good, bad")
          ->check(CLI::IsMember({"good", "bad"}).description(""));
  CLI::Option* by = command
                        ->add_option("--by", arguments->by,
                                     "Who decides, without spaces; it is kept; needed\n"
                                     "for a decision")
                        ->type_name("WHO");
  CLI::Option* reason =
      command
          ->add_option("--reason", arguments->reason,
                       "Why it is bad, in a lower-case word; needed for that")
          ->type_name("WORD");
  command->parse_complete_callback([fit, by, reason] {
    if (fit->count() > 0 && by->count() == 0) throw CLI::RequiredError("--by");
    if (fit->count() == 0 && by->count() + reason->count() > 0) {
      throw CLI::ValidationError("FIT", "is needed with --by and --reason");
    }
  });
  EndCommand(
      *command, options,
      "Without FIT the tests of the fit rules are shown: of one list all must hold. A "
      "lead that is\nfound good after it was unqualified is qualified, an open one that "
      "is found bad is\nunqualified.\n\n"
      "Examples:\n  kith referrals fit friends r-17\n"
      "  kith referrals fit friends r-17 good --by mary\n"
      "  kith referrals fit friends r-17 bad --reason too-small --by mary");
}

}  // namespace

void AddReferralsLead(CLI::App& referrals, Options& options, Run& run) {
  AddFit(referrals, options, run);
  const auto [note, asked] = BeginCommand<NoteArguments>(
      referrals, "note", "The note that came with a lead, decrypted", run, ShowNote);
  note->add_option("REFERRAL", asked->referral, "The referral")->required();
  EndCommand(*note, options, "Example:\n  kith referrals note friends r-17");
}

}  // namespace kith::cli
