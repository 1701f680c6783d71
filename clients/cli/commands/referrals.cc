// `kith referrals`: leads and attributed customers, and the sales work on them.
#include "clients/cli/commands/referrals.h"

#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/referral_views.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/lead.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

void PrintReferrals(Env& env, const google::protobuf::RepeatedPtrField<Referral>& referrals) {
  Table table("referrals", {{"referral"},
                            {"advocate"},
                            {"referee"},
                            {"began"},
                            {"state"},
                            {"lead"},
                            {"fit"},
                            {"fraud"},
                            {"campaign"}});
  for (const Referral& referral : referrals) {
    table.Add({referral.referral_id(), referral.advocate_id(), TextOr(referral.referee_id()),
               TimeOr(true, referral.submitted_time(), ""), EnumText(referral.state()),
               EnumTextOrNone(referral.lead_state()), EnumTextOrNone(referral.fit()),
               EnumText(referral.fraud()), TextOr(referral.campaign())});
  }
  table.Print(env.out, env.out_is_terminal);
}

struct ListArguments {
  std::string program;
  std::string advocate;
  std::string campaign;
  int state = 0;
  int lead_state = 0;
  int fit = 0;
  int64_t limit = 1000;

  bool of_leads() const { return lead_state != 0 || fit != 0 || !campaign.empty(); }
};

// A list of leads as one of referrals, so that both are printed alike.
absl::StatusOr<ListReferralsResponse> ReadLeads(Env& env, const ListArguments& arguments) {
  ListLeadsRequest request;
  request.set_program_id(arguments.program);
  request.set_advocate_id(arguments.advocate);
  request.set_campaign(arguments.campaign);
  request.set_lead_state(static_cast<LeadState>(arguments.lead_state));
  request.set_fit(static_cast<Fit>(arguments.fit));
  KITH_ASSIGN_OR_RETURN(auto leads,
                        ReadPages<ListLeadsResponse>(env, request, arguments.limit));
  ListReferralsResponse response;
  response.mutable_referrals()->Swap(leads.mutable_leads());
  response.set_next_page_token(leads.next_page_token());
  return response;
}

absl::StatusOr<ListReferralsResponse> ReadReferrals(Env& env, const ListArguments& arguments) {
  ListReferralsRequest request;
  request.set_program_id(arguments.program);
  request.set_advocate_id(arguments.advocate);
  request.set_state(static_cast<ReferralState>(arguments.state));
  return ReadPages<ListReferralsResponse>(env, request, arguments.limit);
}

absl::StatusOr<int> List(Env& env, const ListArguments& arguments) {
  KITH_ASSIGN_OR_RETURN(const auto response, arguments.of_leads()
                                                 ? ReadLeads(env, arguments)
                                                 : ReadReferrals(env, arguments));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    PrintReferrals(env, response.referrals());
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

struct GetArguments {
  std::string program;
  std::string referral;
};

absl::StatusOr<int> Get(Env& env, const GetArguments& arguments) {
  GetReferralRequest request;
  request.set_program_id(arguments.program);
  request.set_referral_id(arguments.referral);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<GetReferralResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response.referral());
  } else {
    PrintReferral(env, response.referral());
  }
  return kExitOk;
}

struct OverdueArguments {
  std::string program;
  bool all = false;
  int64_t limit = 1000;
};

absl::StatusOr<int> Overdue(Env& env, const OverdueArguments& arguments) {
  ListOverdueLeadsRequest request;
  request.set_program_id(arguments.program);
  request.set_closed_too(arguments.all);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ReadPages<ListOverdueLeadsResponse>(env, request, arguments.limit));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    Table table(
        "overdue leads",
        {{"referral"}, {"advocate"}, {"submitted"}, {"contact due"}, {"contacted"}, {"lead"}});
    for (const Referral& lead : response.leads()) {
      table.Add({lead.referral_id(), lead.advocate_id(),
                 TimeOr(true, lead.submitted_time(), ""),
                 TimeOr(lead.has_follow_up_due_time(), lead.follow_up_due_time(), kNone),
                 TimeOr(lead.has_first_contact_time(), lead.first_contact_time(), kNone),
                 EnumText(lead.lead_state())});
    }
    table.Print(env.out, env.out_is_terminal);
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

struct UpdateArguments {
  std::string program;
  std::string referral;
  int state = 0;
  std::string by;
  std::string reason;
};

absl::StatusOr<int> Update(Env& env, const UpdateArguments& arguments) {
  UpdateLeadsRequest request;
  request.set_program_id(arguments.program);
  LeadUpdate* update = request.add_updates();
  update->set_referral_id(arguments.referral);
  update->set_state(static_cast<LeadState>(arguments.state));
  update->set_by(arguments.by);
  update->set_reason(arguments.reason);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<UpdateLeadsResponse>(env, request));
  const auto& result = response.results(0);
  if (result.has_error()) return ItemStatus(result.error());
  if (env.options.json) {
    PrintMessageJson(env, result.referral());
  } else {
    env.out << Printable(arguments.referral) << " is "
            << EnumText(result.referral().lead_state()) << '\n';
  }
  return kExitOk;
}

struct FunnelArguments {
  std::string program;
};

