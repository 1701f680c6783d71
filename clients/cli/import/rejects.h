// The file of lines that were not imported.
#ifndef KITH_CLIENTS_CLI_IMPORT_REJECTS_H_
#define KITH_CLIENTS_CLI_IMPORT_REJECTS_H_

#include <cstdint>
#include <fstream>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/import/batch.h"

namespace kith::cli {

// Where the rejects of `path` are written until they are whole.
std::string RejectsPart(const std::string& path);
// Before anything is imported: whether rejects can be written to `path`. A regular file must
// be missing, empty or one of rejects; a pipe or a device takes what it is given.
absl::Status CheckRejectsPath(const std::string& path);

// Writes `reject_line,reject_reason,` and the line as it was, below the file's own header:
// once mended, the file can be imported itself, since the two columns are ignored. It is
// written beside its place, as PATH.part, and put there whole at the end. Not thread-safe.
class Rejects {
 public:
  // `path` is one that CheckRejectsPath allows, `header` the header line of the imported file.
  Rejects(const std::string& path, std::string header);

  // Adds a rejected row.
  void Add(const BatchRow& row);
  // Puts the file into its place. One of an earlier run that is not the same is kept as
  // PATH.~1~, PATH.~2~, …, also when this run had no rejects. An error when not all could be
  // written; then what was there before is still there.
  absl::Status Finish();

  int64_t count() const { return count_; }
  // Where the rejects of an earlier run were put; empty: nowhere.
  const std::string& earlier() const { return earlier_; }
  // Number of rejects by the first word of the reason: a named one, or `FORMAT`.
  const std::map<std::string, int64_t>& by_reason() const { return by_reason_; }

 private:
  void Open();
  absl::Status Problem() const;
  absl::Status SetEarlierAside();

  const std::string path_;
  const std::string header_;
  const bool in_place_;          // a pipe or a device
  const std::string open_path_;  // what is written to
  std::ofstream file_;
  int error_ = 0;  // errno of the first failure
  std::string earlier_;
  int64_t count_ = 0;
  std::map<std::string, int64_t> by_reason_;
};

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_IMPORT_REJECTS_H_
