// How long something that may pass is tried again.
#ifndef KITH_CLIENTS_CLI_PATIENCE_H_
#define KITH_CLIENTS_CLI_PATIENCE_H_

#include "absl/time/time.h"
#include "common/base/clock.h"

namespace kith::cli {

// Pauses between attempts: they double from 50 ms to 2 s, and end when the patience does,
// whatever the attempts themselves took. For one thread.
class Patience {
 public:
  // Begins now, and ends by `clock`, which has to outlive this.
  explicit Patience(absl::Duration patience, const Clock& clock = SystemClock());

  // Waits for the next attempt, for `least` if that is longer than the pause would be. False
  // at once when there is no patience left: then there is none.
  bool Pause(absl::Duration least = absl::ZeroDuration());
  // It will not be long now: the pauses begin small again.
  void Hurry();

 private:
  const Clock& clock_;
  const absl::Time end_;
  absl::Duration pause_;
};

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_PATIENCE_H_
