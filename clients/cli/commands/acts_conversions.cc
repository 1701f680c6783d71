// `kith convert` and `kith reverse`.
#include <algorithm>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/acts.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_views.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/parse.h"
#include "common/base/money.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct ConvertArguments : Act {
  std::string customer, referral, event, order, amount, annual, currency;
  std::vector<std::string> lines;  // NAME=AMOUNT

  bool has_money() const { return !amount.empty() || !annual.empty() || !lines.empty(); }
};

// The currency given, or the program's.
absl::StatusOr<std::string> CurrencyOf(Env& env, const ConvertArguments& arguments) {
  if (!arguments.currency.empty()) return arguments.currency;
  GetProgramRequest request;
  request.set_program_id(arguments.program);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<GetProgramResponse>(env.caller, Target::kReferral, request));
  return response.program().currency();
}

absl::StatusOr<int64_t> MinorUnits(const std::string& flag, const std::string& text,
                                   const std::string& currency) {
  const auto money = ParseMajorUnits(text, currency);
  if (money.ok()) return money->minor;
  return absl::InvalidArgumentError(absl::StrCat(flag, ": ", money.status().message()));
}

absl::Status SetMoney(Env& env, const ConvertArguments& arguments, NewConversion& conversion) {
  if (!arguments.has_money()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const std::string currency, CurrencyOf(env, arguments));
  if (!arguments.amount.empty()) {
    KITH_ASSIGN_OR_RETURN(const int64_t minor,
                          MinorUnits("--amount", arguments.amount, currency));
    conversion.mutable_amount()->set_amount_minor(minor);
    conversion.mutable_amount()->set_currency(currency);
  }
  if (!arguments.annual.empty()) {
    KITH_ASSIGN_OR_RETURN(const int64_t minor,
                          MinorUnits("--annual", arguments.annual, currency));
    conversion.set_annual_minor(minor);
  }
  for (const std::string& text : arguments.lines) {
    KITH_ASSIGN_OR_RETURN(const auto pair, SplitPair(text));
    KITH_ASSIGN_OR_RETURN(const int64_t minor, MinorUnits("--line", pair.second, currency));
    OrderLine& line = *conversion.add_lines();
    line.set_name(pair.first);
    line.set_amount_minor(minor);
  }
  return absl::OkStatus();
}

// Why a conversion counts for no referral.
std::string Uncounted(absl::string_view reason) {
  if (reason == "BEFORE_SIGNUP") {
    return "counts for no referral: it was before the customer's signup";
  }
  if (reason == "NOT_ATTRIBUTED")
    return "counts for no referral: nobody referred the customer";
  return "counts for no referral, as yet: no such customer has signed up";
}

std::string StateOf(const Conversion& conversion) {
  if (conversion.reversed()) {
    return absl::StrCat("reversed ", TimeOr(true, conversion.reversal_time(), ""), ": ",
                        conversion.reversal_cause());
  }
  if (conversion.referral_id().empty()) return Uncounted(conversion.uncounted_reason());
  if (conversion.live()) return "converts the referral";
  return conversion.success() ? "counts besides another one" : "is no success by the rules";
}

void PrintConversion(Env& env, const Conversion& conversion, const Outcome& outcome) {
  Table table("facts", {{"field"}, {"value"}});
  table.Add({"conversion", conversion.conversion_id()});
  table.Add({"customer", TextOr(conversion.customer_id())});
  table.Add({"referral", TextOr(conversion.referral_id())});
  table.Add({"credited", outcome.referral.has_value()       ? outcome.referral->advocate_id()
                         : conversion.referral_id().empty() ? "nobody"
                                                            : std::string(kNone)});
  table.Add({"when", TimeOr(true, conversion.conversion_time(), "")});
  table.Add({"event", TextOr(conversion.event())});
  table.Add({"amount", conversion.has_amount() ? Amount(conversion.amount().amount_minor(),
                                                        conversion.amount().currency())
                                               : std::string(kNone)});
  table.Add({"stands", StateOf(conversion)});
  table.Print(env.out, env.out_is_terminal);
}

// The conversion, and of the referral's rewards those that it made.
int PrintResult(Env& env, const Act& act, const Conversion& conversion) {
  Outcome outcome = ReadOutcome(env, act.program, conversion.referral_id());
  const auto& ids = conversion.reward_ids();
  outcome.rewards.erase(std::remove_if(outcome.rewards.begin(), outcome.rewards.end(),
                                       [&](const Reward& reward) {
                                         return std::find(ids.begin(), ids.end(),
                                                          reward.reward_id()) == ids.end();
                                       }),
                        outcome.rewards.end());
  if (env.options.json) {
    PrintOutcomeJson(
        env, outcome,
        Json{{"request_id", act.request_id}, {"conversion", MessageToJson(conversion)}});
    return kExitOk;
  }
  PrintConversion(env, conversion, outcome);
  PrintOutcomeRewards(env, outcome);
  return kExitOk;
}

