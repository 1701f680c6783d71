// `kith referrals opt-out` and `opt-in`.
#include <memory>

#include "CLI/CLI.hpp"
#include "clients/cli/commands/acts.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/identity.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/commands/referrals.h"
#include "clients/cli/output/format.h"
#include "kith/referral/v1/lead.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct Arguments : Act {
  Identity identity;
};

// Of OptOut and OptIn, which are told in the same words.
template <class Response, class Request>
absl::StatusOr<int> Tell(Env& env, const Arguments& arguments, const char* changed) {
  Identity identity = arguments.identity;
  KITH_RETURN_IF_ERROR(ReadLines(env, identity));
  const Act act = BeginAct(env, arguments);
  Request request;
  request.set_email(identity.email);
  request.set_phone(identity.phone);
  KITH_ASSIGN_OR_RETURN(const auto response, Perform<Response>(env, act, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  const int given = (identity.email.empty() ? 0 : 1) + (identity.phone.empty() ? 0 : 1);
  env.out << Count(response.changed()) << " of " << Count(given) << changed << '\n';
  return kExitOk;
}

absl::StatusOr<int> Out(Env& env, const Arguments& arguments) {
  return Tell<OptOutResponse, OptOutRequest>(
      env, arguments, " had not opted out before; new leads that name them are refused");
}

absl::StatusOr<int> In(Env& env, const Arguments& arguments) {
  return Tell<OptInResponse, OptInRequest>(env, arguments,
                                           " had opted out; new leads may name them");
}

void AddContact(CLI::App& command, Arguments& arguments) {
  AddAddressFlags(command, arguments.identity);
  AddRequestIdFlag(command, arguments);
  command.parse_complete_callback([&command] {
    if (command.count("--email") + command.count("--phone") == 0) {
      throw CLI::RequiredError("--email or --phone");
    }
  });
}

}  // namespace

void AddReferralsOptOut(CLI::App& referrals, Options& options, Run& run) {
  const auto [out, gone] = BeginCommand<Arguments>(
      referrals, "opt-out", "Somebody does not want to be referred", run, Out);
  AddContact(*out, *gone);
  EndCommand(*out, options,
             "New leads that name the address or the number are refused with OPTED_OUT, and "
             "nobody has\nto call about those that are there. Only keyed hashes are kept.\n\n"
             "Examples:\n  kith referrals opt-out friends --email ben@example.org\n"
             "  kith referrals opt-out friends --email - --phone - < contact.txt");
  const auto [in, back] =
      BeginCommand<Arguments>(referrals, "opt-in", "Take an opt-out back", run, In);
  AddContact(*in, *back);
  EndCommand(*in, options,
             "Leads that were to be called before are so again.\n\n"
             "Example:\n  kith referrals opt-in friends --email ben@example.org");
}

}  // namespace kith::cli
