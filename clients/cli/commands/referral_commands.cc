#include "clients/cli/commands/referral_commands.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/text/enum_name.h"
#include "clients/cli/text/parse.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

// Width of the text beside the names of options.
constexpr size_t kHelpWidth = 50;
constexpr int64_t kMostRows = 1'000'000'000;

}  // namespace

std::string ListValues(const std::string& description, const std::vector<std::string>& names) {
  std::string text = description + ":";
  size_t line = text.size();
  for (size_t i = 0; i < names.size(); ++i) {
    const bool full = line + names[i].size() > kHelpWidth;
    if (full) line = 0;
    line += names[i].size() + 2;
    absl::StrAppend(&text, full ? "\n" : " ", names[i], i + 1 < names.size() ? "," : "");
  }
  return text;
}

void EndCommand(CLI::App& command, Options& options, absl::string_view footer) {
  AddJsonFlag(command, options);
  AddConnectionFlags(command, options);
  command.footer(Footer(footer));
}

CLI::App& AddGroup(CLI::App& app, const std::string& name, const std::string& description,
                   absl::string_view footer) {
  CLI::App* group = app.add_subcommand(name, description);
  group->require_subcommand(1);
  group->footer(Footer(footer));
  return *group;
}

CLI::Option* AddEnumOption(CLI::App& command, const std::string& name, int& value,
                           const google::protobuf::EnumDescriptor& type,
                           const std::string& description) {
  const std::vector<std::string> names = EnumShortNames(type);
  auto* option = command.add_option_function<std::string>(
      name,
      [&value, &type](const std::string& text) {
        value = FindEnumValue(type, text)->number();
      },
      ListValues(description, names));
  option->check(CLI::IsMember(names).description(""));
  if (option->nonpositional()) option->type_name(absl::AsciiStrToUpper(name.substr(2)));
  return option;
}

void AddByFlag(CLI::App& command, std::string& by) {
  command.add_option("--by", by, "Who decides, without spaces; it is kept")
      ->required()
      ->type_name("WHO");
}

void AddCauseFlag(CLI::App& command, std::string& cause) {
  command
      .add_option("--cause", cause,
                  "Why, in a lower-case word such as too-slow; it is\n"
                  "kept and published")
      ->required()
      ->type_name("WORD");
}

CLI::Option* AddLimitFlag(CLI::App& command, int64_t& limit) {
  return command.add_option("--limit", limit, "Most rows")
      ->check(CLI::Range(int64_t{1}, kMostRows).description(""))
      ->type_name("N")
      ->capture_default_str();
}

void PrintMessageJson(Env& env, const google::protobuf::Message& message) {
  Json json = MessageToJson(message);
  json.erase("next_page_token");
  PrintJson(env.out, json);
}

void TellMore(Env& env, absl::string_view next_page_token) {
  if (next_page_token.empty()) return;
  env.out.flush();
  env.err << "kith: there is more; --limit shows more of it\n";
}

std::string TextOr(absl::string_view text) { return std::string(text.empty() ? kNone : text); }

std::string TimeOr(bool has, const google::protobuf::Timestamp& time,
                   absl::string_view otherwise, absl::TimeZone zone) {
  return has ? FormatShortTime(FromTimestamp(time), zone) : std::string(otherwise);
}

absl::StatusOr<absl::TimeZone> ReadZone(Env& env, const std::string& program) {
  referral::v1::GetProgramRequest request;
  request.set_program_id(program);
  KITH_ASSIGN_OR_RETURN(const auto response, Ask<referral::v1::GetProgramResponse>(
                                                 env.caller, Target::kReferral, request));
  absl::TimeZone zone;
  const std::string& name = response.program().time_zone();
  if (name.empty() || !absl::LoadTimeZone(name, &zone)) return absl::UTCTimeZone();
  return zone;
}

absl::Status ItemStatus(const type::v1::ItemError& error) {
  return absl::FailedPreconditionError(
      absl::StrCat(error.field(), error.field().empty() ? "" : " ", error.message(), " [",
                   error.reason(), "]"));
}

}  // namespace kith::cli
