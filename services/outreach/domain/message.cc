#include "services/outreach/domain/message.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/ids.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/domain/names.h"
#include "services/outreach/domain/playbook.h"
#include "services/outreach/domain/reasons.h"

namespace kith::outreach {
namespace {

constexpr size_t kMaxMessageId = 400;
constexpr absl::Duration kFirstRetry = absl::Minutes(1);
constexpr absl::Duration kLastRetry = absl::Hours(1);

std::string Escaped(absl::string_view id) {
  return absl::StrReplaceAll(id, {{"%", "%25"}, {":", "%3A"}});
}

Message Closed(Message message, MessageState state, absl::string_view reason,
               absl::string_view detail, absl::Time now) {
  message.state = state;
  message.reason = std::string(reason);
  message.reason_detail = std::string(detail);
  message.closed_time = now;
  return message;
}

// Whether another reason for which a playbook ended takes the place of this one.
bool GivesWay(absl::string_view reason) {
  return reason == reasons::kChurned || reason == reasons::kReturned;
}

// Whether the latest answer of the holder of this token was a refusal.
bool WasRefusedBy(const Message& message, absl::string_view token) {
  return message.lease_token == token && message.state != MessageState::kLeased &&
         message.state != MessageState::kSent;
}

}  // namespace

std::string MessageId(absl::string_view playbook_id, absl::string_view contact_id,
                      absl::string_view subject_id, absl::string_view step_id, int64_t life) {
  const std::string who = absl::StrCat(Escaped(contact_id), ":", Escaped(subject_id));
  const std::string what = life == 0 ? std::string(step_id) : absl::StrCat(step_id, ":", life);
  std::string id = absl::StrCat(playbook_id, ":", who, ":", what);
  if (id.size() > kMaxMessageId) {
    id = absl::StrCat(playbook_id, ":", ToHex(Sha256(who)), ":", what);
  }
  return id;
}

std::optional<absl::Time> ClaimableFrom(const Message& message) {
  if (message.state == MessageState::kScheduled) return message.due_time;
  if (message.state == MessageState::kLeased) return message.lease_end_time;
  return std::nullopt;
}

bool ClaimsBefore(const Message& a, const Message& b) {
  const absl::Time a_from = *ClaimableFrom(a), b_from = *ClaimableFrom(b);
  if (a_from != b_from) return a_from < b_from;
  if (a.state != b.state) return Name(a.state) < Name(b.state);
  return a.message_id < b.message_id;
}

HandedOut AsHandedOut(const Message& message) {
  return {message.message_id, message.claim_time, message.kind, message.channel};
}

bool IsHandedOut(const Message& message) {
  return message.counts_towards_caps &&
         (message.state == MessageState::kLeased || message.state == MessageState::kSent);
}

std::string NextLeaseToken(const Message& message, absl::string_view request_id) {
  const int claim = message.attempt + 1;
  const uint64_t hash = StableHash(absl::StrCat(message.program_id, "\n", message.message_id,
                                                "\n", claim, "\n", request_id));
  return absl::StrCat(claim, "-", absl::Hex(hash, absl::kZeroPad16));
}

Message Leased(Message message, Lease lease) {
  message.state = MessageState::kLeased;
  message.attempt += 1;
  message.lease_token = std::move(lease.token);
  message.claim_time = lease.start;
  message.lease_end_time = lease.end;
  message.worker_id = std::move(lease.worker_id);
  return message;
}

Message Settled(Message message, const Verdict& verdict, absl::Time now) {
  switch (verdict.outcome) {
    case Outcome::kMove:
      message.state = MessageState::kScheduled;
      message.due_time = verdict.due_time;
      message.on_time = verdict.due_time;
      message.lease_token.clear();
      return message;
    case Outcome::kSkip:
    case Outcome::kGiveUp:
      message.lease_token.clear();
      return Closed(
          std::move(message),
          verdict.outcome == Outcome::kSkip ? MessageState::kSkipped : MessageState::kDead,
          verdict.reason, verdict.reason_detail, now);
    default:
      return message;
  }
}

absl::StatusOr<Message> Acked(Message message, absl::string_view token, absl::Time now) {
  if (message.lease_token != token) return MakeError(errors::kLeaseLost);
  if (message.state == MessageState::kSent) return message;
  if (message.state != MessageState::kLeased) return MakeError(errors::kLeaseLost);
  return Closed(std::move(message), MessageState::kSent, "", "", now);
}

absl::StatusOr<Message> Nacked(Message message, const Refusal& refusal,
                               const Playbook& playbook, absl::string_view contact_zone,
                               absl::Time now) {
  if (WasRefusedBy(message, refusal.token)) return message;
  if (message.state != MessageState::kLeased || message.lease_token != refusal.token) {
    return MakeError(errors::kLeaseLost);
  }
  if (refusal.permanent) {
    return Closed(std::move(message), MessageState::kDead, reasons::kPermanent, refusal.cause,
                  now);
  }
  if (!message.exit_reason.empty()) {
    const std::string reason = message.exit_reason;
    return Closed(std::move(message), MessageState::kSkipped, reason, refusal.cause, now);
  }
  if (message.attempt >= MaxAttempts(playbook)) {
    return Closed(std::move(message), MessageState::kDead, reasons::kAttempts, refusal.cause,
                  now);
  }
  message.state = MessageState::kScheduled;
  const absl::Time retry = now + RetryDelay(message.message_id, message.attempt);
  message.due_time = DueAtStart(retry, playbook, contact_zone);
  message.on_time += message.due_time - retry;  // the night makes nothing late
  return message;
}

Message Exited(Message message, absl::string_view reason, absl::Time now) {
  const bool wins = !GivesWay(reason);
  switch (message.state) {
    case MessageState::kScheduled:
      return Closed(std::move(message), MessageState::kSkipped, reason, "its playbook ended",
                    now);
    case MessageState::kLeased:
      if (wins || message.exit_reason.empty()) message.exit_reason = std::string(reason);
      return message;
    case MessageState::kSkipped:
      if (wins && GivesWay(message.reason)) message.reason = std::string(reason);
      return message;
    default:
      return message;
  }
}

absl::Duration RetryDelay(absl::string_view message_id, int attempt) {
  absl::Duration delay = kFirstRetry;
  for (int i = 1; i < attempt && delay < kLastRetry; ++i) delay *= 2;
  delay = std::min(delay, kLastRetry);
  const uint64_t hash = StableHash(absl::StrCat(message_id, "\n", attempt));
  const auto permille = static_cast<int64_t>(750 + hash % 501);
  return absl::Floor(delay * permille / 1000, absl::Microseconds(1));
}

}  // namespace kith::outreach
