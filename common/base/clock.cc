#include "common/base/clock.h"

#include "absl/time/clock.h"

namespace kith {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time Now() const override {
    return absl::FromUnixMicros(absl::GetCurrentTimeNanos() / 1000);
  }
};

}  // namespace

const Clock& SystemClock() {
  static const RealClock* const clock = new RealClock;
  return *clock;
}

}  // namespace kith