// The leads of the whole program come with every page of campaigns.
absl::StatusOr<GetLeadFunnelResponse> ReadFunnel(Env& env, const std::string& program) {
  GetLeadFunnelRequest request;
  request.set_program_id(program);
  request.set_page_size(kRowsPerPage);
  GetLeadFunnelResponse all;
  do {
    KITH_ASSIGN_OR_RETURN(const auto page,
                          Ask<GetLeadFunnelResponse>(env.caller, Target::kReferral, request));
    all.clear_leads();
    all.MergeFrom(page);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

void AddFunnelRow(Table& table, const std::string& name,
                  const google::protobuf::RepeatedPtrField<LeadCount>& leads) {
  std::vector<std::string> row = {name};
  for (int state = LEAD_STATE_SUBMITTED; state <= LEAD_STATE_UNQUALIFIED; ++state) {
    int64_t count = 0;
    for (const LeadCount& lead : leads) count += lead.state() == state ? lead.count() : 0;
    row.push_back(Count(count));
  }
  table.Add(std::move(row));
}

absl::StatusOr<int> Funnel(Env& env, const FunnelArguments& arguments) {
  KITH_ASSIGN_OR_RETURN(const auto response, ReadFunnel(env, arguments.program));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  std::vector<Column> columns = {{"campaign"}};
  for (const std::string& state : EnumShortNames(*LeadState_descriptor())) {
    columns.push_back({state, Align::kRight});
  }
  Table table("leads", std::move(columns));
  AddFunnelRow(table, "(all)", response.leads());
  for (const CampaignFunnel& campaign : response.campaigns()) {
    AddFunnelRow(table, campaign.campaign(), campaign.leads());
  }
  table.Print(env.out, env.out_is_terminal);
  if (response.contacted() > 0) {
    env.out << "first contact after "
            << FormatDurationText(FromDuration(response.mean_time_to_contact()))
            << " on average of " << Count(response.contacted()) << " leads\n";
  }
  env.out << "contacted too late, or still waiting too long: " << Count(response.breached())
          << '\n';
  return kExitOk;
}

void AddList(CLI::App& referrals, Options& options, Run& run) {
  const auto [command, arguments] = BeginCommand<ListArguments>(
      referrals, "list", "Referrals in order of id; with a lead's filter, leads", run, List);
  command->add_option("--advocate", arguments->advocate, "Only of this advocate")
      ->type_name("ID");
  CLI::Option* state = AddEnumOption(*command, "--state", arguments->state,
                                     *ReferralState_descriptor(), "Only in this state");
  for (CLI::Option* of_leads :
       {AddEnumOption(*command, "--lead", arguments->lead_state, *LeadState_descriptor(),
                      "Only leads here"),
        AddEnumOption(*command, "--fit", arguments->fit, *Fit_descriptor(),
                      "Only leads of this fit"),
        command->add_option("--campaign", arguments->campaign, "Only leads of this campaign")
            ->type_name("ID")}) {
    of_leads->excludes(state);
  }
  AddLimitFlag(*command, arguments->limit);
  EndCommand(*command, options,
             "Examples:\n  kith referrals list debian --state converted\n"
             "  kith referrals list friends --lead qualified --campaign football --json");
}

void AddGetAndOverdue(CLI::App& referrals, Options& options, Run& run) {
  const auto [get, wanted] = BeginCommand<GetArguments>(
      referrals, "get", "All that is known of a referral", run, Get);
  get->add_option("REFERRAL", wanted->referral, "The referral")->required();
  EndCommand(*get, options, "Example:\n  kith referrals get friends r-17");
  const auto [overdue, filter] = BeginCommand<OverdueArguments>(
      referrals, "overdue", "Leads that were not contacted in time, longest overdue first",
      run, Overdue);
  overdue->add_flag("--all", filter->all,
                    "Every breach that was noticed, not only leads that still wait");
  AddLimitFlag(*overdue, filter->limit);
  EndCommand(*overdue, options,
             "Examples:\n  kith referrals overdue friends\n"
             "  kith referrals overdue friends --all --json | jq '.leads | length'");
}

void AddUpdateAndFunnel(CLI::App& referrals, Options& options, Run& run) {
  const auto [update, change] = BeginCommand<UpdateArguments>(
      referrals, "update", "Move a lead on, or close it", run, Update);
  update->add_option("REFERRAL", change->referral, "The referral")->required();
  AddEnumOption(*update, "--lead", change->state, *LeadState_descriptor(),
                "Where it stands now")
      ->required();
  AddByFlag(*update, change->by);
  update
      ->add_option("--reason", change->reason,
                   "Why it is lost or unqualified, in a lower-case word")
      ->type_name("WORD");
  EndCommand(*update, options,
             "An open lead goes forward, or is lost or unqualified, which needs a reason.\n\n"
             "Examples:\n  kith referrals update friends r-17 --lead contacted --by mary\n"
             "  kith referrals update friends r-17 --lead lost --reason price --by mary");
  const auto [funnel, asked] = BeginCommand<FunnelArguments>(
      referrals, "funnel", "How many leads stand where, of all and by campaign", run, Funnel);
  EndCommand(*funnel, options, "Example:\n  kith referrals funnel friends");
}

}  // namespace

void AddReferrals(CLI::App& app, Options& options, Run& run) {
  CLI::App& referrals =
      AddGroup(app, "referrals", "Referrals, and the sales work on leads",
               "Examples:\n  kith referrals list friends --state converted\n"
               "  kith referrals overdue friends\n"
               "  kith referrals update friends r-17 --lead contacted --by mary\n"
               "  kith referrals opt-out friends --email ben@example.org");
  AddList(referrals, options, run);
  AddGetAndOverdue(referrals, options, run);
  AddUpdateAndFunnel(referrals, options, run);
  AddReferralsLead(referrals, options, run);
  AddReferralsOptOut(referrals, options, run);
}

}  // namespace kith::cli
