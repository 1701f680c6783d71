// `kith fulfilment claim`, `extend` and `report`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/acts.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/fulfilment.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/fulfilment.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

// The lease of a reward, by its claim.
struct LeaseArguments : Act {
  std::string reward, lease;
  absl::Duration duration = absl::ZeroDuration();  // 0: not given
};

struct ClaimArguments : LeaseArguments {
  std::string provider, item;
  std::vector<std::string> kinds;
  int most = 10;
};

struct ReportArguments : LeaseArguments {
  std::string outcome, reference, reason;
  bool retry = false;
};

void AddDurationFlag(CLI::App& command, LeaseArguments& arguments) {
  command
      .add_option_function<std::string>(
          "--for",
          [&arguments](const std::string& text) {
            const auto parsed = ParseDurationText(text);
            if (!parsed.ok()) {
              throw CLI::ValidationError("--for", std::string(parsed.status().message()));
            }
            if (*parsed < absl::Seconds(1)) {
              throw CLI::ValidationError("--for", "must be at least 1s");
            }
            arguments.duration = *parsed;
          },
          "How long the provider has, at most 7d")
      ->type_name("DURATION")
      ->default_str("5m");
}

void AddLease(CLI::App& command, LeaseArguments& arguments) {
  command.add_option("REWARD", arguments.reward, "The reward")->required();
  command.add_option("--lease", arguments.lease, "The lease, as `claim` printed it")
      ->required()
      ->type_name("ID");
}

void PrintClaimed(Env& env, const ClaimRewardsResponse& response) {
  Table table("rewards", {{"reward"},
                          {"recipient"},
                          {"kind"},
                          {"item"},
                          {"amount", Align::kRight},
                          {"attempt", Align::kRight},
                          {"until"},
                          {"lease"}});
  for (const ClaimedReward& one : response.rewards()) {
    const Reward& reward = one.reward();
    table.Add({reward.reward_id(), reward.recipient_id(), EnumText(reward.kind()),
               TextOr(reward.item()),
               Amount(reward.amount().amount_minor(), reward.amount().currency()),
               Count(one.attempt()), TimeOr(true, one.lease_end_time(), ""),
               one.lease_token()});
  }
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> Claim(Env& env, const ClaimArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  ClaimRewardsRequest request;
  request.set_provider(arguments.provider);
  request.set_item(arguments.item);
  request.set_max_rewards(arguments.most);
  for (const std::string& kind : arguments.kinds) {
    request.add_kinds(
        static_cast<RewardKind>(FindEnumValue(*RewardKind_descriptor(), kind)->number()));
  }
  if (arguments.duration > absl::ZeroDuration()) {
    *request.mutable_lease_duration() = ToDuration(arguments.duration);
  }
  KITH_ASSIGN_OR_RETURN(const auto response, Perform<ClaimRewardsResponse>(env, act, request));
  if (env.options.json) {
    Json json = {{"request_id", act.request_id}};
    json.update(MessageToJson(response));
    PrintJson(env.out, json);
  } else {
    PrintClaimed(env, response);
  }
  return kExitOk;
}

absl::StatusOr<int> Extend(Env& env, const LeaseArguments& arguments) {
  ExtendLeaseRequest request;
  request.set_program_id(arguments.program);
  request.set_reward_id(arguments.reward);
  request.set_lease_token(arguments.lease);
  if (arguments.duration > absl::ZeroDuration()) {
    *request.mutable_lease_duration() = ToDuration(arguments.duration);
  }
  KITH_ASSIGN_OR_RETURN(const auto response, Change<ExtendLeaseResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    env.out << Printable(arguments.reward) << " is claimed until "
            << TimeOr(true, response.lease_end_time(), "") << '\n';
  }
  return kExitOk;
}

FulfilmentReport MakeReport(const ReportArguments& arguments) {
  FulfilmentReport report;
  report.set_reward_id(arguments.reward);
  report.set_lease_token(arguments.lease);
  if (arguments.outcome == "succeeded") {
    report.mutable_succeeded()->set_reference(arguments.reference);
  } else {
    report.mutable_failed()->set_reason(arguments.reason);
    report.mutable_failed()->set_retryable(arguments.retry);
  }
  return report;
}

// What follows of a state that a report brought about.
std::string Afterwards(const Fulfilment& fulfilment) {
  if (fulfilment.state() == FULFILMENT_STATE_TO_RETRY) {
    return absl::StrCat(", from ", TimeOr(true, fulfilment.next_attempt_time(), ""));
  }
  if (fulfilment.state() == FULFILMENT_STATE_FAILED) {
    return ": kith fulfilment retry has it tried again";
  }
  return "";
}

absl::StatusOr<int> Report(Env& env, const ReportArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  ReportFulfilmentsRequest request;
  *request.add_reports() = MakeReport(arguments);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<ReportFulfilmentsResponse>(env, act, request));
  KITH_ASSIGN_OR_RETURN(const auto result, OnlyResult(response));
  if (env.options.json) {
    PrintMessageJson(env, result.fulfilment());
  } else {
    env.out << Printable(arguments.reward) << " is " << EnumText(result.fulfilment().state())
            << Afterwards(result.fulfilment()) << '\n';
  }
  return kExitOk;
}

