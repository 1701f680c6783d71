// `kith fraud block`, `unblock` and `blocklist`.
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/commands/fraud.h"
#include "clients/cli/commands/referral_commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/text/enum_name.h"
#include "kith/referral/v1/fraud.pb.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;

// Identities in one call.
constexpr size_t kMostIdentities = 1000;

struct BlockArguments {
  std::string program;
  int kind = 0;
  std::string value;
  bool hash = false;
  std::string by;
  std::string cause;
};

// The value, or the lines of stdin for `-`, so that personal data need not stand in the
// history of a shell.
absl::StatusOr<std::vector<std::string>> Values(Env& env, const std::string& value) {
  if (value != "-") return std::vector<std::string>{value};
  std::vector<std::string> values;
  for (std::string line; std::getline(env.in, line);) {
    const absl::string_view trimmed = absl::StripAsciiWhitespace(line);
    if (!trimmed.empty()) values.emplace_back(trimmed);
  }
  if (!values.empty()) return values;
  return absl::InvalidArgumentError("stdin holds nothing");
}

// Sends the values in as many calls as it takes.
template <class Response, class Request>
absl::StatusOr<Response> ChangeAll(Env& env, const BlockArguments& arguments,
                                   Request request) {
  KITH_ASSIGN_OR_RETURN(const auto values, Values(env, arguments.value));
  request.set_program_id(arguments.program);
  Response all;
  for (size_t i = 0; i < values.size(); ++i) {
    IdentityValue* identity = request.add_identities();
    identity->set_kind(static_cast<IdentityKind>(arguments.kind));
    arguments.hash ? identity->set_hash(values[i]) : identity->set_value(values[i]);
    const bool full = static_cast<size_t>(request.identities_size()) == kMostIdentities;
    if (!full && i + 1 < values.size()) continue;
    KITH_ASSIGN_OR_RETURN(const Response some, Change<Response>(env, request));
    all.MergeFrom(some);
    request.clear_identities();
  }
  return all;
}

void PrintBlocked(Env& env, const std::vector<BlockedIdentity>& list) {
  Table table("blocked identities", {{"kind"}, {"hash"}, {"added"}, {"by"}, {"cause"}});
  for (const BlockedIdentity& one : list) {
    table.Add({EnumText(one.kind()), one.hash(), TimeOr(true, one.added_time(), ""),
               one.added_by(), one.cause()});
  }
  table.Print(env.out, env.out_is_terminal);
}

// Without fraud rules nobody looks at the list.
void NoteMissingRules(Env& env, const std::string& program) {
  GetProgramRequest request;
  request.set_program_id(program);
  const auto response = Ask<GetProgramResponse>(env.caller, Target::kReferral, request);
  if (!response.ok() || response->has_effective_fraud()) return;
  env.err << "kith: note: " << Printable(program)
          << " has no fraud rules: the blocklist has no effect until it has some\n";
}

absl::StatusOr<int> Block(Env& env, const BlockArguments& arguments) {
  AddToBlocklistRequest request;
  request.set_added_by(arguments.by);
  request.set_cause(arguments.cause);
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ChangeAll<AddToBlocklistResponse>(env, arguments, request));
  std::vector<BlockedIdentity> blocked;
  int refused = 0;
  for (const auto& result : response.results()) {
    if (result.has_blocked()) blocked.push_back(result.blocked());
    if (result.has_error()) ++refused;
  }
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else if (!blocked.empty()) {
    PrintBlocked(env, blocked);
  }
  env.out.flush();
  for (int i = 0; i < response.results_size(); ++i) {
    const auto& result = response.results(i);
    if (!result.has_error()) continue;
    env.err << "kith: no. " << i + 1 << ": " << Printable(ItemStatus(result.error()).message())
            << '\n';
  }
  if (!blocked.empty()) NoteMissingRules(env, arguments.program);
  return refused == 0 ? kExitOk : kExitFailed;
}

absl::StatusOr<int> Unblock(Env& env, const BlockArguments& arguments) {
  int64_t removed = 0;
  KITH_ASSIGN_OR_RETURN(const auto values, Values(env, arguments.value));
  for (const std::string& value : values) {
    RemoveFromBlocklistRequest request;
    request.set_program_id(arguments.program);
    IdentityValue* identity = request.add_identities();
    identity->set_kind(static_cast<IdentityKind>(arguments.kind));
    arguments.hash ? identity->set_hash(value) : identity->set_value(value);
    KITH_ASSIGN_OR_RETURN(const auto response,
                          Change<RemoveFromBlocklistResponse>(env, request));
    removed += response.removed();
  }
  if (env.options.json) {
    RemoveFromBlocklistResponse total;
    total.set_removed(removed);
    PrintMessageJson(env, total);
  } else {
    env.out << Count(removed) << " of " << Count(static_cast<int64_t>(values.size()))
            << " were blocked, and are no more\n";
  }
  return kExitOk;
}

struct ListArguments {
  std::string program;
  int kind = 0;
  int64_t limit = 1000;
};

absl::StatusOr<int> List(Env& env, const ListArguments& arguments) {
  ListBlocklistRequest request;
  request.set_program_id(arguments.program);
  request.set_kind(static_cast<IdentityKind>(arguments.kind));
  KITH_ASSIGN_OR_RETURN(const auto response,
                        ReadPages<ListBlocklistResponse>(env, request, arguments.limit));
  if (env.options.json) {
    PrintMessageJson(env, response);
  } else {
    PrintBlocked(env, {response.blocked().begin(), response.blocked().end()});
  }
  TellMore(env, response.next_page_token());
  return kExitOk;
}

void AddIdentity(CLI::App& command, BlockArguments& arguments) {
  AddEnumOption(command, "KIND", arguments.kind, *IdentityKind_descriptor(), "What it is")
      ->required();
  command
      .add_option("VALUE", arguments.value,
                  "The address, number and so on; - reads one a line from stdin")
      ->required();
}

}  // namespace

void AddFraudBlocklist(CLI::App& fraud, Options& options, Run& run) {
  const auto [block, added] = BeginCommand<BlockArguments>(
      fraud, "block", "Block addresses, domains, numbers, devices or payments", run, Block);
  AddIdentity(*block, *added);
  AddByFlag(*block, added->by);
  AddCauseFlag(*block, added->cause);
  EndCommand(*block, options,
             "Only keyed hashes are kept.\n\nExamples:\n"
             "  kith fraud block friends email_domain spam.example --by mary --cause spam\n"
             "  kith fraud block friends email - --by mary --cause spam < addresses.txt");
  const auto [unblock, removed] =
      BeginCommand<BlockArguments>(fraud, "unblock", "Block them no longer", run, Unblock);
  AddIdentity(*unblock, *removed);
  unblock->add_flag("--hash", removed->hash, "VALUE is a hash as the list shows it");
  EndCommand(*unblock, options,
             "Example:\n  kith fraud unblock friends email_domain spam.example");
  const auto [list, filter] = BeginCommand<ListArguments>(
      fraud, "blocklist", "What is blocked, as hashes, and who did it", run, List);
  AddEnumOption(*list, "--kind", filter->kind, *IdentityKind_descriptor(),
                "Only of this kind");
  AddLimitFlag(*list, filter->limit);
  EndCommand(*list, options, "Example:\n  kith fraud blocklist friends --kind email");
}

}  // namespace kith::cli
