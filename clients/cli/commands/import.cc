// `kith import`.
#include <filesystem>
#include <fstream>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/import/rejects.h"
#include "clients/cli/import/run.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/program_flag.h"
#include "clients/cli/text/parse.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

struct Arguments {
  std::string kind;
  std::string file;
  std::string program;
  std::string rejects;
  absl::Duration patience = absl::Seconds(30);
  bool allow_rejects = false;
};

std::string RejectsPath(const Arguments& arguments) {
  if (!arguments.rejects.empty()) return arguments.rejects;
  const std::string& file = arguments.file;
  const bool named =
      file != "-" && (!absl::StartsWith(file, "/dev/") || absl::StartsWith(file, "/dev/shm/"));
  return absl::StrCat(named ? arguments.file : arguments.kind, ".rejects.csv");
}

Json ToJson(const Arguments& arguments, const ImportSummary& summary) {
  Json reasons = Json::object();
  for (const auto& [reason, count] : summary.rejected_by_reason) reasons[reason] = count;
  return {{"kind", arguments.kind},
          {"file", arguments.file},
          {"rows", summary.rows},
          {"imported", summary.imported},
          {"rejected", summary.rejected},
          {"enrolled", summary.enrolled},
          {"unknown", summary.unknown},
          {"rejected_by_reason", std::move(reasons)},
          {"rejects_file", summary.rejected > 0 && summary.rejects_status.ok()
                               ? Json(RejectsPath(arguments))
                               : Json(nullptr)},
          {"ignored_columns", summary.ignored_columns}};
}

// `1 advocate`, `2 advocates`.
std::string Advocates(int64_t count) {
  return absl::StrCat(Count(count), count == 1 ? " advocate" : " advocates");
}

// What is to be known of those who are not known.
absl::string_view WhatThen(absl::string_view whom) {
  return whom == "customers" ? "no signup of theirs was told"
                             : "they are not enrolled, or the feed has not told of it";
}

void PrintSummary(Env& env, const Arguments& arguments, const ImportSummary& summary) {
  if (env.options.json) PrintJson(env.out, ToJson(arguments, summary));
  std::ostream& out = env.options.json ? env.err : env.out;
  out << arguments.kind << ": " << Count(summary.rows)
      << (summary.rows == 1 ? " row, " : " rows, ") << Count(summary.imported)
      << " imported or already there, " << Count(summary.rejected) << " rejected";
  if (summary.enrolled > 0) out << "; " << Advocates(summary.enrolled) << " enrolled";
  out << '\n';
  out.flush();
  if (summary.enrolled > 0) {
    env.err << "kith: note: enrolled " << Advocates(summary.enrolled)
            << " whom the file names and who were not enrolled before\n";
  }
  if (summary.unknown > 0) {
    env.err << "kith: note: " << Count(summary.unknown)
            << (summary.unknown == 1 ? " line names " : " lines name ") << summary.whom
            << " that are not known (yet): " << WhatThen(summary.whom) << '\n';
  }
  if (!summary.note.empty()) env.err << "kith: note: " << summary.note << '\n';
  if (!summary.earlier_rejects.empty()) {
    env.err << "kith: note: the rejects of an earlier run are in " << summary.earlier_rejects
            << '\n';
  }
  if (summary.rejected == 0) return;
  for (const auto& [reason, count] : summary.rejected_by_reason) {
    env.err << "  " << reason << ": " << Count(count) << '\n';
  }
  if (!summary.rejects_status.ok()) return;
  env.err << "kith: rejected lines, with reasons: " << RejectsPath(arguments) << '\n';
}

