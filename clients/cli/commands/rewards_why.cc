// `kith rewards why`.
#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/rewards.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/reward.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct Arguments {
  std::string program;
  std::string conversion, referral, customer;  // exactly one is given
};

// Why no rule looks at a conversion.
std::string Sentence(absl::string_view reason) {
  if (reason == "REVERSED") return "it was taken back";
  if (reason == "NO_RULES") return "the program had no rules then";
  if (reason == "UNKNOWN_CUSTOMER") return "no such customer has signed up, as yet";
  if (reason == "BEFORE_SIGNUP") return "it was before the customer's signup";
  if (reason == "NOT_ATTRIBUTED") return "nobody referred the customer";
  return std::string(reason);
}

void PrintConversion(Env& env, const ExplainConversionResponse& response) {
  const Conversion& conversion = response.conversion();
  env.out << Printable(conversion.conversion_id()) << ": "
          << (conversion.has_amount()
                  ? Amount(conversion.amount().amount_minor(), conversion.amount().currency())
                  : std::string("no amount"));
  if (!conversion.event().empty()) env.out << ", " << Printable(conversion.event());
  env.out << ", on " << TimeOr(true, conversion.conversion_time(), "") << "\ncustomer "
          << Printable(TextOr(conversion.customer_id())) << ", referral "
          << Printable(TextOr(conversion.referral_id())) << ", credited "
          << Printable(response.advocate_id().empty() ? "nobody" : response.advocate_id());
  if (response.program_version() > 0) {
    env.out << ", by version " << response.program_version();
  }
  env.out << '\n';
}

std::string Outcome(const RuleOutcome& rule) {
  std::vector<std::string> parts;
  for (const Reward& reward : rule.rewards()) {
    parts.push_back(
        absl::StrCat(reward.reward_id(), ": ",
                     Amount(reward.amount().amount_minor(), reward.amount().currency()), ", ",
                     EnumText(reward.state())));
  }
  if (!rule.reason().empty()) parts.push_back(rule.reason());
  return absl::StrJoin(parts, "; ");
}

using Rules = google::protobuf::RepeatedPtrField<RuleOutcome>;

void PrintRules(Env& env, const Rules& rules) {
  Table table("rules", {{"rule"}, {"for"}, {"outcome"}, {"because"}});
  for (const RuleOutcome& rule : rules) {
    table.Add({rule.rule_key(), EnumText(rule.side()), Outcome(rule), TextOr(rule.detail())});
  }
  table.Print(env.out, env.out_is_terminal);
}

// The same of rules that different things earn.
void PrintRulesByTrigger(Env& env, const Rules& rules) {
  Table table("rules", {{"rule"},
                        {"version", Align::kRight},
                        {"for"},
                        {"earned by"},
                        {"outcome"},
                        {"because"}});
  for (const RuleOutcome& rule : rules) {
    table.Add({rule.rule_key(), Count(rule.program_version()), EnumText(rule.side()),
               EnumText(rule.trigger()), Outcome(rule), TextOr(rule.detail())});
  }
  table.Print(env.out, env.out_is_terminal);
}

void PrintTests(Env& env, const Rules& rules) {
  Table table("conditions",
              {{"rule"}, {"field"}, {"comparison"}, {"with"}, {"it is"}, {"holds"}});
  for (const RuleOutcome& rule : rules) {
    for (const ConditionOutcome& test : rule.tests()) {
      table.Add({rule.rule_key(), test.field(), EnumText(test.comparison()),
                 TextOr(absl::StrJoin(test.values(), ", ")),
                 test.has_value() ? test.value() : "(missing)", test.holds() ? "yes" : "no"});
    }
  }
  if (table.empty()) return;
  PrintHeading(env.out, env.out_is_terminal, "Conditions that do not hold");
  table.Print(env.out, env.out_is_terminal);
}

