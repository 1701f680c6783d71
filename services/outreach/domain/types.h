// The things outreach deals with. Plain values; enumerations have the numbers of the API.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_TYPES_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace kith::outreach {

// What starts a playbook.
enum class Trigger {
  kNone = 0,
  kReferralSubmitted = 1,
  kSignupAttributed = 2,
  kReferralConverted = 3,
  kCustomerOnboarded = 4,
  kAhaReached = 5,
  kCustomerChurned = 6,
};

// What a message is. kAny: of a cap that counts every kind.
enum class StepKind { kAny = 0, kAsk = 1, kValue = 2, kNotice = 3, kHumanTask = 4 };

// How a message goes out. kAny: of a cap, a suppression or a filter that means all.
enum class Channel { kAny = 0, kEmail = 1, kSms = 2, kWebhook = 3, kTask = 4 };
inline constexpr Channel kChannels[] = {Channel::kEmail, Channel::kSms, Channel::kWebhook,
                                        Channel::kTask};

// What a cap does to the message that it stops. kUnspecified: as kDefer.
enum class CapPolicy { kUnspecified = 0, kDefer = 1, kSkip = 2 };

enum class MessageState { kScheduled = 1, kLeased = 2, kSent = 3, kSkipped = 4, kDead = 5 };
inline constexpr MessageState kMessageStates[] = {MessageState::kScheduled,
                                                  MessageState::kLeased, MessageState::kSent,
                                                  MessageState::kSkipped, MessageState::kDead};

// Local hours without messages; a start later than the end crosses midnight, an equal one
// means never.
struct QuietHours {
  int start_minute = 0;  // of the day, 0 to 1439; the first quiet one
  int end_minute = 0;    // the first that is not
  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

// At most `max_messages` to one contact in `days` calendar days; 0 allows none. A playbook
// without caps has no limit.
struct Cap {
  int max_messages = 0;
  int days = 1;
  StepKind kind = StepKind::kAny;
  Channel channel = Channel::kAny;
  friend bool operator==(const Cap&, const Cap&) = default;
};

struct Step {
  std::string step_id;
  absl::Duration after;  // since the trigger; exact time, not local days
  StepKind kind = StepKind::kAny;
  Channel channel = Channel::kAny;
  std::string template_name;
  CapPolicy cap_policy = CapPolicy::kUnspecified;
  bool ignores_caps = false;
  std::optional<bool> counts_towards_caps;  // absent: true
  friend bool operator==(const Step&, const Step&) = default;
};

// The rules of one playbook, as they were applied (defaults are not filled in).
struct Playbook {
  std::string program_id;
  std::string playbook_id;
  Trigger trigger = Trigger::kNone;
  std::vector<Step> steps;
  std::optional<QuietHours> quiet_hours;
  std::vector<Cap> caps;
  std::string time_zone;  // of contacts without one
  bool exit_on_conversion = false;
  bool exit_on_churn = false;
  std::optional<absl::Duration> max_lateness;
  int max_attempts = 0;  // 0: kDefaultMaxAttempts
  friend bool operator==(const Playbook&, const Playbook&) = default;
};
inline constexpr int kDefaultMaxAttempts = 5;

// A stored version of a playbook. Versions count from 1 and never change.
struct PlaybookVersion {
  Playbook playbook;
  int64_t version = 0;
  absl::Time applied_time;
  bool newest = false;
};

// A channel (kAny: all) on which a contact must not be reached.
struct Suppression {
  Channel channel = Channel::kAny;
  std::string cause;
  friend bool operator==(const Suppression&, const Suppression&) = default;
};

struct Contact {
  std::string program_id;
  std::string contact_id;
  std::string time_zone;  // empty: unknown
  std::string locale;     // empty: unknown
  std::vector<Suppression> suppressions;
  friend bool operator==(const Contact&, const Contact&) = default;
};

// A playbook that was started: once for each playbook, contact, subject (the referral or
// customer that the trigger was about) and life, whatever the feeds repeat.
struct Enrollment {
  std::string program_id;
  std::string playbook_id;
  std::string contact_id;
  std::string subject_id;
  // Only a churn starts a playbook in more than one life: 0 until the customer first comes
  // back, then the time of the latest return in Unix microseconds.
  int64_t life = 0;
  int64_t playbook_version = 0;  // pinned at the start
  absl::Time trigger_time;
  std::string started_by;     // the trigger and its subject
  std::string referral_id;    // the referral that its trigger was about; empty for none, or
                              // while the attribution of its contact is withdrawn
  std::string conversion_id;  // the conversion that started it; empty for other triggers
  bool exit_on_conversion = false;
  bool exit_on_churn = false;
  bool exit_on_return = false;  // a churn started it
  std::string ended_by;         // a reason of reasons.h; empty while it runs
  friend bool operator==(const Enrollment&, const Enrollment&) = default;
};

// A step of an enrollment: what is to be sent, and what became of it.
struct Message {
  std::string program_id;
  std::string message_id;  // see MessageId
  std::string playbook_id;
  int64_t playbook_version = 0;
  std::string contact_id;
  std::string subject_id;
  int64_t life = 0;  // of its enrollment
  std::string step_id;
  StepKind kind = StepKind::kAny;
  Channel channel = Channel::kAny;
  bool counts_towards_caps = true;
  std::string started_by;
  absl::Time planned_time;  // the trigger's time and the step's offset
  absl::Time due_time;      // not handed out before
  absl::Time on_time;       // what lateness is measured from: due_time without retry delays
  MessageState state = MessageState::kScheduled;
  int attempt = 0;          // claims so far
  std::string lease_token;  // of the latest claim; empty when none can act on it
  absl::Time claim_time;    // of the latest claim: the moment that caps count
  absl::Time lease_end_time;
  std::string worker_id;
  absl::Time closed_time;     // when it was sent, skipped or given up
  std::string exit_reason;    // its playbook ended while a sender held it
  std::string reason;         // why skipped or given up: a reason of reasons.h
  std::string reason_detail;  // the values that decided
  // From when a sender may be given it as the store has it, whatever was changed since it was
  // read.
  absl::Time stored_ready_time;
  friend bool operator==(const Message&, const Message&) = default;
};

// A message that was handed to a sender, as caps see it.
struct HandedOut {
  std::string message_id;
  absl::Time time;
  StepKind kind = StepKind::kAny;
  Channel channel = Channel::kAny;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_TYPES_H_