void AddClaim(CLI::App& fulfilment, Options& options, Run& run) {
  const auto [claim, arguments] = BeginCommand<ClaimArguments>(
      fulfilment, "claim", "Take available rewards to hand out, the oldest first", run, Claim);
  claim->add_option("--provider", arguments->provider, "Who hands them out")
      ->required()
      ->type_name("WORD");
  const std::vector<std::string> kinds = EnumShortNames(*RewardKind_descriptor());
  claim
      ->add_option("--kind", arguments->kinds,
                   ListValues("Only of these kinds; may be given several times", kinds))
      ->check(CLI::IsMember(kinds).description(""))
      ->type_name("KIND")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  claim->add_option("--item", arguments->item, "Only of this item")->type_name("WORD");
  claim->add_option("--limit", arguments->most, "Most rewards, at most 100")
      ->check(CLI::Range(1, 100).description(""))
      ->type_name("N")
      ->capture_default_str();
  AddDurationFlag(*claim, *arguments);
  AddRequestIdFlag(*claim, *arguments);
  EndCommand(
      *claim, options,
      "What is not reported before its time is over is handed out again, so that a "
      "provider must\nsee by the reward's id that nothing is paid twice.\n\n"
      "Examples:\n  kith fulfilment claim friends --provider bank --kind cash\n"
      "  kith fulfilment claim friends --provider shop --item notebook --for 2d --json");
}

void AddExtend(CLI::App& fulfilment, Options& options, Run& run) {
  const auto [extend, arguments] = BeginCommand<LeaseArguments>(
      fulfilment, "extend", "Give a provider more time, counted from now", run, Extend);
  AddLease(*extend, *arguments);
  AddDurationFlag(*extend, *arguments);
  EndCommand(*extend, options,
             "A lease is never made shorter.\n\n"
             "Example:\n  kith fulfilment extend friends c-1:gift-card --lease L --for 1h");
}

void AddOutcome(CLI::App& fulfilment, Options& options, Run& run) {
  const auto [report, arguments] = BeginCommand<ReportArguments>(
      fulfilment, "report", "Say how handing a claimed reward out went", run, Report);
  AddLease(*report, *arguments);
  report->add_option("OUTCOME", arguments->outcome, "How it went: succeeded, failed")
      ->required()
      ->check(CLI::IsMember({"succeeded", "failed"}).description(""));
  CLI::Option* reference =
      report
          ->add_option("--reference", arguments->reference,
                       "The provider's name for it, such as a transfer's\n"
                       "number; no personal data")
          ->type_name("ID");
  CLI::Option* reason = report
                            ->add_option("--reason", arguments->reason,
                                         "Why it failed, such as account-closed; needed then")
                            ->type_name("WORD");
  CLI::Option* retry = report->add_flag("--retry", arguments->retry,
                                        "Of a failure: trying again by itself may help");
  AddRequestIdFlag(*report, *arguments);
  report->parse_complete_callback([arguments = arguments, reference, reason, retry] {
    const bool failed = arguments->outcome == "failed";
    if (failed && reason->count() == 0) throw CLI::RequiredError("--reason");
    if (failed && reference->count() > 0) {
      throw CLI::ValidationError("--reference", "is for what succeeded");
    }
    if (!failed && reason->count() + retry->count() > 0) {
      throw CLI::ValidationError("--reason and --retry", "are for what failed");
    }
  });
  EndCommand(*report, options,
             "A failure that is not to be tried again by itself waits for `kith fulfilment "
             "retry`, as does\nthe eighth one.\n\nExamples:\n"
             "  kith fulfilment report friends c-1:gift succeeded --lease L --reference tr-9\n"
             "  kith fulfilment report friends c-1:gift failed --lease L --reason timeout "
             "--retry");
}

}  // namespace

void AddFulfilmentWork(CLI::App& fulfilment, Options& options, Run& run) {
  AddClaim(fulfilment, options, run);
  AddExtend(fulfilment, options, run);
  AddOutcome(fulfilment, options, run);
}

}  // namespace kith::cli
