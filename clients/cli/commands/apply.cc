// `kith apply`.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands/commands.h"
#include "clients/cli/output/proto_json.h"
#include "clients/cli/output/table.h"
#include "clients/cli/unseen.h"
#include "clients/cli/yaml/document.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/referral.pb.h"

namespace kith::cli {
namespace {

struct Arguments {
  std::vector<std::string> files;
  bool dry_run = false;
};

absl::StatusOr<std::string> ReadFile(Env& env, const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << env.in.rdbuf();
    return text.str();
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  text << file.rdbuf();
  if (file.bad())
    return absl::DataLossError(absl::StrCat(path, ": cannot be read to its end"));
  return text.str();
}

// The programme files of a folder in order of name, or the file itself.
absl::StatusOr<std::vector<std::string>> FilesOf(const std::string& path) {
  std::error_code error;
  if (path == "-" || !std::filesystem::is_directory(path, error)) return std::vector{path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    const std::string extension = entry.path().extension();
    if (extension != ".yaml" && extension != ".yml") continue;
    if (!entry.is_directory(error)) files.push_back(entry.path());
  }
  if (error) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  if (files.empty()) {
    return absl::NotFoundError(absl::StrCat(path, ": holds no file *.yaml or *.yml"));
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Adds the documents of a file or of all files of a folder.
absl::Status ParsePath(Env& env, const std::string& path, Documents* all) {
  KITH_ASSIGN_OR_RETURN(const auto files, FilesOf(path));
  for (const std::string& file : files) {
    KITH_ASSIGN_OR_RETURN(const std::string text, ReadFile(env, file));
    ParseDocuments(file == "-" ? "stdin" : file, text, all);
  }
  return absl::OkStatus();
}

// Prints all problems; the exit status.
int Refuse(Env& env, const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) env.err << ToString(problem) << '\n';
  env.err << "kith: " << problems.size() << (problems.size() == 1 ? " problem" : " problems")
          << "; nothing was applied\n";
  return kExitFailed;
}

std::string ResultName(const ApplyResult& result) {
  if (!result.changed) return "unchanged";
  return result.version <= 1 ? "created" : "changed";
}

// `created version 1`, `changed version 3 to 4`, `unchanged (version 3)`; on a dry run
// `would create version 1` and so on.
std::string Outcome(const ApplyResult& result, bool dry_run) {
  if (!result.changed) return absl::StrCat("unchanged (version ", result.version, ")");
  if (result.version <= 1) {
    return absl::StrCat(dry_run ? "would create" : "created", " version 1");
  }
  return absl::StrCat(dry_run ? "would change" : "changed", " version ", result.version - 1,
                      " to ", result.version);
}

Json ToJson(const Document& document, const ApplyResult& result) {
  Json differences = Json::array();
  for (const auto& difference : result.differences) {
    differences.push_back(MessageToJson(difference));
  }
  return {{"kind", document.kind->name},           {"id", document.id},
          {"file", document.place.file},           {"line", document.place.line},
          {"result", ResultName(result)},          {"version", result.version},
          {"differences", std::move(differences)}, {"warnings", result.notes}};
}

void PrintResult(Env& env, const Document& document, const ApplyResult& result, bool dry_run) {
  // What a new document says stands in its file.
  const bool show = result.changed && result.version > 1 && !result.differences.empty();
  env.out << document.kind->name << ' ' << Printable(document.id) << ": "
          << Outcome(result, dry_run) << (show ? ":" : "") << '\n';
  if (!show) return;
  Table table("differences", {{"field"}, {"stored"}, {"applied"}});
  for (const auto& difference : result.differences) {
    table.Add({difference.field(), difference.old_value(), difference.new_value()});
  }
  table.Print(env.out, env.out_is_terminal, "  ");
}

// Of each document; nothing of one that was refused or not sent.
using Results = std::vector<std::optional<ApplyResult>>;

// What became of all documents.
struct Applied {
  Results results;
  std::vector<Problem> problems;  // what the services refused
  absl::Status status;            // the service that could not be reached, which ended it
};

// Applies each document, or only asks what would change.
Applied ApplyAll(Env& env, const Documents& all, bool dry_run) {
  Applied applied;
  applied.results.resize(all.documents.size());
  for (size_t i = 0; i < all.documents.size(); ++i) {
    const Document& document = all.documents[i];
    auto result =
        document.kind->apply(env.caller, *document.message, NewUuid(env.clock.Now()), dry_run);
    if (result.ok()) {
      applied.results[i] = *std::move(result);
    } else if (ExitCodeOf(result.status()) == kExitUnavailable) {
      applied.status = result.status();
      break;
    } else {
      for (Problem& problem : ProblemsOf(document, result.status())) {
        applied.problems.push_back(std::move(problem));
      }
    }
  }
  return applied;
}

void PrintResults(Env& env, const Documents& all, const Results& results, bool dry_run) {
  Json list = Json::array();
  for (size_t i = 0; i < results.size(); ++i) {
    if (!results[i].has_value()) continue;
    if (env.options.json) {
      list.push_back(ToJson(all.documents[i], *results[i]));
    } else {
      PrintResult(env, all.documents[i], *results[i], dry_run);
      for (const std::string& note : results[i]->notes) {
        env.err << "kith: note: " << Printable(all.documents[i].id) << ": " << Printable(note)
                << '\n';
      }
    }
  }
  if (!env.options.json) return;
  PrintJson(env.out, Json{{"dry_run", dry_run}, {"documents", std::move(list)}});
}

std::string ProgramOf(const Document& document) {
  const auto& message = *document.message;
  const auto* field = message.GetDescriptor()->FindFieldByName("program_id");
  return message.GetReflection()->GetString(message, field);
}

// A policy or playbook may come before its program; more often its id is misspelt.
void NoteUnknownPrograms(Env& env, const Documents& all, Results& results) {
  std::set<std::string> known;
  for (const Document& document : all.documents) {
    if (document.kind->name == "Program") known.insert(document.id);
  }
  for (size_t i = 0; i < results.size(); ++i) {
    const std::string program = ProgramOf(all.documents[i]);
    if (!results[i].has_value() || known.contains(program)) continue;
    referral::v1::GetProgramRequest request;
    request.set_program_id(program);
    const auto found =
        Ask<referral::v1::GetProgramResponse>(env.caller, Target::kReferral, request);
    if (!IsProgramNotFound(found.status())) {
      known.insert(program);
    } else {
      results[i]->notes.push_back(absl::StrCat("the referral service knows no program '",
                                               program, "': is program_id spelt right?"));
    }
  }
}

// Everything is checked here, then by the services, before anything is applied.
absl::StatusOr<int> Apply(Env& env, const Arguments& arguments) {
  Documents all;
  for (const std::string& file : arguments.files) {
    KITH_RETURN_IF_ERROR(ParsePath(env, file, &all));
  }
  CheckDistinct(&all);
  if (!all.problems.empty()) return Refuse(env, all.problems);
  if (all.documents.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(absl::StrJoin(arguments.files, ", "), ": there is no document to apply"));
  }

  Applied applied = ApplyAll(env, all, /*dry_run=*/true);
  KITH_RETURN_IF_ERROR(applied.status);
  if (!applied.problems.empty()) return Refuse(env, applied.problems);
  if (!arguments.dry_run) applied = ApplyAll(env, all, /*dry_run=*/false);
  for (const Problem& problem : applied.problems) env.err << ToString(problem) << '\n';
  NoteUnknownPrograms(env, all, applied.results);
  PrintResults(env, all, applied.results, arguments.dry_run);
  KITH_RETURN_IF_ERROR(applied.status);
  return applied.problems.empty() ? kExitOk : kExitFailed;
}

constexpr char kFooter[] =
    R"(A file holds YAML documents, each with its `kind` (Program, ScoringPolicy, RetentionPolicy,
Playbook) and the fields of that message in protos/kith/*/v1. All documents are checked,
here and by the services, before any is applied. One that says what is stored already is
left unchanged; any other makes a new version, and what happened before is judged by the
versions of its time. A condition may be written as one line, such as
`when: order.plan in gold|silver and advocate.conversions at_least 3`.

Examples:
  kith apply -f programme.yaml --dry-run
  kith apply -f program.yaml -f playbooks.yaml
  kith apply -f programmes --dry-run
  generate | kith apply -f - --json

Exit status: 0 applied or unchanged, 1 a document is wrong or was refused (each problem
with its file, line and field on stderr), 2 wrong command line, 69 a service cannot be
reached.)";

}  // namespace

void AddApply(CLI::App& app, Options& options, Run& run) {
  CLI::App* command =
      app.add_subcommand("apply", "Apply programme files: programs, policies, playbooks");
  auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("-f,--file", arguments->files,
                   "YAML file with any number of documents, or folder of\n"
                   "such files (*.yaml, *.yml, by name); - is stdin")
      ->required()
      ->type_name("FILE");
  command->add_flag("--dry-run", arguments->dry_run, "Only show what would change");
  AddJsonFlag(*command, options);
  AddConnectionFlags(*command, options);
  command->footer(kFooter);
  command->callback(
      [&run, arguments] { run = [arguments](Env& env) { return Apply(env, *arguments); }; });
}

}  // namespace kith::cli
