// The life of a message:
//
//   scheduled ──claim──▶ leased ──ack──▶ sent
//       ▲  │                │ │
//       │  │                │ └──nack (permanent, or no attempt left)──▶ dead
//       └──┼─────nack───────┘
//          └──late, suppressed, capped, playbook ended──▶ skipped
//
// A lease that ended without an answer makes the message claimable again; nothing but the
// row says so. Every claim has a token of its own: what holds an older one can change
// nothing.
#ifndef KITH_SERVICES_OUTREACH_DOMAIN_MESSAGE_H_
#define KITH_SERVICES_OUTREACH_DOMAIN_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// The id of a step for a contact and subject: `playbook:contact:subject:step`, with ':' and
// '%' of the ids escaped, and `:life` after it unless that is 0 (see Enrollment). Stable for
// ever. At most 400 bytes: ids that escaping makes too long are replaced by their hash.
std::string MessageId(absl::string_view playbook_id, absl::string_view contact_id,
                      absl::string_view subject_id, absl::string_view step_id,
                      int64_t life = 0);

// From when a sender may be given it; nullopt when it is closed.
std::optional<absl::Time> ClaimableFrom(const Message& message);
// The order in which senders are given the messages that they may be given: by that time.
// Both must be claimable.
bool ClaimsBefore(const Message& a, const Message& b);
// Whether caps see it: it counts, and a sender has it or sent it.
bool IsHandedOut(const Message& message);
HandedOut AsHandedOut(const Message& message);

struct Lease {
  std::string token;
  absl::Time start;
  absl::Time end;
  std::string worker_id;
};
// The token of the next lease of `message`, unlike all earlier ones.
std::string NextLeaseToken(const Message& message, absl::string_view request_id);
// Hands it to a sender.
Message Leased(Message message, Lease lease);

// What the verdict of a claim makes of a message that it does not hand out.
Message Settled(Message message, const Verdict& verdict, absl::Time now);

// The sender sent it. LEASE_LOST unless `token` is that of the latest claim, and it is leased
// (an ended lease will do as long as nobody else has claimed it) or sent by it.
absl::StatusOr<Message> Acked(Message message, absl::string_view token, absl::Time now);

struct Refusal {
  std::string token;
  std::string cause;
  bool permanent = false;
};
// The sender could not send it. LEASE_LOST as for Acked; the same refusal again changes
// nothing.
absl::StatusOr<Message> Nacked(Message message, const Refusal& refusal,
                               const Playbook& playbook, absl::string_view contact_zone,
                               absl::Time now);

// Its playbook ended. What a sender has may still be acknowledged, but is not tried again.
// When a churn or a return and something else end it, that is the reason, whichever came
// first.
Message Exited(Message message, absl::string_view reason, absl::Time now);

// How long after attempt number `attempt` (from 1) the next may follow: a minute, doubled
// each time up to an hour, times 0.75 to 1.25 by a hash of message and attempt.
absl::Duration RetryDelay(absl::string_view message_id, int attempt);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_DOMAIN_MESSAGE_H_
