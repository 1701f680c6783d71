// `kith campaigns`: where they stand, how good they are, and pausing them.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/fraud.pb.h"
#include "kith/referral/v1/program.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct CampaignArguments {
  std::string program;
  std::string campaign;  // may be empty in lists
  std::string by;
  std::string cause;
};

// `3 of 10 rewards`, `12.50 USD of 25.00 USD`.
std::string DescribeBudget(const BudgetUse& use) {
  std::vector<std::string> parts;
  const auto& cap = use.cap();
  if (cap.has_max_rewards()) {
    parts.push_back(
        absl::StrCat(Count(use.rewards()), " of ", Count(cap.max_rewards()), " rewards"));
  }
  if (cap.has_max_minor()) {
    parts.push_back(
        absl::StrCat(Count(use.minor()), " of ", Count(cap.max_minor()), " minor units"));
  }
  return absl::StrJoin(parts, " and ");
}

std::string DescribeStand(const CampaignStatus& status, absl::TimeZone zone) {
  const std::string word = EnumText(status.state());
  if (status.has_pause()) return absl::StrCat(word, ": ", status.pause().cause());
  if (status.state() != CAMPAIGN_STATE_UPCOMING) return word;
  return absl::StrCat(word, ", begins ", TimeOr(true, status.next_start_time(), "", zone));
}

std::string DescribeKind(const Campaign& campaign) {
  const bool other = campaign.kind() == CAMPAIGN_KIND_UNSPECIFIED;
  return absl::StrCat(other ? "other" : EnumText(campaign.kind()),
                      campaign.recurrence() == RECURRENCE_YEARLY ? ", yearly" : "");
}

absl::StatusOr<int> List(Env& env, const CampaignArguments& arguments) {
  ListCampaignsRequest request;
  request.set_program_id(arguments.program);
  KITH_ASSIGN_OR_RETURN(const auto response, ReadPages<ListCampaignsResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  // Campaigns run by the days of the program's zone.
  KITH_ASSIGN_OR_RETURN(const absl::TimeZone zone, ReadZone(env, arguments.program));
  Table table("campaigns", {{"campaign"}, {"kind"}, {"stands"}, {"from"}, {"to"}, {"used"}});
  for (const CampaignStatus& status : response.campaigns()) {
    std::vector<std::string> used;
    for (const BudgetUse& use : status.budget()) used.push_back(DescribeBudget(use));
    const Campaign& campaign = status.campaign();
    table.Add({campaign.campaign_id(), DescribeKind(campaign), DescribeStand(status, zone),
               TimeOr(campaign.has_start_time(), campaign.start_time(), "ever", zone),
               TimeOr(campaign.has_end_time(), campaign.end_time(), "never", zone),
               TextOr(absl::StrJoin(used, "; "))});
  }
  table.Print(env.out, env.out_is_terminal);
  return kExitOk;
}

absl::StatusOr<int> Pause(Env& env, const CampaignArguments& arguments) {
  PauseCampaignRequest request;
  request.set_program_id(arguments.program);
  request.set_campaign_id(arguments.campaign);
  request.set_paused_by(arguments.by);
  request.set_cause(arguments.cause);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<PauseCampaignResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  const CampaignPause& pause = response.pause();
  env.out << Printable(arguments.campaign) << " is paused since "
          << TimeOr(true, pause.paused_time(), "") << " by " << Printable(pause.paused_by())
          << ": " << Printable(pause.cause()) << '\n';
  return kExitOk;
}

absl::StatusOr<int> Resume(Env& env, const CampaignArguments& arguments) {
  ResumeCampaignRequest request;
  request.set_program_id(arguments.program);
  request.set_campaign_id(arguments.campaign);
  request.set_requested_by(arguments.by);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<ResumeCampaignResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  env.out << Printable(arguments.campaign)
          << (response.was_paused() ? " goes on\n" : " was not paused\n");
  return kExitOk;
}

std::string Rate(int64_t part, int64_t whole) {
  return whole == 0 ? std::string(kNone)
                    : Percent(static_cast<double>(part) / static_cast<double>(whole));
}

template <class Response>
int PrintQuality(Env& env, const Response& response) {
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  Table table("campaigns under test", {{"campaign"},
                                       {"metric"},
                                       {"outcomes", Align::kRight},
                                       {"good", Align::kRight},
                                       {"rate", Align::kRight},
                                       {"baseline", Align::kRight},
                                       {"statistic", Align::kRight},
                                       {"bound", Align::kRight},
                                       {"alarm"}});
  for (const CampaignQuality& quality : response.campaigns()) {
    const bool judging = quality.judging();
    table.Add({quality.campaign(), EnumText(quality.metric()), Count(quality.outcomes()),
               Count(quality.successes()), Rate(quality.successes(), quality.outcomes()),
               judging ? Rate(quality.baseline_ppm(), 1000000) : std::string(kNone),
               judging ? Decimal(quality.statistic(), 2) : std::string(kNone),
               judging ? Decimal(quality.bound(), 2) : std::string(kNone),
               TimeOr(quality.has_alarm_time(), quality.alarm_time(), "no")});
  }
  table.Print(env.out, env.out_is_terminal);
  return kExitOk;
}

absl::StatusOr<int> Quality(Env& env, const CampaignArguments& arguments) {
  GetQualityRequest request;
  request.set_program_id(arguments.program);
  request.set_campaign(arguments.campaign);
  KITH_ASSIGN_OR_RETURN(const auto response, ReadPages<GetQualityResponse>(env, request));
  return PrintQuality(env, response);
}

absl::StatusOr<int> Reset(Env& env, const CampaignArguments& arguments) {
  ResetAlarmRequest request;
  request.set_program_id(arguments.program);
  request.set_campaign(arguments.campaign);
  request.set_decided_by(arguments.by);
  request.set_cause(arguments.cause);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<ResetAlarmResponse>(env, request));
  return PrintQuality(env, response);
}

