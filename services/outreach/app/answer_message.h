// What a sender says of a message that it was given: it sent it (AckMessage) or it could not
// (NackMessage).
#ifndef KITH_SERVICES_OUTREACH_APP_ANSWER_MESSAGE_H_
#define KITH_SERVICES_OUTREACH_APP_ANSWER_MESSAGE_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

struct AnswerResult {
  MessageState state = MessageState::kScheduled;
  std::optional<absl::Time> next_attempt_time;  // when it will be tried again, if it will
};
using AnswerEncoder = std::function<std::string(const AnswerResult&)>;

// Errors of both: PROGRAM_NOT_FOUND, MESSAGE_NOT_FOUND, LEASE_LOST.
class AckMessage final : public exec::Command {
 public:
  AckMessage(std::string program_id, std::string message_id, std::string lease_token,
             AnswerEncoder encode)
      : program_id_(std::move(program_id)),
        message_id_(std::move(message_id)),
        lease_token_(std::move(lease_token)),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string message_id_;
  const std::string lease_token_;
  const AnswerEncoder encode_;
};

class NackMessage final : public exec::Command {
 public:
  NackMessage(std::string program_id, std::string message_id, Refusal refusal,
              AnswerEncoder encode)
      : program_id_(std::move(program_id)),
        message_id_(std::move(message_id)),
        refusal_(std::move(refusal)),
        encode_(std::move(encode)) {}
  void Prefetch(exec::Loader& loader) const override;
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override;

 private:
  const std::string program_id_;
  const std::string message_id_;
  const Refusal refusal_;
  const AnswerEncoder encode_;
};

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_APP_ANSWER_MESSAGE_H_
