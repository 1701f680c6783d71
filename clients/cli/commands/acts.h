// What the commands of single acts share: `kith enrol`, `update`, `refer`, `touch`, `signup`,
// `convert` and `reverse`. Each makes one call for one thing and prints what came of it.
#ifndef KITH_CLIENTS_CLI_COMMANDS_ACTS_H_
#define KITH_CLIENTS_CLI_COMMANDS_ACTS_H_

#include <optional>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/env.h"
#include "clients/cli/output/proto_json.h"
#include "common/base/error.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/repeated_field.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {

// The heading above these commands in the help.
inline constexpr char kActs[] = "Single acts";

// Arguments that acts have in common.
struct Act {
  std::string program;
  std::string request_id;                  // made by BeginAct when not given
  std::string id;                          // of the thing; the request's when not given
  absl::Time time = absl::InfinitePast();  // infinite: not given
  std::vector<std::string> attributes;     // NAME=VALUE
};

// The flags of these arguments, each of its own because not all acts have all.
void AddRequestIdFlag(CLI::App& command, Act& act);
void AddIdFlag(CLI::App& command, Act& act, const std::string& description);
void AddActTimeFlag(CLI::App& command, Act& act);
void AddAttributeFlag(CLI::App& command, Act& act);

// Completes the ids. The id of a thing is that of its request unless one is given, so that
// the same command with the same --request-id asks for the same again.
Act BeginAct(Env& env, Act act);

// Adds the attributes; an error names the one that is no NAME=VALUE, or is there twice.
absl::Status SetAttributes(
    const Act& act, google::protobuf::RepeatedPtrField<referral::v1::Attribute>& attributes);

// `text` at its first `=`; an error when there is none.
absl::StatusOr<std::pair<std::string, std::string>> SplitPair(const std::string& text);

// Says how to ask again when it is not known whether a call did anything.
void TellRequestId(Env& env, const Act& act, const absl::Status& status);

// `status` of a request of this type with the names of options (`--amount`) and words
// (`CUSTOMER`) for those of fields (`conversions[0].amount`).
absl::Status NameOptions(const absl::Status& status,
                         const google::protobuf::Descriptor& request);

// The same of the refusal of the one thing, in a response of this type.
absl::Status ItemRefusal(type::v1::ItemError error,
                         const google::protobuf::Descriptor& response);

// Makes the call of an act.
template <class Response, class Request>
absl::StatusOr<Response> Perform(Env& env, const Act& act, Request request) {
  request.set_program_id(act.program);
  request.set_request_id(act.request_id);
  Response response;
  const absl::Status status =
      CallPatiently(env.caller, Target::kReferral, request, &response, kPatience);
  TellRequestId(env, act, status);
  if (!status.ok()) return NameOptions(status, *Request::descriptor());
  return response;
}

// The one result of a batch of one, or its refusal.
template <class Response>
auto OnlyResult(const Response& response)
    -> absl::StatusOr<std::decay_t<decltype(response.results(0))>> {
  if (response.results().empty()) return absl::InternalError("the service gave no result");
  const auto& result = response.results(0);
  if (!result.has_error()) return result;
  return ItemRefusal(result.error(), *Response::descriptor());
}

// What an act has brought about.
struct Outcome {
  std::optional<referral::v1::Referral> referral;  // absent: there is none
  std::vector<referral::v1::Reward> rewards;
  absl::Status status;  // why the rest could not be read; the act itself is done
};
// Reads the referral, unless `referral_id` is empty, and its rewards.
Outcome ReadOutcome(Env& env, const std::string& program, const std::string& referral_id);

// Adds "referral" and "rewards" to `json`, null when they could not be read, and prints it.
void PrintOutcomeJson(Env& env, const Outcome& outcome, Json json);
// Prints the rewards under a heading.
void PrintOutcomeRewards(Env& env, const Outcome& outcome);

// Of the commands, one file for people and one for conversions.
void AddEnrol(CLI::App& app, Options& options, Run& run);
void AddUpdate(CLI::App& app, Options& options, Run& run);
void AddRefer(CLI::App& app, Options& options, Run& run);
void AddTouch(CLI::App& app, Options& options, Run& run);
void AddSignup(CLI::App& app, Options& options, Run& run);
void AddConvert(CLI::App& app, Options& options, Run& run);
void AddReverse(CLI::App& app, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_ACTS_H_
