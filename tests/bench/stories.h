// A referral service with the full rule set, and the calls of its stories: leads, signups of
// those who were recommended, and what they pay.
#ifndef KITH_TESTS_BENCH_STORIES_H_
#define KITH_TESTS_BENCH_STORIES_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/bench/load_generator.h"
#include "tests/support/server_process.h"

namespace kith::bench {

class StoryServer {
 public:
  static constexpr char kProgram[] = "bench";
  static constexpr int kAdvocates = 1000;
  static constexpr int kMaxItems = 1000;  // of a batch

  // Starts on a store, which may exist; applies the rules and enrols the advocates if it is
  // new. `customers`: how many have signed up there.
  explicit StoryServer(const std::string& store_url, int64_t customers = 0);
  test::ServerProcess& process() { return process_; }
  const std::string& address() const { return address_; }
  int64_t customers() const { return customers_; }

  // Lets so many more customers sign up, each brought by an advocate.
  void SignUp(int64_t count);
  // SubmitReferrals with `items` new leads a call.
  Load Leads(int items) const;
  // RecordConversions with `items` a call: the first payments of customers who have signed up,
  // in their order. Ends the process when there are no more of them.
  Load Payments(int items) const;
  // One a call, by customers all over the store.
  Load ScatteredPayments() const;
  // Such requests for an echo, of which nobody asks whether the customers are there.
  static Load EchoedPayments();
  // GetReferral and ExplainAttribution of customers who have signed up, at random.
  Load Referrals() const;
  Load Explanations() const;

 private:
  void SetUp();
  // `place`: which customer pays as the n-th.
  Load MakePayments(int items, std::function<int64_t(int64_t n)> place) const;

  const std::string address_;
  test::ServerProcess process_;
  int64_t customers_;
  // How many have paid; shared by all loads.
  const std::shared_ptr<std::atomic<int64_t>> payers_;
};

// The ids of the n-th advocate and customer.
std::string AdvocateOf(int64_t n);
std::string CustomerOf(int64_t n);

// A bare echo server, and the same load on one of its methods.
class EchoServer {
 public:
  EchoServer();
  Load Mirror(const Load& load, absl::string_view method) const;

 private:
  const int port_;
  test::ServerProcess process_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_STORIES_H_
