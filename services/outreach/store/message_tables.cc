#include "services/outreach/store/message_tables.h"

#include "common/executor/unit.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/domain/names.h"
#include "services/outreach/store/tables.h"

namespace kith::outreach {
namespace {

db::Value NullUnless(bool present, absl::Time time) {
  return present ? db::FromTime(time) : db::Value(db::Null());
}

bool IsOpen(const Message& message) { return ClaimableFrom(message).has_value(); }

void DecodeLife(const db::Row& row, Message& message) {
  message.planned_time = row.Time(11);
  message.due_time = row.Time(12);
  message.on_time = row.Time(13);
  message.state = MessageStateOf(row.Text(14));
  message.stored_ready_time = row.Time(15);
  message.attempt = static_cast<int>(row.Int(16));
  message.lease_token = row.Text(17);
  message.claim_time = row.Time(18);
  message.lease_end_time = row.Time(19);
  message.worker_id = row.Text(20);
  message.closed_time = row.Time(21);
  message.exit_reason = row.Text(22);
  message.reason = row.Text(23);
  message.reason_detail = row.Text(24);
  message.life = row.Int(25);
}

}  // namespace

db::Params MessageTable::Encode(const Row& row) {
  const bool claimed = row.attempt > 0;
  return {row.program_id,
          row.message_id,
          row.contact_id,
          row.playbook_id,
          row.subject_id,
          row.step_id,
          row.playbook_version,
          static_cast<int64_t>(row.kind),
          static_cast<int64_t>(row.channel),
          db::FromBool(row.counts_towards_caps),
          row.started_by,
          db::FromTime(row.planned_time),
          db::FromTime(row.due_time),
          db::FromTime(row.on_time),
          std::string(Name(row.state)),
          db::FromOptional(ClaimableFrom(row)),
          int64_t{row.attempt},
          row.lease_token,
          NullUnless(claimed, row.claim_time),
          NullUnless(claimed, row.lease_end_time),
          row.worker_id,
          NullUnless(!IsOpen(row), row.closed_time),
          row.exit_reason,
          row.reason,
          row.reason_detail,
          row.life};
}

Message MessageTable::Decode(const db::Row& row) {
  Message message;
  message.program_id = row.Text(0);
  message.message_id = row.Text(1);
  message.contact_id = row.Text(2);
  message.playbook_id = row.Text(3);
  message.subject_id = row.Text(4);
  message.step_id = row.Text(5);
  message.playbook_version = row.Int(6);
  message.kind = static_cast<StepKind>(row.Int(7));
  message.channel = static_cast<Channel>(row.Int(8));
  message.counts_towards_caps = row.Bool(9);
  message.started_by = row.Text(10);
  DecodeLife(row, message);
  return message;
}

void MessageTable::Contribute(const Row& row, int64_t sign, exec::Unit& unit) {
  const bool skipped = row.state == MessageState::kSkipped;
  unit.Count<TallyCounter>({row.program_id, "messages", std::string(Name(row.state)),
                            skipped ? row.reason : std::string()},
                           sign);
}

db::Params ReadyPage::KeyParams(const Key& key) {
  return {std::get<0>(key), static_cast<int64_t>(std::get<1>(key)),
          std::get<2>(key) * static_cast<int64_t>(kSize)};
}

std::optional<HandedOutToContact::Key> HandedOutToContact::KeyOf(const Table::Row& row) {
  if (!IsHandedOut(row)) return std::nullopt;
  return Key(row.program_id, row.contact_id, StretchOf(row.claim_time));
}
db::Params HandedOutToContact::KeyParams(const Key& key) {
  const absl::Time start = absl::UnixEpoch() + std::get<2>(key) * kStretch;
  return {std::get<0>(key), std::get<1>(key), db::FromTime(start),
          db::FromTime(start + kStretch)};
}
int64_t HandedOutToContact::StretchOf(absl::Time time) {
  return absl::ToInt64Microseconds(absl::Floor(time - absl::UnixEpoch(), kStretch)) /
         absl::ToInt64Microseconds(kStretch);
}
std::optional<OpenOfContact::Key> OpenOfContact::KeyOf(const Table::Row& row) {
  if (!IsOpen(row)) return std::nullopt;
  return Key(row.program_id, row.contact_id);
}
std::optional<MessagesOfEnrollment::Key> MessagesOfEnrollment::KeyOf(const Table::Row& row) {
  return Key(row.program_id, row.contact_id, row.playbook_id, row.subject_id, row.life);
}
db::Params MessagesOfEnrollment::KeyParams(const Key& key) {
  return {std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key),
          std::get<4>(key)};
}

}  // namespace kith::outreach
