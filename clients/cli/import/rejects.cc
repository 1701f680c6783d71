#include "clients/cli/import/rejects.h"

#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/csv/reader.h"

namespace kith::cli {
namespace {

constexpr absl::string_view kColumns = "reject_line,reject_reason";

// `ALREADY_REFERRED` of `ALREADY_REFERRED: …`; `FORMAT` for what this program found.
std::string NameOf(absl::string_view reason) {
  size_t end = 0;
  while (end < reason.size() && (absl::ascii_isupper(reason[end]) || reason[end] == '_'))
    ++end;
  return end < 3 ? "FORMAT" : std::string(reason.substr(0, end));
}

bool IsRejectsFile(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  return std::getline(file, line) && absl::StartsWith(line, kColumns);
}

}  // namespace

void Rejects::Add(const BatchRow& row) {
  if (count_++ == 0) {
    file_.open(path_, std::ios::binary | std::ios::trunc);
    file_ << kColumns << ',' << header_ << '\n';
  }
  ++by_reason_[NameOf(row.rejection)];
  file_ << row.line << ',' << csv::Quote(row.rejection) << ',' << row.raw << '\n';
}

absl::Status Rejects::Finish() {
  if (count_ == 0) {
    if (IsRejectsFile(path_)) std::remove(path_.c_str());
    return absl::OkStatus();
  }
  file_.close();
  if (file_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path_, ": the rejects could not be written"));
}

}  // namespace kith::cli
