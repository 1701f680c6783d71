// One customer's life, derived from events that may come in any order.
//
// Whatever the order in which events and attributions arrive, the same ones make the same
// customer: every rule below picks by time and then by event id, never by arrival. (Only of
// more than kSpareAhaTimes success activities before a signup that arrives behind them, or is
// corrected, some are forgotten.)
#ifndef KITH_SERVICES_RETENTION_DOMAIN_CUSTOMER_H_
#define KITH_SERVICES_RETENTION_DOMAIN_CUSTOMER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/retention/domain/event.h"
#include "services/retention/domain/policy.h"

namespace kith::retention {

// An event that won over others: by its time, then its id.
struct Stamp {
  absl::Time time;
  std::string event_id;
  friend bool operator==(const Stamp&, const Stamp&) = default;
  friend bool operator<(const Stamp& a, const Stamp& b) {
    return a.time != b.time ? a.time < b.time : a.event_id < b.event_id;
  }
};

// How the referral service judged a signup.
struct Attribution {
  std::string channel;
  std::string referrer_id;  // empty when not referred
  std::optional<absl::Time> signup_time;
  friend bool operator==(const Attribution&, const Attribution&) = default;
};

// Times of the success activity in order, by era: the earliest from the signup on, as many as
// the rule asks for, and the nearest kSpareAhaTimes before it, which count when an earlier
// signup becomes known. Without a signup event, whose time may yet be later than what is
// known, kSpareAhaTimes more than the rule asks for.
using AhaProgress = std::map<int64_t, std::vector<absl::Time>>;
inline constexpr int kSpareAhaTimes = 64;

struct Customer {
  std::string program_id;
  std::string customer_id;

  // What is kept of the events.
  std::optional<Stamp> signup;  // the earliest signup
  std::string signup_channel;   // of that signup
  std::optional<Attribution> attribution;
  std::optional<Stamp> plan_stamp;  // the latest event that named a plan
  std::optional<absl::Time> last_reactivation;
  AhaProgress aha_progress;
  int64_t events = 0;

  // What is derived.
  // Of the attribution when it names a referrer, else of the signup, else of the
  // attribution, else `organic`.
  std::string channel{kOrganic};
  std::string referrer_id;  // empty for none
  std::string plan;
  std::optional<absl::Time> signup_time;     // of the signup, else of the attribution
  std::optional<absl::Time> onboarded_time;  // the earliest
  std::optional<absl::Time> aha_time;
  std::optional<absl::Time> churn_time;  // nullopt: stays

  friend bool operator==(const Customer&, const Customer&) = default;
};

// Takes a new event (not a duplicate) of this customer. `eras` are the program's.
// A reactivation needs `churns`, the times of all churn events of the customer so far.
//
// Churned is whoever has a churn at or after the last reactivation; the time of the churn is
// that of the earliest such event. The success event is reached with the min_count-th
// activity that counts, if that is soon enough after signup. What the customer did before the
// signup does not count. While the signup is unknown, only a rule without a limit can be met;
// once it is known or corrected, the success is derived anew.
void Apply(const Event& event, const AhaEras& eras, const std::vector<absl::Time>& churns,
           Customer& customer);

// Takes the newest judgement; judgements come in the order of the referral feed.
void Apply(const Attribution& attribution, const AhaEras& eras, Customer& customer);

// What changed for the world to know.
struct Transition {
  enum class Kind { kOnboarded, kAhaReached, kChurned, kReactivated };
  Kind kind;
  absl::Time time;
  friend bool operator==(const Transition&, const Transition&) = default;
};
// The transitions from `before` (a default Customer when new) to `after`. A time that moves
// is told again: the newest fact holds. A success is told once the signup is known, which it
// may not precede. Nothing is told when one is lost because another time of the signup became
// known.
std::vector<Transition> Transitions(const Customer& before, const Customer& after);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_CUSTOMER_H_
