// `kith fraud suspend`, `reinstate`, `suspended` and `suspensions`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/fraud.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/table.h"
#include "kith/referral/v1/fraud.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

struct AdvocateArguments {
  std::string program;
  std::string advocate;
  std::string by;
  std::string cause;
};

template <class Request, class Response>
absl::StatusOr<int> Decide(Env& env, const AdvocateArguments& arguments) {
  Request request;
  request.set_program_id(arguments.program);
  request.set_advocate_id(arguments.advocate);
  request.set_decided_by(arguments.by);
  request.set_cause(arguments.cause);
  KITH_ASSIGN_OR_RETURN(const auto response, Change<Response>(env, request));
  if (env.options.json) {
    PrintMessageJson(env, response);
    return kExitOk;
  }
  const Advocate& advocate = response.advocate();
  env.out << Printable(advocate.advocate_id())
          << (advocate.has_suspended_time()
                  ? absl::StrCat(" is suspended since ",
                                 TimeOr(true, advocate.suspended_time(), ""), ": ",
                                 Printable(advocate.suspension_cause()))
                  : " may recommend")
          << '\n';
  return kExitOk;
}

struct SuspendedArguments {
  std::string program;
  int64_t limit = 1000;
};

absl::StatusOr<int> Suspended(Env& env, const SuspendedArguments& arguments) {
  ListSuspendedAdvocatesRequest request;
  request.set_program_id(arguments.program);
  KITH_ASSIGN_OR_RETURN(const auto response, ReadPages<ListSuspendedAdvocatesResponse>(
                                                 env, request, arguments.limit));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    Table table("suspended advocates", {{"advocate"}, {"since"}, {"by"}, {"cause"}});
    for (const SuspendedAdvocate& one : response.advocates()) {
      table.Add({one.advocate_id(), TimeOr(true, one.suspended_time(), ""), one.decided_by(),
                 one.cause()});
    }
    table.Print(env.out, env.out_is_terminal);
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

struct SuspensionsArguments {
  std::string program;
  std::string advocate;
  int64_t limit = 1000;
};

absl::StatusOr<int> Suspensions(Env& env, const SuspensionsArguments& arguments) {
  ListSuspensionsRequest request;
  request.set_program_id(arguments.program);
  request.set_advocate_id(arguments.advocate);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ReadPages<ListSuspensionsResponse>(env, request, arguments.limit));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    Table table("suspensions", {{"when"}, {"decision"}, {"by"}, {"cause"}});
    for (const Suspension& one : response.suspensions()) {
      table.Add({TimeOr(true, one.decision_time(), ""),
                 one.suspended() ? "suspended" : "reinstated", one.decided_by(), one.cause()});
    }
    table.Print(env.out, env.out_is_terminal);
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

void AddDecisions(CLI::App& fraud, Options& options, Run& run) {
  const auto [suspend, out] = BeginCommand<AdvocateArguments>(
      fraud, "suspend", "Keep an advocate from recommending", run,
      Decide<SuspendAdvocateRequest, SuspendAdvocateResponse>);
  suspend->add_option("ADVOCATE", out->advocate, "The advocate")->required();
  AddByFlag(*suspend, out->by);
  AddCauseFlag(*suspend, out->cause);
  EndCommand(*suspend, options,
             "Example:\n  kith fraud suspend friends ann --by mary --cause spam");
  const auto [reinstate, in] = BeginCommand<AdvocateArguments>(
      fraud, "reinstate", "Let a suspended advocate recommend again", run,
      Decide<ReinstateAdvocateRequest, ReinstateAdvocateResponse>);
  reinstate->add_option("ADVOCATE", in->advocate, "The advocate")->required();
  AddByFlag(*reinstate, in->by);
  AddCauseFlag(*reinstate, in->cause);
  EndCommand(*reinstate, options,
             "Example:\n  kith fraud reinstate friends ann --by mary --cause mistake");
}

void AddLists(CLI::App& fraud, Options& options, Run& run) {
  const auto [suspended, now] = BeginCommand<SuspendedArguments>(
      fraud, "suspended", "Who is suspended now, since when, by whom and why", run, Suspended);
  AddLimitFlag(*suspended, now->limit);
  EndCommand(*suspended, options,
             "Examples:\n  kith fraud suspended friends\n"
             "  kith fraud suspended friends --json | jq -r '.advocates[].advocate_id'");
  const auto [suspensions, asked] = BeginCommand<SuspensionsArguments>(
      fraud, "suspensions", "When an advocate was suspended and reinstated, newest first", run,
      Suspensions);
  suspensions->add_option("ADVOCATE", asked->advocate, "The advocate")->required();
  AddLimitFlag(*suspensions, asked->limit);
  EndCommand(*suspensions, options, "Example:\n  kith fraud suspensions friends ann");
}

}  // namespace

void AddFraudConduct(CLI::App& fraud, Options& options, Run& run) {
  AddDecisions(fraud, options, run);
  AddLists(fraud, options, run);
}

}  // namespace kith::cli
