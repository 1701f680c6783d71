#include "services/referral/app/refusals.h"

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/error.h"

namespace kith::referral::app {
namespace {

struct Counts {
  absl::Mutex mutex;
  std::map<std::string, int64_t> by_reason ABSL_GUARDED_BY(mutex);
};

// Never destroyed: commands may end after it would be.
Counts& OfProcess() {
  static auto* const counts = new Counts();
  return *counts;
}

}  // namespace

std::map<std::string, int64_t> CountRefusals() {
  Counts& counts = OfProcess();
  absl::MutexLock lock(&counts.mutex);
  return counts.by_reason;
}

RefusalTally::~RefusalTally() {
  if (reasons_.empty()) return;
  Counts& counts = OfProcess();
  absl::MutexLock lock(&counts.mutex);
  for (const std::string& reason : reasons_) ++counts.by_reason[reason];
}

void RefusalTally::Add(const absl::Status& why) { reasons_.push_back(GetErrorReason(why)); }

}  // namespace kith::referral::app
