// How often this process refused leads, by reason, for its metrics. Nothing of it is stored: a
// refusal changes nothing.
#ifndef KITH_SERVICES_REFERRAL_APP_REFUSALS_H_
#define KITH_SERVICES_REFERRAL_APP_REFUSALS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace kith::referral::app {

// Since the process began. Thread-safe.
std::map<std::string, int64_t> CountRefusals();

// The refusals of one command, which count once however often it is decided: with its end.
class RefusalTally {
 public:
  RefusalTally() = default;
  ~RefusalTally();
  RefusalTally(const RefusalTally&) = delete;
  RefusalTally& operator=(const RefusalTally&) = delete;

  // The command is decided anew: what was added before does not count.
  void Restart() { reasons_.clear(); }
  // `why` is a named error.
  void Add(const absl::Status& why);

 private:
  std::vector<std::string> reasons_;
};

}  // namespace kith::referral::app

#endif  // KITH_SERVICES_REFERRAL_APP_REFUSALS_H_
