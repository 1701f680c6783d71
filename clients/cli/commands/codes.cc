// `kith codes`: the codes that advocates hand out.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/acts.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/program.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct CodeArguments : Act {
  std::string advocate;
  std::string code;
  std::string vanity;
  std::string campaign;
  std::string by;
};

std::string DescribeStand(const Code& code) {
  if (!code.has_retired_time()) return "in use";
  return absl::StrCat("retired, honoured until ",
                      TimeOr(code.has_honoured_until(), code.honoured_until(), "ever"),
                      code.revoked_by().empty() ? "" : ", by ", code.revoked_by());
}

void PrintCodes(Env& env, const google::protobuf::RepeatedPtrField<Code>& codes) {
  Table table(
      "codes",
      {{"code"}, {"advocate"}, {"kind"}, {"campaign"}, {"issued"}, {"stands"}, {"link"}});
  for (const Code& code : codes) {
    table.Add({code.code(), code.advocate_id(), EnumText(code.kind()), TextOr(code.campaign()),
               TimeOr(code.has_issued_time(), code.issued_time(), kNone), DescribeStand(code),
               TextOr(code.link())});
  }
  table.Print(env.out, env.out_is_terminal);
}

// Prints `response` as JSON, or `code` and how it stands.
int PrintCode(Env& env, const google::protobuf::Message& response, const Code& code) {
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    env.out << Printable(code.code()) << "  " << Printable(DescribeStand(code));
    if (!code.link().empty()) env.out << "  " << Printable(code.link());
    env.out << '\n';
  }
  return kExitOk;
}

absl::StatusOr<int> List(Env& env, const CodeArguments& arguments) {
  ListCodesRequest request;
  request.set_program_id(arguments.program);
  request.set_advocate_id(arguments.advocate);
  KITH_ASSIGN_OR_RETURN(const auto response, ReadPages<ListCodesResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    PrintCodes(env, response.codes());
  }
  return kExitOk;
}

// Says of a campaign's code that it does not count now.
void NoteCampaign(Env& env, const CodeArguments& arguments) {
  GetCampaignRequest request;
  request.set_program_id(arguments.program);
  request.set_campaign_id(arguments.campaign);
  const auto found = Ask<GetCampaignResponse>(env.caller, Target::kReferral, request);
  if (!found.ok()) return;
  const CampaignState state = found->campaign().state();
  if (state != CAMPAIGN_STATE_CLOSED && state != CAMPAIGN_STATE_UPCOMING) return;
  env.out.flush();
  env.err << "kith: note: the campaign " << Printable(arguments.campaign) << " is "
          << (state == CAMPAIGN_STATE_CLOSED ? "closed for good" : "yet to begin")
          << "; its codes do not count now\n";
}

absl::StatusOr<int> Issue(Env& env, const CodeArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  IssueCodeRequest request;
  request.set_advocate_id(arguments.advocate);
  if (!arguments.vanity.empty()) request.set_vanity(arguments.vanity);
  if (!arguments.campaign.empty()) request.set_campaign(arguments.campaign);
  KITH_ASSIGN_OR_RETURN(const auto response, Perform<IssueCodeResponse>(env, act, request));
  PrintCode(env, response, response.code());
  if (!arguments.vanity.empty() && arguments.vanity != response.code().code()) {
    env.out.flush();
    env.err << "kith: note: " << Printable(arguments.vanity) << " is kept as "
            << Printable(response.code().code())
            << ": case, dashes and letters that look like digits do not matter\n";
  }
  if (!arguments.campaign.empty()) NoteCampaign(env, arguments);
  return kExitOk;
}

absl::StatusOr<int> Rotate(Env& env, const CodeArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  RotateCodeRequest request;
  request.set_advocate_id(arguments.advocate);
  KITH_ASSIGN_OR_RETURN(const auto response, Perform<RotateCodeResponse>(env, act, request));
  PrintCode(env, response, response.code());
  if (!env.options.json) PrintCode(env, response, response.retired());
  return kExitOk;
}