void AddPauseAndResume(CLI::App& campaigns, Options& options, Run& run) {
  const auto [pause, pausing] = BeginCommand<CampaignArguments>(
      campaigns, "pause", "Keep a campaign's rewards back; they are still earned", run, Pause);
  pause->add_option("CAMPAIGN", pausing->campaign, "The campaign")->required();
  AddByFlag(*pause, pausing->by);
  AddCauseFlag(*pause, pausing->cause);
  EndCommand(*pause, options,
             "Example:\n  kith campaigns pause friends football --by mary --cause complaints");
  const auto [resume, resuming] = BeginCommand<CampaignArguments>(
      campaigns, "resume", "Let a paused campaign's rewards go on", run, Resume);
  resume->add_option("CAMPAIGN", resuming->campaign, "The campaign")->required();
  AddByFlag(*resume, resuming->by);
  EndCommand(*resume, options, "Example:\n  kith campaigns resume friends football --by mary");
}

void AddQualityAndReset(CLI::App& campaigns, Options& options, Run& run) {
  const auto [quality, asking] = BeginCommand<CampaignArguments>(
      campaigns, "quality", "How campaigns do against their baselines", run, Quality);
  quality->add_option("CAMPAIGN", asking->campaign, "Only this campaign");
  EndCommand(*quality, options,
             "The alarm is raised when the statistic reaches its bound while the campaign "
             "brings\nmore outcomes a day than the program without it.\n\n"
             "Example:\n  kith campaigns quality friends football --json");
  const auto [reset, resetting] = BeginCommand<CampaignArguments>(
      campaigns, "reset-alarm", "Start the quality test of a campaign afresh", run, Reset);
  reset->add_option("CAMPAIGN", resetting->campaign, "The campaign")->required();
  AddByFlag(*reset, resetting->by);
  AddCauseFlag(*reset, resetting->cause);
  EndCommand(
      *reset, options,
      "A pause stays until `kith campaigns resume`.\n\n"
      "Example:\n  kith campaigns reset-alarm friends football --by mary --cause mended");
}

}  // namespace

void AddCampaigns(CLI::App& app, Options& options, Run& run) {
  CLI::App& campaigns =
      AddGroup(app, "campaigns", "Campaigns: where they stand, pausing, quality",
               "Examples:\n  kith campaigns list friends\n"
               "  kith campaigns pause friends football --by mary --cause complaints\n"
               "  kith campaigns quality friends");
  const auto [list, ignored] = BeginCommand<CampaignArguments>(
      campaigns, "list", "The campaigns of a program, with what is used of their budgets", run,
      List);
  EndCommand(*list, options,
             "A campaign is open, upcoming, closed for good, or paused. Its times are in the "
             "program's\nzone; those of a yearly one are of its first run.\n\n"
             "Examples:\n  kith campaigns list friends\n"
             "  kith campaigns list friends --json | jq '.campaigns[] | .state'");
  AddPauseAndResume(campaigns, options, run);
  AddQualityAndReset(campaigns, options, run);
}

}  // namespace kith::cli