// Before anything is sent: a file of rejects that cannot be written would be noticed last, and
// one that is the imported file itself would take its place.
absl::Status CheckRejects(const std::string& path, const std::string& imported) {
  std::error_code error;
  for (const std::string& written : {path, RejectsPart(path)}) {
    if (!std::filesystem::equivalent(written, imported, error)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--rejects: ", written, " is the file that is imported; name another"));
  }
  return CheckRejectsPath(path);
}

absl::StatusOr<ImportSummary> ImportFile(Env& env, const Arguments& arguments) {
  ImportInput input;
  input.name = arguments.file == "-" ? "stdin" : arguments.file;
  input.rejects_path = RejectsPath(arguments);
  input.patience = arguments.patience;
  input.in = &env.in;
  std::ifstream file;
  if (arguments.file != "-") {
    file.open(arguments.file, std::ios::binary);
    std::error_code error;
    if (!file || std::filesystem::is_directory(arguments.file, error)) {
      return absl::NotFoundError(absl::StrCat(arguments.file, ": cannot be read"));
    }
    input.in = &file;
    if (std::filesystem::is_regular_file(arguments.file, error)) {
      input.size = static_cast<int64_t>(std::filesystem::file_size(arguments.file, error));
    }
  }
  KITH_RETURN_IF_ERROR(CheckRejects(input.rejects_path, arguments.file));
  const auto importer = MakeImporter(arguments.kind, arguments.program);
  auto summary = RunImport(env, *importer, input);
  if (summary.ok() || ExitCodeOf(summary.status()) == kExitUnavailable) return summary;
  // Errors about the file read as such: FILE: what is wrong.
  if (absl::IsInvalidArgument(summary.status())) {
    return absl::InvalidArgumentError(
        absl::StrCat(input.name, ": ", Describe(summary.status())));
  }
  return summary;
}

absl::StatusOr<int> Import(Env& env, Arguments arguments) {
  KITH_ASSIGN_OR_RETURN(arguments.program, ProgramOrOnly(env.caller, arguments.program));
  auto summary = ImportFile(env, arguments);
  if (!summary.ok()) {
    if (ExitCodeOf(summary.status()) == kExitUnavailable) {
      env.err << "kith: the import has stopped; run it again to go on\n";
    }
    return summary.status();
  }
  PrintSummary(env, arguments, *summary);
  KITH_RETURN_IF_ERROR(summary->rejects_status);
  return summary->rejected == 0 || arguments.allow_rejects ? kExitOk : kExitRejects;
}

constexpr char kFooter[] = R"(Columns (in any order; others are ignored):
  customers   customer_id, signup_time [, channel, referrer_id, churn_time, plan, email,
              time_zone, locale]
  referrals   referral_id, advocate_id, submitted_time [, referee_id, referee_email,
              converted_time, amount, currency, campaign, event,
              order_id]
  activities  activity_id, advocate_id, behaviour, time [, channel, url]
  events      customer_id, name, time
  payments    payment_id, customer_id, time, amount, currency
Events named signup, onboarding_completed, churn, reactivation and support_contact are turns
in a customer's life; any other name is that of an activity, but for payment, refund and
plan_change, which take more than a name.
Times are dates (UTC) or RFC 3339; amounts are decimals such as 12.50. `event` is what the
conversion was, a lower-case word; several events of one lead are several lines.
A converted_time that is the date of the lead's day is never before the lead.
A line is checked as a whole before anything of it is sent. Advocates whom the lines name
that pass are enrolled if they are not yet, also when a service then refuses the line; the
summary says how many.
What was imported stays: a line with the id of an earlier one and other content is refused. A
churn_time that is empty now takes no leaving back; an event named reactivation does.
Payments may be in any currency: revenue is kept by currency, and the import notes what is
not in the program's. Conversions (amount) must be in the program's.
Events, payments and activities of people who are not known (yet) are kept; the summary says
how many.
Importing a file again changes nothing, and goes on where an import was stopped. Lines that
are wrong or refused go to the rejects file with their reasons, the rest is imported; once
the cause is mended, import the file again.
A rejects file of an earlier run that says something else is kept beside it as PATH.~1~,
PATH.~2~ and so on; any other file is not overwritten. The file is there when the import has
ended: until then, and after one that was stopped, what was rejected is in PATH.part.

Examples:
  kith import customers customers.csv --program debian
  zcat events.csv.gz | kith import events - --program debian --rejects bad.csv
  kith import referrals leads.csv --program debian --allow-rejects --json

Exit status: 0 all imported, 1 the file or the program is wrong, 2 wrong command line,
3 some lines were rejected (0 with --allow-rejects), 69 a service cannot be reached.)";

void AddArguments(CLI::App& command, Arguments& arguments) {
  command
      .add_option("KIND", arguments.kind,
                  absl::StrCat("What it holds: ", absl::StrJoin(ImportKinds(), ", ")))
      ->required()
      ->check(CLI::IsMember(ImportKinds()));
  command.add_option("FILE", arguments.file, "CSV file; - is stdin")->required();
  AddProgramFlag(command, arguments.program);
  command
      .add_option(
          "--rejects", arguments.rejects,
          "Rejects file (default: FILE.rejects.csv, or\nKIND.rejects.csv of what has no name)")
      ->type_name("PATH");
  command.add_flag("--allow-rejects", arguments.allow_rejects,
                   "Exit with 0 even when lines were rejected");
  command
      .add_option_function<std::string>(
          "--retry-for",
          [&arguments](const std::string& text) {
            const auto parsed = ParseDurationText(text);
            if (!parsed.ok()) {
              throw CLI::ValidationError("--retry-for",
                                         std::string(parsed.status().message()));
            }
            arguments.patience = *parsed;
          },
          "How long to wait for a service that is away")
      ->type_name("DURATION")
      ->default_str("30s");
}

}  // namespace

void AddImport(CLI::App& app, Options& options, Run& run) {
  CLI::App* command = app.add_subcommand("import", "Import a CSV file");
  auto arguments = std::make_shared<Arguments>();
  AddArguments(*command, *arguments);
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(kFooter);
  command->callback(
      [&run, arguments] { run = [arguments](Env& env) { return Import(env, *arguments); }; });
}

}  // namespace kith::cli
