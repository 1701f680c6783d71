#include "clients/cli/import/rejects.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/csv/reader.h"
#include "common/base/status_macros.h"

namespace kith::cli {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kColumns = "reject_line,reject_reason";
constexpr absl::string_view kFormat = "FORMAT";

// `ALREADY_REFERRED` of `ALREADY_REFERRED: …`; `FORMAT` for what this program found.
std::string NameOf(absl::string_view reason) {
  size_t end = 0;
  while (end < reason.size() && (absl::ascii_isupper(reason[end]) || reason[end] == '_'))
    ++end;
  return end < 3 ? std::string(kFormat) : std::string(reason.substr(0, end));
}

// Where a file of this name really is.
std::string Resolved(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

// Whether it is there and no file that could be replaced: /dev/stderr stays what it is even
// where it leads to a file.
bool IsInPlace(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error) &&
         (absl::StartsWith(path, "/dev/") || !fs::is_regular_file(path, error));
}

bool IsRejectsFile(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  return std::getline(file, line) && absl::StartsWith(line, kColumns);
}

bool MayBeReplaced(const std::string& path) {
  std::error_code error;
  return !fs::exists(path, error) || fs::file_size(path, error) == 0 || IsRejectsFile(path);
}

bool HoldTheSame(const std::string& one, const std::string& other) {
  std::ifstream a(one, std::ios::binary), b(other, std::ios::binary);
  const std::istreambuf_iterator<char> end;
  return a && b &&
         std::equal(std::istreambuf_iterator<char>(a), end, std::istreambuf_iterator<char>(b),
                    end);
}

// The first of PATH.~1~, PATH.~2~, … that is free, as `cp --backup=numbered` has it.
std::string FreeName(const std::string& path) {
  std::error_code error;
  for (int number = 1;; ++number) {
    std::string name = absl::StrCat(path, ".~", number, "~");
    if (!fs::exists(fs::symlink_status(name, error))) return name;
  }
}

}  // namespace

std::string RejectsPart(const std::string& path) { return Resolved(path) + ".part"; }

absl::Status CheckRejectsPath(const std::string& path) {
  std::error_code error;
  const fs::path folder = fs::absolute(Resolved(path)).parent_path();
  const bool exists = access(path.c_str(), F_OK) == 0;
  const bool writable = !exists || access(path.c_str(), W_OK) == 0;
  const bool can_be_put = IsInPlace(path) || access(folder.c_str(), W_OK) == 0;
  if (!writable || !can_be_put || fs::is_directory(path, error)) {
    return absl::NotFoundError(
        absl::StrCat(path, ": the rejects file cannot be written; --rejects names another"));
  }
  if (IsInPlace(path)) return absl::OkStatus();
  for (const std::string& name : {Resolved(path), RejectsPart(path)}) {
    if (MayBeReplaced(name)) continue;
    return absl::AlreadyExistsError(absl::StrCat(
        name, ": is there and is no file of rejects; --rejects names another, or remove it"));
  }
  return absl::OkStatus();
}

Rejects::Rejects(const std::string& path, std::string header)
    : path_(IsInPlace(path) ? path : Resolved(path)),
      header_(std::move(header)),
      in_place_(IsInPlace(path)),
      open_path_(in_place_ ? path_ : RejectsPart(path_)) {}

void Rejects::Open() {
  file_.open(open_path_, std::ios::binary | std::ios::trunc);
  // Who may not read the lines of an earlier run may not read these.
  std::error_code error;
  const fs::file_status before = fs::status(path_, error);
  if (!in_place_ && fs::is_regular_file(before)) {
    fs::permissions(open_path_, before.permissions(), error);
  }
  file_ << kColumns << ',' << header_ << '\n';
}

void Rejects::Add(const BatchRow& row) {
  errno = 0;
  if (count_++ == 0) Open();
  const std::string name = NameOf(row.rejection);
  ++by_reason_[name];
  const std::string reason =
      name == kFormat ? absl::StrCat(name, ": ", row.rejection) : row.rejection;
  file_ << row.line << ',' << csv::Quote(reason) << ',' << row.raw << '\n';
  if (!file_ && error_ == 0) error_ = errno;
}

absl::Status Rejects::Problem() const {
  return absl::DataLossError(
      absl::StrCat(path_, ": not all of the ", count_, " rejected lines could be written",
                   error_ != 0 ? ": " : "", error_ != 0 ? std::strerror(error_) : ""));
}

absl::Status Rejects::SetEarlierAside() {
  const std::string name = FreeName(path_);
  std::error_code error;
  fs::rename(path_, name, error);
  if (error) {
    return absl::DataLossError(
        absl::StrCat(path_, ": cannot be kept as ", name, ": ", error.message()));
  }
  earlier_ = name;
  return absl::OkStatus();
}

absl::Status Rejects::Finish() {
  if (count_ > 0) {
    errno = 0;
    file_.close();
    if (!file_ && error_ == 0) error_ = errno;
    if (!file_) {
      if (!in_place_) std::remove(open_path_.c_str());
      return Problem();
    }
  }
  if (in_place_) return absl::OkStatus();
  // Of a run that was stopped.
  if (count_ == 0 && IsRejectsFile(open_path_)) std::remove(open_path_.c_str());
  if (IsRejectsFile(path_) && !(count_ > 0 && HoldTheSame(path_, open_path_))) {
    KITH_RETURN_IF_ERROR(SetEarlierAside());
  }
  if (count_ > 0 && std::rename(open_path_.c_str(), path_.c_str()) != 0) {
    return absl::DataLossError(
        absl::StrCat(path_, ": ", std::strerror(errno), "; the rejects are in ", open_path_));
  }
  return absl::OkStatus();
}

}  // namespace kith::cli
