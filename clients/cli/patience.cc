#include "clients/cli/patience.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace kith::cli {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(2);

}  // namespace

Patience::Patience(absl::Duration patience, const Clock& clock)
    : clock_(clock), end_(clock.Now() + patience), pause_(kFirstPause) {}

bool Patience::Pause(absl::Duration least) {
  const absl::Duration left = end_ - clock_.Now();
  if (left <= absl::ZeroDuration()) return false;
  absl::SleepFor(std::min(std::max(pause_, least), left));
  pause_ = std::min(pause_ * 2, kLongestPause);
  return true;
}

void Patience::Hurry() { pause_ = kFirstPause; }

}  // namespace kith::cli
