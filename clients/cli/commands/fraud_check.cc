// `kith fraud check`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/fraud.h"
#include "clients/cli/commands/identity.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/fraud.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct Arguments {
  std::string program, advocate, referee, source;
  Identity identity;
  bool signup = false;
};

std::string Sentence(FraudState verdict) {
  switch (verdict) {
    case FRAUD_STATE_CLEAR:
      return "would pass: too little speaks against it";
    case FRAUD_STATE_HELD:
      return "would be held for a decision";
    case FRAUD_STATE_REJECTED:
      return "would be rejected";
    default:
      return absl::StrCat("would be ", EnumText(verdict));
  }
}

absl::StatusOr<int> Check(Env& env, const Arguments& arguments) {
  Identity identity = arguments.identity;
  KITH_RETURN_IF_ERROR(ReadLines(env, identity));
  CheckReferralRequest request;
  request.set_program_id(arguments.program);
  request.set_advocate_id(arguments.advocate);
  request.set_referee_id(arguments.referee);
  request.set_email(identity.email);
  request.set_phone(identity.phone);
  request.set_device_id(identity.device);
  request.set_payment_fingerprint(identity.payment);
  request.set_ip_address(identity.ip);
  request.set_source(arguments.source);
  request.set_signup(arguments.signup);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        Ask<CheckReferralResponse>(env.caller, Target::kReferral, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  if (response.program_version() == 0) {
    env.out << Printable(arguments.program)
            << " has no fraud rules: only self-referrals and existing customers are refused\n";
    return kExitOk;
  }
  env.out << (arguments.signup ? "a signup by " : "a lead of ")
          << Printable(arguments.advocate) << ' ' << Sentence(response.verdict()) << "; score "
          << response.score() << ", by version " << response.program_version() << '\n';
  PrintSignals(env, response.evidence());
  return kExitOk;
}

}  // namespace

void AddFraudCheck(CLI::App& fraud, Options& options, Run& run) {
  const auto [check, arguments] = BeginCommand<Arguments>(
      fraud, "check", "What the fraud rules would say of a lead or a signup", run, Check);
  check->add_option("ADVOCATE", arguments->advocate, "Who would recommend")->required();
  AddAddressFlags(*check, arguments->identity);
  check->add_option("--customer", arguments->referee, "The referee's id")->type_name("ID");
  AddDeviceFlags(*check, arguments->identity);
  AddPaymentFlag(*check, arguments->identity);
  check->add_option("--source", arguments->source, "Where the traffic came from")
      ->type_name("WORDS");
  check->add_flag("--signup", arguments->signup, "Judge a signup, not a lead");
  EndCommand(
      *check, options,
      "Nothing is changed, and nothing kept. Address, number and payment are the "
      "referee's; device\nand network address those of whoever submits the lead or "
      "signs up. `kith fraud rules`\ntells what is held and rejected. What is refused "
      "for another reason, such as\nEXISTING_CUSTOMER, `kith refer` and `signup` tell.\n\n"
      "Examples:\n  kith fraud check friends ann --email ben@example.org\n"
      "  kith fraud check friends ann --customer ben --ip 192.0.2.7 --signup");
}

}  // namespace kith::cli
