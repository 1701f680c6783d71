// Rows that commands needed without having wanted them: which, and of which commands.
#ifndef KITH_TESTS_PROPERTY_MISSES_H_
#define KITH_TESTS_PROPERTY_MISSES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "common/db/db.h"

namespace kith::property {

// Told of all that a store is asked, and how much of that was not foreseen: each row or index
// that is missing is loaded by a round trip of its own, after those of Prefetch. Thread-safe;
// one transaction at a time.
class Misses {
 public:
  // What the commands from now on are, for people.
  void SetCommand(std::string command);
  void OnBegin();
  void OnLoad(absl::Span<const db::Call> calls);
  // The last `n` loads of the transaction were not foreseen.
  void OnMisses(int64_t n);

  // How often each was missing: "<command>: <table> by <columns>".
  std::map<std::string, int64_t> counts() const;

 private:
  mutable absl::Mutex mutex_;
  std::string command_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> loads_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::property

#endif  // KITH_TESTS_PROPERTY_MISSES_H_