absl::StatusOr<int> Revoke(Env& env, const CodeArguments& arguments) {
  RevokeCodeRequest request;
  request.set_program_id(arguments.program);
  request.set_code(arguments.code);
  request.set_requested_by(arguments.by);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<RevokeCodeResponse>(env, request));
  return PrintCode(env, response, response.code());
}

absl::StatusOr<int> Resolve(Env& env, const CodeArguments& arguments) {
  ResolveCodeRequest request;
  request.set_program_id(arguments.program);
  request.set_code(arguments.code);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<ResolveCodeResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  env.out << Printable(response.code().code()) << " is "
          << Printable(response.code().advocate_id()) << "'s and "
          << (response.honoured() ? "counts" : "does not count: ")
          << Printable(response.reason()) << '\n';
  return kExitOk;
}

void AddListAndIssue(CLI::App& codes, Options& options, Run& run) {
  const auto [list, asked] = BeginCommand<CodeArguments>(
      codes, "list", "The codes of an advocate, retired ones included", run, List);
  list->add_option("ADVOCATE", asked->advocate, "The advocate")->required();
  EndCommand(*list, options, "Example:\n  kith codes list friends ann");
  const auto [issue, wanted] = BeginCommand<CodeArguments>(
      codes, "issue", "Give an advocate a vanity code or one of a campaign", run, Issue);
  issue->add_option("ADVOCATE", wanted->advocate, "The advocate")->required();
  CLI::Option_group* choice = issue->add_option_group("Choice");
  choice->add_option("--vanity", wanted->vanity, "This code, 4 to 20 letters and digits")
      ->type_name("CODE");
  choice->add_option("--campaign", wanted->campaign, "A new code of this campaign")
      ->type_name("WORD");
  choice->require_option(1);
  AddRequestIdFlag(*issue, *wanted);
  EndCommand(*issue, options,
             "Examples:\n  kith codes issue friends ann --vanity ANNS-TEAM\n"
             "  kith codes issue friends ann --campaign football\n\n"
             "The link is by the `link_template` of the campaign, else of the program.");
}

void AddChanges(CLI::App& codes, Options& options, Run& run) {
  const auto [rotate, who] = BeginCommand<CodeArguments>(
      codes, "rotate", "Give an advocate a new personal code", run, Rotate);
  rotate->add_option("ADVOCATE", who->advocate, "The advocate")->required();
  AddRequestIdFlag(*rotate, *who);
  EndCommand(*rotate, options,
             "The old code is honoured for the program's `code_grace` from now.\n\n"
             "Example:\n  kith codes rotate friends ann");
  const auto [revoke, gone] = BeginCommand<CodeArguments>(
      codes, "revoke", "Retire a code: from now on it counts for nobody", run, Revoke);
  revoke->add_option("CODE", gone->code, "The code, in any spelling")->required();
  AddByFlag(*revoke, gone->by);
  EndCommand(*revoke, options, "Example:\n  kith codes revoke friends ANNS-TEAM --by mary");
  const auto [resolve, typed] = BeginCommand<CodeArguments>(
      codes, "resolve", "Whose a code is, and whether it counts", run, Resolve);
  resolve->add_option("CODE", typed->code, "The code, in any spelling, or a link with it")
      ->required();
  EndCommand(*resolve, options,
             "Examples:\n  kith codes resolve friends 'anns team'\n"
             "  kith codes resolve friends https://example.com/r/ANNSTEAM");
}

}  // namespace

void AddCodes(CLI::App& app, Options& options, Run& run) {
  CLI::App& codes = AddGroup(app, "codes", "The codes that advocates hand out",
                             "Examples:\n  kith codes list friends ann\n"
                             "  kith codes issue friends ann --vanity ANNS-TEAM\n"
                             "  kith codes rotate friends ann");
  AddListAndIssue(codes, options, run);
  AddChanges(codes, options, run);
}

}  // namespace kith::cli
