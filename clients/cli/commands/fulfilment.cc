// `kith fulfilment`: what became of handing rewards out, and the stock of gifts.
#include "clients/cli/commands/fulfilment.h"

#include <memory>

#include "CLI/CLI.hpp"
#include "clients/cli/commands/acts.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/fulfilment.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct ListArguments {
  std::string program;
  int state = 0;
  int64_t limit = 1000;
};

absl::StatusOr<int> List(Env& env, const ListArguments& arguments) {
  ListFulfilmentsRequest request;
  request.set_program_id(arguments.program);
  request.set_state(static_cast<FulfilmentState>(arguments.state));
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ReadPages<ListFulfilmentsResponse>(env, request, arguments.limit));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    Table table("fulfilments", {{"reward"},
                                {"recipient"},
                                {"kind"},
                                {"item"},
                                {"amount", Align::kRight},
                                {"provider"},
                                {"attempts", Align::kRight},
                                {"next attempt"},
                                {"last failure"}});
    for (const Fulfilment& one : response.fulfilments()) {
      table.Add({one.reward_id(), one.recipient_id(), EnumText(one.kind()), TextOr(one.item()),
                 Amount(one.amount().amount_minor(), one.amount().currency()),
                 TextOr(one.provider()), Count(one.attempts()),
                 TimeOr(one.has_next_attempt_time(), one.next_attempt_time(), kNone),
                 TextOr(one.failure_reason())});
    }
    table.Print(env.out, env.out_is_terminal);
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

struct RetryArguments {
  std::string program;
  std::string reward;
  std::string by;
};

absl::StatusOr<int> Retry(Env& env, const RetryArguments& arguments) {
  RetryFulfilmentRequest request;
  request.set_program_id(arguments.program);
  request.set_reward_id(arguments.reward);
  request.set_requested_by(arguments.by);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<RetryFulfilmentResponse>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    env.out << Printable(arguments.reward) << " is " << EnumText(response.fulfilment().state())
            << '\n';
  }
  return kExitOk;
}

struct StockArguments : Act {
  std::string item;
  int64_t set = -1;  // -1: not given
  int64_t add = 0;   // 0: not given
};

// The stock of an item after it was set or changed.
absl::StatusOr<Stock> ChangeStock(Env& env, const StockArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  if (arguments.set >= 0) {
    SetStockRequest request;
    request.set_item(arguments.item);
    request.set_on_hand(arguments.set);
    KITH_ASSIGN_OR_RETURN(const auto response, Perform<SetStockResponse>(env, act, request));
    return response.stock();
  }
  AdjustStockRequest request;
  request.set_item(arguments.item);
  request.set_pieces(arguments.add);
  KITH_ASSIGN_OR_RETURN(const auto response, Perform<AdjustStockResponse>(env, act, request));
  return response.stock();
}

absl::StatusOr<ListStockResponse> ReadStock(Env& env, const StockArguments& arguments) {
  ListStockResponse response;
  if (arguments.item.empty()) {
    ListStockRequest request;
    request.set_program_id(arguments.program);
    return ReadPages<ListStockResponse>(env, request);
  }
  KITH_ASSIGN_OR_RETURN(*response.add_stock(), ChangeStock(env, arguments));
  return response;
}

absl::StatusOr<int> ShowStock(Env& env, const StockArguments& arguments) {
  KITH_ASSIGN_OR_RETURN(const auto response, ReadStock(env, arguments));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  Table table("stocked items", {{"item"},
                                {"on hand", Align::kRight},
                                {"reserved", Align::kRight},
                                {"handed out", Align::kRight},
                                {"changed"}});
  for (const Stock& stock : response.stock()) {
    table.Add({stock.item(), Count(stock.on_hand()), Count(stock.reserved()),
               Count(stock.handed_out()), TimeOr(true, stock.changed_time(), "")});
  }
  table.Print(env.out, env.out_is_terminal);
  return kExitOk;
}

void AddListAndRetry(CLI::App& fulfilment, Options& options, Run& run) {
  const auto [list, filter] =
      BeginCommand<ListArguments>(fulfilment, "list", "Fulfilments in one state", run, List);
  AddEnumOption(*list, "--state", filter->state, *FulfilmentState_descriptor(),
                "Those in this state")
      ->required();
  AddLimitFlag(*list, filter->limit);
  EndCommand(*list, options,
             "Examples:\n  kith fulfilment list friends --state failed\n"
             "  kith fulfilment list friends --state out_of_stock --json");
  const auto [retry, wanted] = BeginCommand<RetryArguments>(
      fulfilment, "retry", "Have a reward that failed tried again at once", run, Retry);
  retry->add_option("REWARD", wanted->reward, "The reward")->required();
  AddByFlag(*retry, wanted->by);
  EndCommand(*retry, options,
             "Example:\n  kith fulfilment retry friends c-1:gift-card --by mary");
}

void AddStock(CLI::App& fulfilment, Options& options, Run& run) {
  const auto [stock, arguments] = BeginCommand<StockArguments>(
      fulfilment, "stock", "How many pieces of each item there are; sets them", run,
      ShowStock);
  CLI::Option* item = stock->add_option("ITEM", arguments->item, "The item to set or change");
  CLI::Option* set = stock->add_option("--set", arguments->set, "So many are there")
                         ->check(CLI::NonNegativeNumber.description(""))
                         ->type_name("N")
                         ->needs(item);
  CLI::Option* add = stock->add_option("--add", arguments->add, "So many came, or went (-N)")
                         ->type_name("N")
                         ->needs(item)
                         ->excludes(set);
  AddRequestIdFlag(*stock, *arguments);
  stock->parse_complete_callback([item, set, add] {
    if (item->count() > 0 && set->count() + add->count() == 0) {
      throw CLI::ValidationError("ITEM", "needs --set or --add");
    }
  });
  EndCommand(*stock, options,
             "From the first time on the item is stocked: its gifts are handed out only while "
             "there\nare pieces.\n\n"
             "Examples:\n  kith fulfilment stock friends\n"
             "  kith fulfilment stock friends notebook --set 100\n"
             "  kith fulfilment stock friends notebook --add -3");
}

}  // namespace

void AddFulfilment(CLI::App& app, Options& options, Run& run) {
  CLI::App& fulfilment = AddGroup(app, "fulfilment", "Handing rewards out, and stock",
                                  "Examples:\n  kith fulfilment list friends --state failed\n"
                                  "  kith fulfilment claim friends --provider bank\n"
                                  "  kith fulfilment stock friends notebook --set 100");
  AddListAndRetry(fulfilment, options, run);
  AddFulfilmentWork(fulfilment, options, run);
  AddStock(fulfilment, options, run);
}

}  // namespace kith::cli