absl::StatusOr<int> Convert(Env& env, const ConvertArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  RecordConversionsRequest request;
  NewConversion& conversion = *request.add_conversions();
  conversion.set_conversion_id(act.id);
  conversion.set_customer_id(arguments.customer);
  conversion.set_referral_id(arguments.referral);
  conversion.set_event(arguments.event);
  conversion.set_order_id(arguments.order);
  KITH_RETURN_IF_ERROR(SetMoney(env, arguments, conversion));
  KITH_RETURN_IF_ERROR(SetAttributes(act, *conversion.mutable_attributes()));
  if (act.time != absl::InfinitePast()) {
    *conversion.mutable_conversion_time() = ToTimestamp(act.time);
  }
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<RecordConversionsResponse>(env, act, request));
  KITH_ASSIGN_OR_RETURN(const auto result, OnlyResult(response));
  return PrintResult(env, act, result.conversion());
}

struct ReverseArguments : Act {
  std::string cause;
};

absl::StatusOr<int> Reverse(Env& env, const ReverseArguments& arguments) {
  const Act act = BeginAct(env, arguments);
  ReverseConversionRequest request;
  request.set_conversion_id(act.id);
  request.set_cause(arguments.cause);
  if (act.time != absl::InfinitePast()) {
    *request.mutable_reversal_time() = ToTimestamp(act.time);
  }
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Perform<ReverseConversionResponse>(env, act, request));
  const Conversion& conversion = response.conversion();
  const int code = PrintResult(env, act, conversion);
  if (conversion.reversal_cause() != arguments.cause) {
    env.out.flush();
    env.err << "kith: note: " << Printable(act.id) << " was reversed before, for "
            << Printable(conversion.reversal_cause()) << ": that stays\n";
  }
  return code;
}

void AddMoneyFlags(CLI::App& command, ConvertArguments& arguments) {
  command.add_option("--amount", arguments.amount, "Without taxes and fees")
      ->type_name("AMOUNT");
  command.add_option("--currency", arguments.currency, "Currency of all amounts")
      ->type_name("CURRENCY")
      ->default_str("the program's");
  command.add_option("--annual", arguments.annual, "What a year of the subscription costs")
      ->type_name("AMOUNT");
  command
      .add_option("--line", arguments.lines,
                  "A named part of the order, such as a fee; may be\ngiven several times")
      ->type_name("NAME=AMOUNT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace

void AddConvert(CLI::App& app, Options& options, Run& run) {
  const auto [convert, arguments] = BeginCommand<ConvertArguments>(
      app, "convert", "Record a conversion of a customer or a referral", run, Convert);
  CLI::Option* customer =
      convert->add_option("CUSTOMER", arguments->customer, "Who converted; or --of");
  CLI::Option* referral =
      convert->add_option("--of", arguments->referral, "The referral that converted")
          ->type_name("REFERRAL");
  convert
      ->add_option("--event", arguments->event,
                   "What it was: app_installed, trip_completed,\n"
                   "coupon_redeemed or a word of yours")
      ->type_name("WORD");
  convert
      ->add_option("--order", arguments->order,
                   "Which order it is about, so that only an event of the\n"
                   "same one releases what it earns")
      ->type_name("ORDER");
  AddMoneyFlags(*convert, *arguments);
  AddAttributeFlag(*convert, *arguments);
  AddActTimeFlag(*convert, *arguments);
  AddIdFlag(*convert, *arguments, "The conversion's id, such as an order's");
  AddRequestIdFlag(*convert, *arguments);
  convert->parse_complete_callback([customer, referral] {
    if (customer->count() + referral->count() == 0) {
      throw CLI::RequiredError("CUSTOMER or --of");
    }
  });
  convert->group(kActs);
  EndCommand(*convert, options,
             "Shown are the conversion, who is credited with it, and the rewards that it "
             "made; `kith\nrewards why` tells why others were not. What was before the "
             "customer's signup counts for\nno referral.\n\n"
             "Examples:\n  kith convert friends ben --amount 49.90 --id order-17\n"
             "  kith convert friends --of r-17 --event trip_completed --json");
}

void AddReverse(CLI::App& app, Options& options, Run& run) {
  const auto [reverse, arguments] = BeginCommand<ReverseArguments>(
      app, "reverse", "Take a conversion back, with its rewards", run, Reverse);
  reverse->add_option("CONVERSION", arguments->id, "The conversion")->required();
  reverse
      ->add_option("--cause", arguments->cause,
                   "Why: refund, chargeback, churn, mistake or a word\nof yours; it is kept")
      ->required()
      ->type_name("WORD");
  AddActTimeFlag(*reverse, *arguments);
  AddRequestIdFlag(*reverse, *arguments);
  reverse->group(kActs);
  EndCommand(
      *reverse, options,
      "Rewards that are not paid are taken back; those that are paid are clawed back by "
      "entries\nin the ledger. Clawback windows of rules go by --time, not by when it is "
      "recorded here.\n\nExamples:\n"
      "  kith reverse friends order-17 --cause refund\n"
      "  kith reverse friends order-17 --cause chargeback --time 2026-03-01T10:00:00Z");
}

}  // namespace kith::cli
