// Counters that are kept up to date with every change of a customer, and the reports'
// populations that follow from them: ten million customers are a few thousand counters.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_POPULATION_H_
#define KITH_SERVICES_RETENTION_DOMAIN_POPULATION_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/types/span.h"
#include "services/retention/domain/customer.h"
#include "services/retention/domain/tenure.h"

namespace kith::retention {

// What is counted. The numbers are stored.
enum class Measure : int {
  kLive = 1,           // who stay; day: CeilDay of the signup
  kChurned = 2,        // who left; day: tenure
  kOnboarded = 3,      // who completed onboarding
  kAhaReached = 4,     // who reached the success event
  kWithoutSignup = 5,  // who are known only by something else; counted nowhere else
  kEvents = 6,         // events recorded
};

// Names a counter of a program. `channel` is empty for the last two measures, `day` is 0
// where it has no meaning.
struct CounterKey {
  Measure measure = Measure::kLive;
  std::string channel;
  int64_t day = 0;
  friend bool operator==(const CounterKey&, const CounterKey&) = default;
  friend bool operator<(const CounterKey& a, const CounterKey& b) {
    return std::tie(a.measure, a.channel, a.day) < std::tie(b.measure, b.channel, b.day);
  }
};

using Counters = std::map<CounterKey, int64_t>;

// The counters that a customer adds 1 to (not those of events).
std::vector<CounterKey> Contributions(const Customer& customer);

// Customers who signed up and left, and did one of the two after the midnight in question,
// so that the counters alone would misplace them.
struct LateCustomers {
  std::string channel;
  int64_t tenure = 0;    // at the churn
  int64_t censored = 0;  // tenure at that midnight; -1: had not signed up yet
  int64_t customers = 0;
};

// The customers who had signed up by the midnight with number `day`, by channel: those who
// had left by then are events, the others are censored at it. Equal to what the customers'
// rows give, for any midnight; `late` is bounded by what happened since.
TenuresByGroup PopulationAt(int64_t day, const Counters& counters,
                            absl::Span<const LateCustomers> late);

// How many groups a report shows; the name under which the smallest are summed up beyond
// that (no channel can have it).
inline constexpr size_t kMaxGroups = 100;
inline constexpr absl::string_view kOtherGroups = "(other)";

// Sums up the smallest groups so that at most kMaxGroups remain.
void FoldSmallGroups(TenuresByGroup& groups);

// Payments less refunds in minor units, by currency.
using Revenue = std::map<std::string, int64_t>;

// One channel of a summary.
struct ChannelCounts {
  int64_t customers = 0;
  int64_t churned = 0;
  int64_t onboarded = 0;
  int64_t aha_reached = 0;
  Revenue revenue = {};  // where it was asked for
  friend bool operator==(const ChannelCounts&, const ChannelCounts&) = default;
};

// The counts of a program.
struct ProgramCounts {
  ChannelCounts all;
  std::map<std::string, ChannelCounts> channels;  // at most kMaxGroups
  int64_t without_signup = 0;
  int64_t events = 0;
};
// `revenue` is by channel, of customers with a signup.
ProgramCounts Summarize(const Counters& counters,
                        const std::map<std::string, Revenue>& revenue = {});

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_POPULATION_H_
