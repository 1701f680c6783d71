// Load that keeps account of what was acknowledged.
#ifndef KITH_TESTS_FAULT_LOAD_H_
#define KITH_TESTS_FAULT_LOAD_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tests/support/server_process.h"

namespace kith::test {

inline constexpr char kProgram[] = "fault";
inline constexpr int64_t kReferrerReward = 2500;  // minor units, per conversion
inline constexpr int64_t kRefereeReward = 1000;
inline constexpr int64_t kReviewPoints = 50;
inline constexpr int64_t kReferralPoints = 75;

// What the services have acknowledged. Everything is sent again under the same request id
// until it is, so at the end this is all there may be, and all there must be.
struct Tally {
  int64_t advocates = 0;
  int64_t referrals = 0;
  int64_t signups = 0;      // all by referral
  int64_t conversions = 0;  // recorded, reversed ones included
  int64_t reversals = 0;
  int64_t reviews = 0;
  int64_t churns = 0;
  std::set<std::string> sent;  // message ids acknowledged to outreach
  std::vector<std::string> referral_ids;
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
