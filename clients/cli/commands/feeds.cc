// `kith feeds` and `kith feeds status`.
#include "clients/cli/commands/feeds.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/suite_state.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/parse.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

using feed::v1::QuarantinedEvent;

constexpr size_t kPageSize = 1000;

struct Arguments {
  size_t limit = 20;
};

// The events of one service that are shown.
struct Quarantine {
  Target target;
  std::vector<QuarantinedEvent> events;
};

Json ToJson(const ServiceState& service, const CursorState& cursor) {
  const Json problem = cursor.problem.empty() ? Json(nullptr)
                                              : Json{{"reason", cursor.problem},
                                                     {"message", cursor.problem_message}};
  return {{"service", std::string(TargetName(service.target))},
          {"source", cursor.source},
          {"shard", cursor.shard},
          {"position", cursor.position},
          {"head", cursor.head},
          {"lag", cursor.lag()},
          {"quarantined", cursor.quarantined},
          {"problem", problem}};
}

Json ToJson(Target target, const QuarantinedEvent& event) {
  return {{"service", std::string(TargetName(target))},
          {"source", event.source()},
          {"shard", event.source_shard()},
          {"position", event.event().position()},
          {"program_id", event.event().program_id()},
          {"fact", FactName(event)},
          {"reason", event.reason()},
          {"message", event.message()},
          {"quarantined_time", FormatTimeText(FromTimestamp(event.quarantined_time()))}};
}

void PrintAsJson(Env& env, const SuiteState& suite,
                 const std::vector<Quarantine>& quarantine) {
  Json consumers = Json::array(), events = Json::array();
  for (const ServiceState& service : suite.services) {
    for (const CursorState& cursor : service.cursors) {
      consumers.push_back(ToJson(service, cursor));
    }
  }
  for (const auto& [target, list] : quarantine) {
    for (const QuarantinedEvent& event : list) events.push_back(ToJson(target, event));
  }
  PrintJson(env.out,
            Json{{"consumers", std::move(consumers)}, {"quarantined", std::move(events)}});
}

void PrintConsumers(Env& env, const SuiteState& suite) {
  Table table("consumers", {{"service"},
                            {"follows"},
                            {"shard", Align::kRight},
                            {"position", Align::kRight},
                            {"head", Align::kRight},
                            {"behind", Align::kRight},
                            {"quarantined", Align::kRight},
                            {"problem"}});
  for (const ServiceState& service : suite.services) {
    for (const CursorState& cursor : service.cursors) {
      table.Add({std::string(TargetName(service.target)), cursor.source,
                 absl::StrCat(cursor.shard), Count(cursor.position), Count(cursor.head),
                 Count(cursor.lag()), Count(cursor.quarantined),
                 cursor.problem.empty() ? std::string(kNone) : cursor.problem});
    }
  }
  table.Print(env.out, env.out_is_terminal);
}

void PrintQuarantine(Env& env, const std::vector<Quarantine>& quarantine) {
  Table table("quarantined events", {{"service"},
                                     {"source"},
                                     {"shard", Align::kRight},
                                     {"position", Align::kRight},
                                     {"program"},
                                     {"fact"},
                                     {"since"},
                                     {"reason"},
                                     {"message"}});
  for (const auto& [target, events] : quarantine) {
    for (const QuarantinedEvent& event : events) {
      table.Add({std::string(TargetName(target)), event.source(),
                 absl::StrCat(event.source_shard()), absl::StrCat(event.event().position()),
                 event.event().program_id(), FactName(event),
                 FormatShortTime(FromTimestamp(event.quarantined_time())), event.reason(),
                 event.message()});
    }
  }
  PrintHeading(env.out, env.out_is_terminal, "Quarantined events");
  table.Print(env.out, env.out_is_terminal);
}

// What can be done, for people.
void PrintAdvice(Env& env, const SuiteState& suite, const std::vector<Quarantine>& shown) {
  int64_t quarantined = 0;
  for (const ServiceState& service : suite.services) {
    quarantined += service.quarantined();
    if (!service.problem.empty()) {
      env.err << "kith: " << TargetName(service.target) << ": " << Printable(service.problem)
              << '\n';
    }
    for (const CursorState& cursor : service.cursors) {
      if (!cursor.followed()) {
        env.err << "kith: " << TargetName(service.target) << " does not follow "
                << Printable(cursor.source) << ": " << cursor.problem_message << '\n';
      }
      if (!cursor.stuck()) continue;
      env.err << "kith: " << TargetName(service.target) << ": "
              << Printable(cursor.problem_message) << "\n  say from where to go on: "
              << "kith feeds restart " << TargetName(service.target) << ' '
              << Printable(cursor.source) << " --from start|now|POSITION\n";
    }
  }
  size_t listed = 0;
  for (const Quarantine& one : shown) listed += one.events.size();
  if (quarantined > static_cast<int64_t>(listed)) {
    env.err << "kith: " << Count(quarantined - static_cast<int64_t>(listed))
            << " more quarantined events; --limit shows more\n";
  }
}

