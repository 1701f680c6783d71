// Lifecycle events.
#ifndef KITH_SERVICES_RETENTION_DOMAIN_EVENT_H_
#define KITH_SERVICES_RETENTION_DOMAIN_EVENT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/money.h"

namespace kith::retention {

// The numbers are stored and equal those of the API.
enum class EventKind : int {
  kSignup = 1,
  kOnboardingCompleted = 2,
  kActivity = 3,
  kPayment = 4,
  kRefund = 5,
  kPlanChange = 6,
  kChurn = 7,
  kReactivation = 8,
  kSupportContact = 9,
};

// Something that happened to a customer. Fields that do not belong to its kind are empty.
struct Event {
  std::string program_id;
  std::string event_id;  // unique in the program
  std::string customer_id;
  EventKind kind = EventKind::kActivity;
  absl::Time time;
  std::string name;     // of an activity
  Money amount;         // of a payment or refund; positive
  std::string channel;  // of a signup; may be empty
  std::string plan;     // of a signup or plan change; may be empty
  friend bool operator==(const Event&, const Event&) = default;
};

// How far ahead of the clock a time may be.
inline constexpr absl::Duration kMaxAhead = absl::Hours(24);

// Empties the fields that do not belong to the event's kind.
void Normalize(Event& event);

// Whether a normalised event may be recorded: NAME_MISSING, AMOUNT_MISSING, TIME_IN_FUTURE.
absl::Status Validate(const Event& event, absl::Time now);

// What a payment (positive) or refund (negative) adds to revenue, in minor units; 0 for
// other kinds.
int64_t RevenueOf(const Event& event);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_DOMAIN_EVENT_H_
