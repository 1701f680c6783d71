#include "clients/cli/output/progress.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/cli/output/format.h"

namespace kith::cli {
namespace {

constexpr int kWidth = 30;
constexpr absl::Duration kInterval = absl::Milliseconds(100);
constexpr char kEraseLine[] = "\r\033[K";

}  // namespace

Progress::Progress(std::ostream& err, bool terminal, const Clock& clock, std::string label,
                   int64_t total_bytes)
    : err_(err),
      terminal_(terminal),
      clock_(clock),
      label_(std::move(label)),
      total_(total_bytes) {}

void Progress::Update(int64_t bytes, int64_t rows) {
  if (!terminal_) return;
  const absl::Time now = clock_.Now();
  if (now - drawn_ < kInterval) return;
  drawn_ = now;
  Draw(bytes, rows);
}

void Progress::Draw(int64_t bytes, int64_t rows) {
  err_ << kEraseLine << label_ << ' ';
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(bytes) / total_);
    const int full = static_cast<int>(share * kWidth);
    err_ << '[' << std::string(full, '#') << std::string(kWidth - full, '.') << "] "
         << absl::StrFormat("%3d %% ", static_cast<int>(share * 100));
  }
  err_ << Count(rows) << " rows" << std::flush;
}

void Progress::Clear() {
  if (terminal_ && drawn_ != absl::InfinitePast()) err_ << kEraseLine << std::flush;
}

}  // namespace kith::cli