absl::StatusOr<int> WhyConversion(Env& env, const Arguments& arguments) {
  ExplainConversionRequest request;
  request.set_program_id(arguments.program);
  request.set_conversion_id(arguments.conversion);
  KITH_ASSIGN_OR_RETURN(const auto response, Ask<ExplainConversionResponse>(
                                                 env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  PrintConversion(env, response);
  const bool made_any = !response.rules().empty();
  if (!response.reason().empty() && made_any) {
    env.out << Printable(Sentence(response.reason())) << " [" << Printable(response.reason())
            << "]; what became of its rewards:\n";
  } else if (!response.reason().empty()) {
    env.out << "no rule pays for it: " << Printable(Sentence(response.reason())) << " ["
            << Printable(response.reason()) << "]\n";
    return kExitOk;
  }
  env.out << '\n';
  PrintRules(env, response.rules());
  PrintTests(env, response.rules());
  return kExitOk;
}

absl::StatusOr<int> WhyReferral(Env& env, const Arguments& arguments) {
  ExplainReferralRequest request;
  request.set_program_id(arguments.program);
  request.set_referral_id(arguments.referral);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<ExplainReferralResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  const Referral& referral = response.referral();
  env.out << Printable(referral.referral_id()) << ": " << EnumText(referral.state())
          << ", began on " << TimeOr(true, referral.submitted_time(), "") << ", advocate "
          << Printable(referral.advocate_id()) << ", referee "
          << Printable(TextOr(referral.referee_id())) << "\n\n";
  PrintRulesByTrigger(env, response.rules());
  PrintTests(env, response.rules());
  return kExitOk;
}

// Of the referral that a customer came by.
absl::StatusOr<int> WhyCustomer(Env& env, const Arguments& arguments) {
  ExplainAttributionRequest request;
  request.set_program_id(arguments.program);
  request.set_customer_id(arguments.customer);
  KITH_ASSIGN_OR_RETURN(const auto response, Ask<ExplainAttributionResponse>(
                                                 env.caller, Target::kReferral, request));
  Arguments of_referral = arguments;
  of_referral.referral = response.attribution().referral_id();
  if (!of_referral.referral.empty()) return WhyReferral(env, of_referral);
  if (env.options.json) {
    PrintMessageJson(env, ExplainReferralResponse());
  } else {
    env.out << "no rule pays for " << Printable(arguments.customer)
            << ": nobody referred the customer; kith attribution explain tells why\n";
  }
  return kExitOk;
}

absl::StatusOr<int> Why(Env& env, const Arguments& arguments) {
  if (!arguments.conversion.empty()) return WhyConversion(env, arguments);
  return arguments.referral.empty() ? WhyCustomer(env, arguments)
                                    : WhyReferral(env, arguments);
}

}  // namespace

void AddRewardsWhy(CLI::App& rewards, Options& options, Run& run) {
  const auto [command, arguments] = BeginCommand<Arguments>(
      rewards, "why", "What each rule says of a conversion, lead or signup: paid, or why not",
      run, Why);
  CLI::Option* conversion = command->add_option("CONVERSION", arguments->conversion,
                                                "The conversion; or --of, --customer");
  CLI::Option* referral =
      command
          ->add_option("--of", arguments->referral,
                       "A referral: its lead, its signup and what came of it")
          ->type_name("REFERRAL");
  CLI::Option* customer =
      command->add_option("--customer", arguments->customer, "The referral of this customer")
          ->type_name("ID");
  command->parse_complete_callback([conversion, referral, customer] {
    const size_t given = conversion->count() + referral->count() + customer->count();
    if (given == 0) throw CLI::RequiredError("CONVERSION, --of or --customer");
    if (given > 1) {
      throw CLI::ValidationError("CONVERSION, --of and --customer", "exclude each other");
    }
  });
  EndCommand(*command, options,
             "The facts are those of now: a condition may have held, or not, when the "
             "conversion was\nrecorded. Of a referral, rules over conversions are listed with "
             "what its conversions\nearned; of each conversion this command tells by itself."
             "\n\nExamples:\n  kith rewards why friends order-17\n"
             "  kith rewards why friends --of r-17\n"
             "  kith rewards why friends --customer ben\n"
             "  kith rewards why friends order-17 --json | jq '.rules[] | .reason'");
}

}  // namespace kith::cli
