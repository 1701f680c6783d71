#include "services/outreach/app/answer_message.h"

#include "common/base/not_found.h"
#include "common/base/status_macros.h"
#include "services/outreach/domain/errors.h"
#include "services/outreach/store/message_tables.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {
namespace {

absl::StatusOr<const Message*> FindMessage(const std::string& program_id,
                                           const std::string& message_id, exec::Unit& unit) {
  if (unit.Find<ProgramTable>(program_id) == nullptr) {
    return ProgramNotFound(program_id);
  }
  const Message* message = unit.Find<MessageTable>({program_id, message_id});
  if (message == nullptr) {
    return MakeFieldError(errors::kMessageNotFound, "message_id",
                          "must be a message that was claimed");
  }
  return message;
}

std::string Store(const Message& before, Message after, exec::Unit& unit,
                  const AnswerEncoder& encode) {
  AnswerResult result;
  result.state = after.state;
  if (after.state == MessageState::kScheduled) result.next_attempt_time = after.due_time;
  if (!(after == before)) unit.Put<MessageTable>(std::move(after));
  return encode(result);
}

}  // namespace

void AckMessage::Prefetch(exec::Loader& loader) const {
  loader.Want<ProgramTable>(program_id_);
  loader.Want<MessageTable>({program_id_, message_id_});
}

absl::StatusOr<std::string> AckMessage::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Message* message, FindMessage(program_id_, message_id_, unit));
  KITH_ASSIGN_OR_RETURN(Message after, Acked(*message, lease_token_, now));
  return Store(*message, std::move(after), unit, encode_);
}

void NackMessage::Prefetch(exec::Loader& loader) const {
  loader.Want<ProgramTable>(program_id_);
  loader.Want<MessageTable>({program_id_, message_id_});
  const Message* message = loader.Peek<MessageTable>({program_id_, message_id_});
  if (message == nullptr) return;
  loader.Want<ContactTable>({program_id_, message->contact_id});
  loader.Want<PlaybookTable>({program_id_, message->playbook_id, message->playbook_version});
}

absl::StatusOr<std::string> NackMessage::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Message* message, FindMessage(program_id_, message_id_, unit));
  const Contact* contact = unit.Find<ContactTable>({program_id_, message->contact_id});
  const PlaybookVersion* version =
      unit.Find<PlaybookTable>({program_id_, message->playbook_id, message->playbook_version});
  KITH_ASSIGN_OR_RETURN(
      Message after,
      Nacked(*message, refusal_, version == nullptr ? Playbook() : version->playbook,
             contact == nullptr ? "" : contact->time_zone, now));
  return Store(*message, std::move(after), unit, encode_);
}

}  // namespace kith::outreach
