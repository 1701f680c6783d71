// `kith status`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/suite_state.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/patience.h"

namespace kith::cli {
namespace {

absl::string_view HealthText(Health::State state) {
  switch (state) {
    case Health::kServing:
      return "serving";
    case Health::kNotServing:
      return "not_serving";
    case Health::kUnreachable:
      return "unreachable";
  }
  return "";
}

Json ToJson(const CursorState& cursor) {
  return {{"source", cursor.source},
          {"shard", cursor.shard},
          {"position", cursor.position},
          {"head", cursor.head},
          {"lag", cursor.lag()},
          {"quarantined", cursor.quarantined},
          {"problem", cursor.problem.empty() ? Json(nullptr) : Json(cursor.problem)}};
}

Json ToJson(const SuiteState& suite) {
  Json services = Json::array();
  for (const ServiceState& service : suite.services) {
    Json cursors = Json::array();
    for (const CursorState& cursor : service.cursors) cursors.push_back(ToJson(cursor));
    services.push_back(
        Json{{"service", std::string(TargetName(service.target))},
             {"address", service.address},
             {"health", std::string(HealthText(service.health.state))},
             {"version", service.health.version},
             {"lag", service.lag()},
             {"quarantined", service.quarantined()},
             {"problem", service.problem.empty() ? Json(nullptr) : Json(service.problem)},
             {"cursors", std::move(cursors)}});
  }
  return {{"ready", suite.ready()}, {"services", std::move(services)}};
}

// `referral 12, retention 0` or, when there is nothing to follow, kNone. A consumer that
// waits for people, or is none, says why.
std::string LagText(const ServiceState& service) {
  std::string text;
  for (const std::string& source : SourcesOf(service.target)) {
    int64_t lag = 0;
    bool known = false;
    std::string stuck;
    for (const CursorState& cursor : service.cursors) {
      if (cursor.source != source) continue;
      lag += cursor.lag();
      known = cursor.followed();
      if (cursor.stuck() || !cursor.followed())
        stuck = absl::StrCat(" (", cursor.problem, ")");
    }
    absl::StrAppend(&text, text.empty() ? "" : ", ", source, " ",
                    known ? Count(lag) : std::string("?"), stuck);
  }
  return text.empty() ? std::string(kNone) : text;
}

void Print(Env& env, const SuiteState& suite) {
  Table table("services", {{"service"},
                           {"address"},
                           {"health"},
                           {"version"},
                           {"behind"},
                           {"quarantined", Align::kRight}});
  for (const ServiceState& service : suite.services) {
    const bool reached = service.health.state != Health::kUnreachable;
    const std::string& version = service.health.version;
    table.Add({std::string(TargetName(service.target)), service.address,
               std::string(HealthText(service.health.state)),
               version.empty() ? std::string(kNone) : version,
               reached ? LagText(service) : std::string(kNone),
               reached ? Count(service.quarantined()) : std::string(kNone)});
  }
  table.Print(env.out, env.out_is_terminal);
}

void PrintProblems(Env& env, const SuiteState& suite) {
  for (const ServiceState& service : suite.services) {
    if (!service.problem.empty()) {
      env.err << "kith: " << TargetName(service.target) << ": " << Printable(service.problem)
              << '\n';
    }
    for (const CursorState& cursor : service.cursors) {
      if (cursor.followed()) continue;
      env.err << "kith: " << TargetName(service.target) << " does not follow "
              << Printable(cursor.source) << ": " << cursor.problem_message << '\n';
    }
  }
}

// Looks until the suite is ready, twice with nothing moved in between: a consumer that has
// caught up may have published facts that the next one has yet to apply.
SuiteState Await(Env& env, absl::Duration patience) {
  Patience attempts(patience, env.clock);
  SuiteState suite = ReadSuite(env);
  while (attempts.Pause()) {
    SuiteState next = ReadSuite(env);
    const bool settled = suite.ready() && next.ready() && suite.SamePositions(next);
    suite = std::move(next);
    if (settled) break;
    if (suite.ready()) attempts.Hurry();
  }
  return suite;
}

absl::StatusOr<int> Status(Env& env, int wait_seconds) {
  const bool wait = wait_seconds > 0;
  const SuiteState suite = wait ? Await(env, absl::Seconds(wait_seconds)) : ReadSuite(env);
  if (env.options.json) {
    PrintJson(env.out, ToJson(suite));
  } else {
    Print(env, suite);
  }
  PrintProblems(env, suite);
  if (wait && !suite.ready()) {
    env.err << "kith: the suite was not ready within " << wait_seconds << " s\n";
    return kExitFailed;
  }
  if (!suite.all_serving()) return kExitUnavailable;
  return suite.all_known() ? kExitOk : kExitFailed;
}

}  // namespace

void AddStatus(CLI::App& app, Options& options, Run& run) {
  CLI::App* command =
      app.add_subcommand("status", "Health, version and feed lag of the four services");
  auto wait_seconds = std::make_shared<int>(0);
  command
      ->add_flag("--wait{60}", *wait_seconds,
                 "Wait until all serve and no feed is behind, 60 s unless said otherwise")
      ->option_text("[=SECONDS]")
      ->check(CLI::Range(1, 86400).description(""));
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(
      R"(Examples:
  kith status
  kith status --wait=120 && kith report debian
  kith status --json | jq '.services[] | {service, lag}'

Exit status: 0 all serve, 69 some do not, 1 some serve and refuse to tell how they stand,
2 wrong command line; with --wait: 1 not ready in time.)");
  command->callback([&run, wait_seconds] {
    run = [wait_seconds](Env& env) { return Status(env, *wait_seconds); };
  });
}

}  // namespace kith::cli
