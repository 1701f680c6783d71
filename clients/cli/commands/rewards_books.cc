// `kith rewards ledger`, `caps` and `take-back`.
#include <memory>

#include "CLI/CLI.hpp"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/rewards.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/reward.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct LedgerArguments {
  std::string program;
  std::string reward;
  int64_t limit = 1000;
};

void PrintEntries(Env& env, const ListLedgerEntriesResponse& entries) {
  Table table("entries",
              {{"booked"}, {"reward"}, {"for"}, {"account"}, {"amount", Align::kRight}});
  for (const LedgerEntry& entry : entries.entries()) {
    table.Add({TimeOr(true, entry.entry_time(), ""), entry.reward_id(), EnumText(entry.kind()),
               entry.account(), Amount(entry.amount_minor(), entry.currency())});
  }
  table.Print(env.out, env.out_is_terminal);
}

void PrintBalances(Env& env, const GetLedgerBalancesResponse& balances) {
  PrintHeading(env.out, env.out_is_terminal, "Balances");
  Table table("balances", {{"account"}, {"balance", Align::kRight}});
  for (const LedgerBalance& balance : balances.balances()) {
    table.Add({balance.account(), Amount(balance.balance_minor(), balance.currency())});
  }
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> Ledger(Env& env, const LedgerArguments& arguments) {
  ListLedgerEntriesRequest request;
  request.set_program_id(arguments.program);
  request.set_reward_id(arguments.reward);
  KITH_ASSIGN_OR_RETURN(const auto entries,
                        ReadPages<ListLedgerEntriesResponse>(env, request, arguments.limit));
  GetLedgerBalancesRequest whole;
  whole.set_program_id(arguments.program);
  KITH_ASSIGN_OR_RETURN(const auto balances,
                        Ask<GetLedgerBalancesResponse>(env.caller, Target::kReferral, whole));
  if (env.options.json) {
    Json json = MessageToJson(entries);
    json.erase("next_page_token");
    json["balances"] = MessageToJson(balances)["balances"];
    PrintJson(env.out, json);
  } else {
    PrintEntries(env, entries);
    PrintBalances(env, balances);
  }
  TellMore(env, entries.next_page_token());
  return kExitOk;
}

struct CapsArguments {
  std::string program;
  std::string recipient;
  absl::Time at = absl::InfiniteFuture();  // infinite: now
};

// `7 of 10`, or kNone without a cap.
std::string Used(bool capped, int64_t used, int64_t most) {
  return capped ? Count(used) + " of " + Count(most) : std::string(kNone);
}

absl::StatusOr<int> Caps(Env& env, const CapsArguments& arguments) {
  GetCapUseRequest request;
  request.set_program_id(arguments.program);
  request.set_recipient_id(arguments.recipient);
  if (arguments.at != absl::InfiniteFuture()) {
    *request.mutable_time() = ToTimestamp(arguments.at);
  }
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<GetCapUseResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  // Periods are those of the program's calendar.
  KITH_ASSIGN_OR_RETURN(const absl::TimeZone zone, ReadZone(env, arguments.program));
  Table table("caps", {{"cap of"},
                       {"over"},
                       {"in"},
                       {"since"},
                       {"rewards", Align::kRight},
                       {"minor units", Align::kRight}});
  for (const CapUse& use : response.uses()) {
    const Cap& cap = use.cap();
    table.Add({use.holder(), EnumText(cap.scope()), EnumText(cap.period()),
               TimeOr(use.has_period_start(), use.period_start(), "ever", zone),
               Used(cap.has_max_rewards(), use.rewards(), cap.max_rewards()),
               Used(cap.has_max_minor(), use.minor(), cap.max_minor())});
  }
  table.Print(env.out, env.out_is_terminal);
  return kExitOk;
}

struct TakeBackArguments {
  std::string program;
  std::string reward;
  std::string by;
  std::string cause;
};

absl::StatusOr<int> TakeBack(Env& env, const TakeBackArguments& arguments) {
  TakeBackRewardRequest request;
  request.set_program_id(arguments.program);
  request.set_reward_id(arguments.reward);
  request.set_decided_by(arguments.by);
  request.set_cause(arguments.cause);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<TakeBackRewardResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  const Reward& reward = response.reward();
  env.out << Printable(reward.reward_id()) << " is " << EnumText(reward.state()) << ": "
          << Printable(TextOr(reward.cause())) << '\n';
  return kExitOk;
}

}  // namespace

void AddRewardsBooks(CLI::App& rewards, Options& options, Run& run) {
  const auto [ledger, entries] = BeginCommand<LedgerArguments>(
      rewards, "ledger", "What was booked, and the balances of all accounts", run, Ledger);
  ledger->add_option("--reward", entries->reward, "Only entries of this reward")
      ->type_name("ID");
  AddLimitFlag(*ledger, entries->limit);
  EndCommand(*ledger, options,
             "Debits are positive. The balances are those of the whole program and sum to 0 "
             "by\ncurrency.\n\nExample:\n  kith rewards ledger debian --json | jq .balances");
  const auto [caps, asked] =
      BeginCommand<CapsArguments>(rewards, "caps", "What caps have used up", run, Caps);
  caps->add_option("--recipient", asked->recipient, "Also the caps of this recipient")
      ->type_name("ID");
  AddTimeFlag(*caps, "--at", asked->at, "In the periods of this time")->default_str("now");
  EndCommand(*caps, options, "Example:\n  kith rewards caps dropbox --recipient ann");
  const auto [take, back] = BeginCommand<TakeBackArguments>(
      rewards, "take-back", "Take one reward back by a person's decision", run, TakeBack);
  take->add_option("REWARD", back->reward, "The reward")->required();
  AddByFlag(*take, back->by);
  AddCauseFlag(*take, back->cause);
  EndCommand(*take, options,
             "One that is not paid yet is reversed; one that is paid is clawed back by "
             "entries in\nthe ledger.\n\nExample:\n"
             "  kith rewards take-back debian c-1:advocate-thanks --by mary --cause mistake");
}

}  // namespace kith::cli
