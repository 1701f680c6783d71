// `kith feeds restart` and `kith feeds retry`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/feeds.h"
#include "clients/cli/commands/suite_state.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

using feed::v1::QuarantinedEvent;
using feed::v1::RestartConsumerRequest;
using feed::v1::RestartConsumerResponse;
using feed::v1::RetryQuarantinedEventRequest;
using feed::v1::RetryQuarantinedEventResponse;

// How long a call that changes something is tried again, under the same request_id.
constexpr absl::Duration kPatience = absl::Seconds(5);
// Events that are read at a time, and those left that are listed.
constexpr size_t kPageSize = 100;
constexpr int64_t kMostListed = 1000;

struct RestartArguments {
  std::string service;
  std::string source;
  std::string from;
  int32_t shard = -1;  // -1: all
};

// An error when it is none of start, now, a position.
absl::Status SetFrom(const std::string& from, RestartConsumerRequest& request) {
  int64_t position = 0;
  if (from == "start") {
    request.set_from(feed::v1::RESTART_FROM_START);
  } else if (from == "now") {
    request.set_from(feed::v1::RESTART_FROM_NOW);
  } else if (absl::SimpleAtoi(from, &position) && position >= 0) {
    request.set_from(feed::v1::RESTART_FROM_POSITION);
    request.set_position(position);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("'", from, "' is none of start, now, a position"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Restart(Env& env, const RestartArguments& arguments) {
  RestartConsumerRequest request;
  request.set_request_id(NewUuid(env.clock.Now()));
  request.set_source(arguments.source);
  KITH_RETURN_IF_ERROR(SetFrom(arguments.from, request));
  if (arguments.shard >= 0) request.set_source_shard(arguments.shard);
  RestartConsumerResponse response;
  KITH_RETURN_IF_ERROR(
      CallPatiently(env.caller, TargetOf(arguments.service), request, &response, kPatience));
  if (env.options.json) {
    Json json = {{"service", arguments.service}, {"source", arguments.source}};
    json.update(MessageToJson(response));
    PrintJson(env.out, json);
    return kExitOk;
  }
  for (const auto& shard : response.shards()) {
    env.out << arguments.service << " follows " << Printable(arguments.source) << " shard "
            << shard.source_shard() << " from position " << shard.position()
            << " (it stood at " << shard.old_position() << ")\n";
  }
  if (response.dropped_quarantined() > 0) {
    env.out << Count(response.dropped_quarantined())
            << " quarantined events after the position were dropped\n";
  }
  return kExitOk;
}

struct RetryArguments {
  std::string service;  // empty: all that follow others
  std::string source;   // empty: all
};

// An event that is still in quarantine; without its fact, which may be large.
struct Left {
  std::string source;
  int64_t shard = 0;
  int64_t position = 0;
  std::string program_id;
  std::string fact;
  std::string reason;  // the new one
  std::string message;
};

// What became of the events of one service.
struct Outcome {
  Target target = {};
  int64_t applied = 0;
  int64_t left_count = 0;
  std::vector<Left> left;    // the first kMostListed of them
  absl::Status status = {};  // what ended it early
};

// Tries one event and counts it.
absl::Status RetryOne(Env& env, const QuarantinedEvent& event, Outcome& outcome) {
  RetryQuarantinedEventRequest request;
  request.set_request_id(NewUuid(env.clock.Now()));
  request.set_source(event.source());
  request.set_source_shard(event.source_shard());
  request.set_position(event.event().position());
  RetryQuarantinedEventResponse response;
  const absl::Status status =
      CallPatiently(env.caller, outcome.target, request, &response, kPatience);
  // Somebody else was faster, or the source it came from is not followed any more.
  const std::string reason = GetErrorReason(status);
  if (reason == "QUARANTINED_EVENT_NOT_FOUND") return absl::OkStatus();
  if (!status.ok() && reason != "SOURCE_NOT_FOLLOWED") return status;
  if (response.applied()) {
    ++outcome.applied;
    return absl::OkStatus();
  }
  if (++outcome.left_count > kMostListed) return absl::OkStatus();
  outcome.left.push_back({event.source(), event.source_shard(), event.event().position(),
                          event.event().program_id(), FactName(event),
                          status.ok() ? response.reason() : reason,
                          status.ok() ? response.message() : std::string(status.message())});
  return absl::OkStatus();
}

absl::Status RetryAll(Env& env, const std::string& source, Outcome& outcome) {
  std::string token;
  do {
    KITH_ASSIGN_OR_RETURN(const auto page,
                          ReadQuarantine(env, outcome.target, kPageSize, token));
    for (const QuarantinedEvent& event : page) {
      if (!source.empty() && event.source() != source) continue;
      KITH_RETURN_IF_ERROR(RetryOne(env, event, outcome));
    }
  } while (!token.empty());
  return absl::OkStatus();
}

Json ToJson(const Outcome& outcome) {
  Json left = Json::array();
  for (const Left& event : outcome.left) {
    left.push_back(Json{{"source", event.source},
                        {"shard", event.shard},
                        {"position", event.position},
                        {"program_id", event.program_id},
                        {"fact", event.fact},
                        {"reason", event.reason},
                        {"message", event.message}});
  }
  return {{"service", std::string(TargetName(outcome.target))},
          {"applied", outcome.applied},
          {"complete", outcome.status.ok()},
          {"left_count", outcome.left_count},
          {"left", std::move(left)}};
}

void PrintOutcomes(Env& env, const std::vector<Outcome>& outcomes) {
  Table table("quarantined events", {{"service"},
                                     {"source"},
                                     {"shard", Align::kRight},
                                     {"position", Align::kRight},
                                     {"fact"},
                                     {"reason"},
                                     {"message"}});
  for (const Outcome& outcome : outcomes) {
    const std::string service(TargetName(outcome.target));
    env.out << service << ": " << Count(outcome.applied) << " applied, "
            << Count(outcome.left_count) << " still in quarantine"
            << (outcome.status.ok() ? "" : "; not all were tried") << '\n';
    for (const Left& event : outcome.left) {
      table.Add({service, event.source, absl::StrCat(event.shard),
                 absl::StrCat(event.position), event.fact, event.reason, event.message});
    }
  }
  if (!table.empty()) table.Print(env.out, env.out_is_terminal);
}

// Also what was done before a call failed is told.
absl::StatusOr<int> Retry(Env& env, const RetryArguments& arguments) {
  std::vector<Outcome> outcomes;
  int64_t left = 0;
  for (const std::string& name : ConsumerNames()) {
    if (!arguments.service.empty() && name != arguments.service) continue;
    Outcome& outcome = outcomes.emplace_back();
    outcome.target = TargetOf(name);
    outcome.status = RetryAll(env, arguments.source, outcome);
    left += outcome.left_count;
    if (!outcome.status.ok()) break;
  }
  if (env.options.json) {
    Json services = Json::array();
    for (const Outcome& outcome : outcomes) services.push_back(ToJson(outcome));
    PrintJson(env.out, Json{{"services", std::move(services)}});
  } else {
    PrintOutcomes(env, outcomes);
  }
  env.out.flush();
  if (!outcomes.back().status.ok()) return outcomes.back().status;
  return left == 0 ? kExitOk : kExitFailed;
}

constexpr char kRestartFooter[] =
    R"(A consumer stands still when the service that it follows was set back to an older state
(FEED_REWOUND) or has another store than before (FEED_REPLACED): only people know what that
means. This adopts the source as it is now and goes on
  --from start     with everything that it has, once more where it was applied before;
                   services pass over what they know by its id, but what was taken back
                   later may be scheduled again until that is applied again too
  --from now       with what comes; what it has now is not applied
  --from POSITION  with what comes after that position of each shard
Quarantined events after that point are dropped: the source tells them again, or no longer
knows them. The service writes what was done to its log.

Examples:
  kith feeds restart advocacy referral --from start
  kith feeds restart outreach retention --from 1200 --shard 3 --json)";

}  // namespace

void AddFeedsRestart(CLI::App& feeds, Options& options, Run& run) {
  CLI::App* command = feeds.add_subcommand(
      "restart", "Follow a source anew, as it is now, from a chosen point");
  auto arguments = std::make_shared<RestartArguments>();
  command
      ->add_option(
          "SERVICE", arguments->service,
          absl::StrCat("The service that follows: ", absl::StrJoin(ConsumerNames(), ", ")))
      ->required()
      ->check(CLI::IsMember(ConsumerNames()));
  command
      ->add_option("SOURCE", arguments->source,
                   "The service that it follows: referral, advocacy,\nretention")
      ->required();
  command->add_option("--from", arguments->from, "Where to begin: start, now or a position")
      ->required()
      ->check([](const std::string& from) {
        RestartConsumerRequest ignored;
        return std::string(SetFrom(from, ignored).message());
      })
      ->type_name("WHERE");
  command->add_option("--shard", arguments->shard, "Only this shard of the source")
      ->check(CLI::Range(0, 1023).description(""))
      ->type_name("N");
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(Footer(kRestartFooter));
  command->callback(
      [&run, arguments] { run = [arguments](Env& env) { return Restart(env, *arguments); }; });
}

void AddFeedsRetry(CLI::App& feeds, Options& options, Run& run) {
  CLI::App* command = feeds.add_subcommand(
      "retry", "Apply quarantined events again, after their cause was mended");
  auto arguments = std::make_shared<RetryArguments>();
  command->add_option("SERVICE", arguments->service, "Only of this service (default: all)")
      ->check(CLI::IsMember(ConsumerNames()));
  command
      ->add_option("--source", arguments->source,
                   "Only events of this source: referral, advocacy, retention")
      ->type_name("SOURCE");
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(
      R"(Events are tried in the order in which they were published. Those that still cannot be
applied stay in quarantine, with the new reason; at most 1000 of each service are listed.

Examples:
  kith feeds retry
  kith feeds retry outreach --source retention --json

Exit status: 0 nothing is left in quarantine, 1 some events are, 2 wrong command line,
69 a service cannot be reached.)");
  command->callback(
      [&run, arguments] { run = [arguments](Env& env) { return Retry(env, *arguments); }; });
}

}  // namespace kith::cli
