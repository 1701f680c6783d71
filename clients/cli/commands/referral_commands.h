// What the commands that look after referrals share: `kith programs`, `campaigns`,
// `referrals`, `attribution`, `codes`, `rewards`, `fulfilment` and `fraud`.
#ifndef KITH_CLIENTS_CLI_COMMANDS_REFERRAL_COMMANDS_H_
#define KITH_CLIENTS_CLI_COMMANDS_REFERRAL_COMMANDS_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clients/cli/caller.h"
#include "clients/cli/env.h"
#include "clients/cli/options.h"
#include "clients/cli/text/enum_name.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/type/v1/types.pb.h"

namespace kith::cli {

// How long a call that changes something is tried again, under the same request_id.
inline constexpr absl::Duration kPatience = absl::Seconds(5);
// Rows of a list that are read at a time.
inline constexpr int kRowsPerPage = 1000;

// Begins the sub-command `name` of `parent`, whose first word is a program. Options and
// further words follow, then EndCommand.
template <class Arguments>
std::pair<CLI::App*, std::shared_ptr<Arguments>> BeginCommand(
    CLI::App& parent, const std::string& name, const std::string& description, Run& run,
    absl::StatusOr<int> (*execute)(Env&, const Arguments&)) {
  CLI::App* command = parent.add_subcommand(name, description);
  auto arguments = std::make_shared<Arguments>();
  command->add_option("PROGRAM", arguments->program, "The program")->required();
  command->callback([&run, arguments, execute] {
    run = [arguments, execute](Env& env) { return execute(env, *arguments); };
  });
  return {command, arguments};
}

// Adds --json, the connection flags and the end of the help: `footer`, exit statuses.
void EndCommand(CLI::App& command, Options& options, absl::string_view footer);

// A command that only holds others.
CLI::App& AddGroup(CLI::App& app, const std::string& name, const std::string& description,
                   absl::string_view footer);

// `description: one, two`, in as many lines as it takes.
std::string ListValues(const std::string& description, const std::vector<std::string>& names);
// An option or word whose value is the short name of a value of `type`, 0 while not given.
CLI::Option* AddEnumOption(CLI::App& command, const std::string& name, int& value,
                           const google::protobuf::EnumDescriptor& type,
                           const std::string& description);
// --by, who decides; it must be given: afterwards nobody can tell.
void AddByFlag(CLI::App& command, std::string& by);
// --cause, why, in one word; it must be given.
void AddCauseFlag(CLI::App& command, std::string& cause);
// --limit, the most rows that are read.
CLI::Option* AddLimitFlag(CLI::App& command, int64_t& limit);

// The pages of a list as one response, at least `limit` rows of it when there are so many.
// The `next_page_token` left in it is empty when that was all.
template <class Response, class Request>
absl::StatusOr<Response> ReadPages(Env& env, Request request,
                                   int64_t limit = std::numeric_limits<int64_t>::max()) {
  Response all;
  for (int64_t left = limit;; left -= request.page_size()) {
    request.set_page_size(static_cast<int>(std::min<int64_t>(left, kRowsPerPage)));
    KITH_ASSIGN_OR_RETURN(const Response page,
                          Ask<Response>(env.caller, Target::kReferral, request));
    all.clear_next_page_token();
    all.MergeFrom(page);
    request.set_page_token(page.next_page_token());
    if (page.next_page_token().empty() || left <= request.page_size()) return all;
  }
}

// A call that changes something, under a request_id of its own.
template <class Response, class Request>
absl::StatusOr<Response> Change(Env& env, Request request) {
  request.set_request_id(NewUuid(env.clock.Now()));
  Response response;
  KITH_RETURN_IF_ERROR(
      CallPatiently(env.caller, Target::kReferral, request, &response, kPatience));
  return response;
}

// Prints the whole message as JSON, without its page token.
void PrintMessageJson(Env& env, const google::protobuf::Message& message);
// Says on stderr that a list has more rows, if `next_page_token` is not empty.
void TellMore(Env& env, absl::string_view next_page_token);

// kNone for an empty text.
std::string TextOr(absl::string_view text);
// kNone for an enum that is not specified.
template <class Enum>
std::string EnumTextOrNone(Enum value) {
  return TextOr(static_cast<int>(value) == 0 ? "" : EnumText(value));
}
// The time for people, or `otherwise` when it is not set.
std::string TimeOr(bool has, const google::protobuf::Timestamp& time,
                   absl::string_view otherwise, absl::TimeZone zone = absl::UTCTimeZone());
// The zone that the calendar of a program goes by; UTC when its name is not known here.
absl::StatusOr<absl::TimeZone> ReadZone(Env& env, const std::string& program);
// The error of one item of a batch; its text begins with the name of the field.
absl::Status ItemStatus(const type::v1::ItemError& error);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_REFERRAL_COMMANDS_H_
