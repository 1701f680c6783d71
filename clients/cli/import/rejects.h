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

// Writes `reject_line,reject_reason,` and the line as it was, below the file's own header:
// once mended, the file can be imported itself, since the two columns are ignored. It comes
// into being with the first reject. Not thread-safe.
class Rejects {
 public:
  // `header` is the header line of the imported file.
  Rejects(std::string path, std::string header)
      : path_(std::move(path)), header_(std::move(header)) {}

  // Adds a rejected row.
  void Add(const BatchRow& row);
  // Flushes; removes the rejects of an earlier run when this one had none. An error when the
  // file could not be written.
  absl::Status Finish();

  const std::string& path() const { return path_; }
  int64_t count() const { return count_; }
  // Number of rejects by the first word of the reason: a named one, or `FORMAT`.
  const std::map<std::string, int64_t>& by_reason() const { return by_reason_; }

 private:
  const std::string path_;
  const std::string header_;
  std::ofstream file_;
  int64_t count_ = 0;
  std::map<std::string, int64_t> by_reason_;
};

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_IMPORT_REJECTS_H_
