// Load that keeps account of what was acknowledged.
#ifndef KITH_TESTS_FAULT_LOAD_H_
#define KITH_TESTS_FAULT_LOAD_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tests/support/server_process.h"

namespace kith::test {

inline constexpr int64_t kReviewPoints = 50;
inline constexpr int64_t kReferralPoints = 75;

// What became of one friend.
struct Story {
  std::string advocate;
  bool lead = false;         // else the signup began the referral
  bool rejected = false;     // by a person, for fraud
  bool paid = false;         // a payment that converts; reversed ones too
  bool paid_little = false;  // one that does not
  bool reversed = false;
  bool churned = false;
};

// What the services have acknowledged. Everything is sent again under the same request id
// until it is, so at the end this is all there may be, and all there must be.
struct Tally {
  int64_t advocates = 0;
  std::map<std::string, Story> stories;  // by customer; all signed up, by referral
  int64_t reviews = 0;
  std::set<std::string> sent;       // message ids acknowledged to outreach
  std::set<std::string> fulfilled;  // reward ids reported as paid

  // How many friends it holds for.
  template <class Predicate>
  int64_t Count(Predicate predicate) const {
    return std::count_if(stories.begin(), stories.end(),
                         [&](const auto& story) { return predicate(story.second); });
  }
  // The friends by channel: a fraud was brought by nobody.
  std::map<std::string, int64_t> ByChannel() const {
    std::map<std::string, int64_t> customers;
    for (const auto& [id, story] : stories)
      ++customers[story.rejected ? "organic" : "referral"];
    return customers;
  }
};

// Clients that work until stopped. Thread-safe.
class Load {
 public:
  // `suite` must outlive the load. `seed` decides what is done, not when.
  Load(Suite& suite, int clients, uint64_t seed);
  ~Load();
  // Applies the program, policies and the playbook.
  void SetUp();
  void Start();
  // Ends when each client has had its work in hand acknowledged.
  void Stop();
  // Waits until `count` more acknowledgements have come.
  void AwaitAcknowledgements(int64_t count);
  Tally tally() const;

 private:
  class Client;
  void Count(const std::function<void(Tally&)>& change);

  Suite& suite_;
  const int clients_;
  const uint64_t seed_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
  mutable absl::Mutex mutex_;
  Tally tally_ ABSL_GUARDED_BY(mutex_);
  int64_t acknowledged_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace kith::test

#endif  // KITH_TESTS_FAULT_LOAD_H_