// The first `limit` events.
absl::StatusOr<std::vector<QuarantinedEvent>> ReadFirst(Env& env, Target target,
                                                        size_t limit) {
  std::vector<QuarantinedEvent> events;
  std::string token;
  do {
    const size_t size = std::min(limit - events.size(), kPageSize);
    KITH_ASSIGN_OR_RETURN(auto page, ReadQuarantine(env, target, size, token));
    events.insert(events.end(), std::make_move_iterator(page.begin()),
                  std::make_move_iterator(page.end()));
  } while (!token.empty() && events.size() < limit);
  return events;
}

absl::StatusOr<int> FeedsStatus(Env& env, const Arguments& arguments) {
  const SuiteState suite = ReadSuite(env);
  std::vector<Quarantine> quarantine;
  for (const ServiceState& service : suite.services) {
    if (service.quarantined() == 0 || arguments.limit == 0) continue;
    KITH_ASSIGN_OR_RETURN(auto events, ReadFirst(env, service.target, arguments.limit));
    quarantine.push_back({service.target, std::move(events)});
  }
  if (env.options.json) {
    PrintAsJson(env, suite, quarantine);
  } else {
    PrintConsumers(env, suite);
    if (arguments.limit > 0) PrintQuarantine(env, quarantine);
  }
  env.out.flush();
  PrintAdvice(env, suite, quarantine);
  return suite.all_serving() ? kExitOk : kExitUnavailable;
}

void AddFeedsStatus(CLI::App& feeds, Options& options, Run& run) {
  CLI::App* command = feeds.add_subcommand(
      "status", "Who follows whom, how far behind, and what stands in the way");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("--limit", arguments->limit,
                   "Quarantined events of each service that are listed")
      ->type_name("N")
      ->capture_default_str();
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(R"(Examples:
  kith feeds status
  kith feeds status --json | jq '.consumers[] | select(.problem)'

Exit status: 0 all four services answered, 2 wrong command line, 69 some did not answer.)");
  command->callback([&run, arguments] {
    run = [arguments](Env& env) { return FeedsStatus(env, *arguments); };
  });
}

}  // namespace

std::vector<std::string> ConsumerNames() {
  std::vector<std::string> names;
  for (const Target target : kTargets) {
    if (!SourcesOf(target).empty()) names.emplace_back(TargetName(target));
  }
  return names;
}

absl::StatusOr<std::vector<QuarantinedEvent>> ReadQuarantine(Env& env, Target target,
                                                             size_t size, std::string& token) {
  feed::v1::ListQuarantinedEventsRequest request;
  request.set_page_size(static_cast<int32_t>(size));
  request.set_page_token(token);
  KITH_ASSIGN_OR_RETURN(auto response, Ask<feed::v1::ListQuarantinedEventsResponse>(
                                           env.caller, target, request));
  token = response.next_page_token();
  return std::vector<QuarantinedEvent>(
      std::make_move_iterator(response.mutable_events()->begin()),
      std::make_move_iterator(response.mutable_events()->end()));
}

std::string FactName(const QuarantinedEvent& event) {
  const auto& fact = event.event().fact();
  const auto* oneof = fact.GetDescriptor()->oneof_decl(0);
  const auto* field = fact.GetReflection()->GetOneofFieldDescriptor(fact, oneof);
  return field == nullptr ? std::string(kNone) : field->name();
}

void AddFeeds(CLI::App& app, Options& options, Run& run) {
  CLI::App* feeds =
      app.add_subcommand("feeds", "How the services follow each other, and how to mend it");
  feeds->require_subcommand(1);
  AddFeedsStatus(*feeds, options, run);
  AddFeedsRestart(*feeds, options, run);
  AddFeedsRetry(*feeds, options, run);
  feeds->footer(Footer(R"(Examples:
  kith feeds status
  kith feeds restart advocacy referral --from now
  kith feeds retry outreach)"));
}

}  // namespace kith::cli
