// A progress bar on a terminal; nothing elsewhere.
#ifndef KITH_CLIENTS_CLI_OUTPUT_PROGRESS_H_
#define KITH_CLIENTS_CLI_OUTPUT_PROGRESS_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/time/time.h"
#include "common/base/clock.h"

namespace kith::cli {

// Shows how far a file has been read. Not thread-safe.
class Progress {
 public:
  // `total_bytes` < 0: not known, so only the count is shown.
  Progress(std::ostream& err, bool terminal, const Clock& clock, std::string label,
           int64_t total_bytes);
  // Draws at most ten times a second.
  void Update(int64_t bytes, int64_t rows);
  // Removes the bar.
  void Clear();

 private:
  void Draw(int64_t bytes, int64_t rows);

  std::ostream& err_;
  const bool terminal_;
  const Clock& clock_;
  const std::string label_;
  const int64_t total_;
  absl::Time drawn_ = absl::InfinitePast();
};

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_OUTPUT_PROGRESS_H_
