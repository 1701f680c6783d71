#include "services/referral/store/program_tables.h"

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "services/referral/domain/program_fields.h"

namespace kith::referral::store {
namespace {

constexpr size_t kKeptPrograms = 64;

// Every batch reads all versions of its programs, and they seldom change: each thread keeps
// what it decoded last.
absl::StatusOr<domain::Program> DecodeKept(const std::string& program_id,
                                           const std::string& content) {
  thread_local absl::flat_hash_map<std::pair<std::string, std::string>, domain::Program> kept;
  const std::pair<std::string, std::string> key(program_id, content);
  if (const auto it = kept.find(key); it != kept.end()) return it->second;
  KITH_ASSIGN_OR_RETURN(const domain::Program program, DecodeProgram(program_id, content));
  if (kept.size() == kKeptPrograms) kept.clear();
  kept.emplace(key, program);
  return program;
}

}  // namespace

std::string EncodeProgram(const domain::Program& program) {
  std::string content;
  for (const domain::Field& field : domain::ToFields(program)) {
    absl::StrAppend(&content, field.path, "=", absl::Utf8SafeCEscape(field.value), "\n");
  }
  return content;
}

absl::StatusOr<domain::Program> DecodeProgram(std::string program_id,
                                              absl::string_view content) {
  std::vector<domain::Field> fields;
  for (const absl::string_view line : absl::StrSplit(content, '\n', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> field =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    std::string value;
    if (!absl::CUnescape(field.second, &value)) {
      return absl::InternalError(absl::StrCat("bad program line: ", line));
    }
    fields.push_back({field.first, std::move(value)});
  }
  return domain::FromFields(std::move(program_id), fields);
}

db::Params ProgramVersionTable::Encode(const Row& row) {
  return {row.program.program_id, row.version, db::FromOptional(row.effective_time),
          EncodeProgram(row.program)};
}

domain::ProgramVersion ProgramVersionTable::Decode(const db::Row& row) {
  domain::ProgramVersion version;
  version.program.program_id = row.Text(0);
  version.version = row.Int(1);
  version.effective_time = row.OptionalTime(2);
  auto program = DecodeKept(row.Text(0), row.Text(3));
  if (program.ok() && program->currency.empty()) {
    version.unreadable = "there is no currency";  // each version has one
  } else if (program.ok()) {
    version.program = *std::move(program);
  } else {
    version.unreadable = std::string(program.status().message());
  }
  return version;
}

}  // namespace kith::referral::store
