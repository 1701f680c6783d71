#include "services/outreach/domain/enrollment.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/outreach/domain/evaluate.h"
#include "services/outreach/domain/message.h"
#include "services/outreach/domain/names.h"
#include "services/outreach/domain/playbook.h"
#include "services/outreach/domain/reasons.h"

namespace kith::outreach {
namespace {

std::string StartedBy(Trigger trigger, absl::string_view subject_id) {
  return absl::StrCat(Name(trigger), " ", subject_id);
}

bool TakesBack(absl::string_view reason) {
  return reason == reasons::kConversionReversed || reason == reasons::kUnattributed;
}

Message Planned(Message message, absl::Time time, const Playbook& playbook,
                absl::string_view contact_zone) {
  message.planned_time = time;
  message.due_time = DueAtStart(time, playbook, contact_zone);
  message.on_time = message.due_time;
  return message;
}

Message MessageOf(const Step& step, const Enrollment& enrollment, const Playbook& playbook,
                  const Contact& contact) {
  Message message;
  message.program_id = enrollment.program_id;
  message.message_id = MessageId(enrollment.playbook_id, enrollment.contact_id,
                                 enrollment.subject_id, step.step_id, enrollment.life);
  message.playbook_id = enrollment.playbook_id;
  message.playbook_version = enrollment.playbook_version;
  message.contact_id = enrollment.contact_id;
  message.subject_id = enrollment.subject_id;
  message.life = enrollment.life;
  message.step_id = step.step_id;
  message.kind = step.kind;
  message.channel = step.channel;
  message.counts_towards_caps = step.counts_towards_caps.value_or(true);
  message.started_by = enrollment.started_by;
  return Planned(std::move(message), enrollment.trigger_time + step.after, playbook,
                 contact.time_zone);
}

}  // namespace

std::optional<int64_t> LifeEndedAt(absl::Time churn_time,
                                   std::optional<absl::Time> return_time) {
  if (!return_time.has_value()) return 0;
  if (churn_time < *return_time) return std::nullopt;
  return absl::ToUnixMicros(*return_time);
}

Started StartPlaybook(const PlaybookVersion& version, const Contact& contact,
                      const TriggerFact& fact) {
  const Playbook& playbook = version.playbook;
  Started started;
  Enrollment& enrollment = started.enrollment;
  enrollment.program_id = playbook.program_id;
  enrollment.playbook_id = playbook.playbook_id;
  enrollment.contact_id = fact.contact_id;
  enrollment.subject_id = fact.subject_id;
  enrollment.life = fact.life;
  enrollment.playbook_version = version.version;
  enrollment.referral_id = fact.referral_id;
  enrollment.conversion_id = fact.conversion_id;
  enrollment.trigger_time = fact.time;
  enrollment.started_by = StartedBy(fact.trigger, fact.subject_id);
  enrollment.exit_on_conversion = playbook.exit_on_conversion;
  enrollment.exit_on_churn = playbook.exit_on_churn;
  // Who is back need not be won back.
  enrollment.exit_on_return = playbook.trigger == Trigger::kCustomerChurned;
  for (const Step& step : playbook.steps) {
    started.messages.push_back(MessageOf(step, enrollment, playbook, contact));
  }
  return started;
}

bool IsEndable(const Enrollment& enrollment) {
  return (enrollment.exit_on_conversion && enrollment.ended_by != reasons::kConverted) ||
         ((enrollment.exit_on_churn || enrollment.exit_on_return) &&
          enrollment.ended_by.empty());
}

bool IsReversible(const Enrollment& enrollment) {
  return !enrollment.conversion_id.empty() &&
         enrollment.ended_by != reasons::kConversionReversed;
}

bool IsWithdrawable(const Enrollment& enrollment) {
  return enrollment.started_by ==
             StartedBy(Trigger::kSignupAttributed, enrollment.contact_id) &&
         enrollment.ended_by != reasons::kConverted &&
         enrollment.ended_by != reasons::kUnattributed;
}

bool IsTakenBack(const Enrollment& enrollment) { return TakesBack(enrollment.ended_by); }

bool IsAboutContact(const Enrollment& enrollment) {
  return enrollment.subject_id == enrollment.contact_id;
}

std::optional<absl::string_view> EndedBy(const Enrollment& enrollment,
                                         const Milestones& milestones) {
  if (enrollment.exit_on_conversion && milestones.converted) return reasons::kConverted;
  if (milestones.reversed) return reasons::kConversionReversed;
  if (enrollment.ended_by == reasons::kUnattributed) return reasons::kUnattributed;
  if (enrollment.exit_on_churn && milestones.churn_time.has_value() &&
      *milestones.churn_time >= enrollment.trigger_time) {
    return reasons::kChurned;
  }
  if (enrollment.exit_on_return && milestones.return_time.has_value() &&
      *milestones.return_time > enrollment.trigger_time) {
    return reasons::kReturned;
  }
  return std::nullopt;
}

Enrollment Restarted(Enrollment enrollment, const TriggerFact& fact) {
  enrollment.trigger_time = fact.time;
  enrollment.referral_id = fact.referral_id;
  enrollment.conversion_id = fact.conversion_id;
  enrollment.ended_by.clear();
  return enrollment;
}

Message Restarted(Message message, const Playbook& playbook, const Contact& contact,
                  const TriggerFact& fact) {
  if (TakesBack(message.exit_reason)) message.exit_reason.clear();
  const Step* const step = FindStep(playbook, message.step_id);
  const bool starts_again = step != nullptr && message.state == MessageState::kSkipped &&
                            TakesBack(message.reason) &&
                            message.attempt < MaxAttempts(playbook);
  if (!starts_again) return message;
  message.state = MessageState::kScheduled;
  message.closed_time = absl::Time();
  message.reason.clear();
  message.reason_detail.clear();
  return Planned(std::move(message), fact.time + step->after, playbook, contact.time_zone);
}

Message Rezoned(Message message, const Playbook& playbook, absl::string_view old_zone,
                absl::string_view new_zone) {
  const bool waits_for_plan =
      message.state == MessageState::kScheduled && message.attempt == 0 &&
      message.due_time == DueAtStart(message.planned_time, playbook, old_zone);
  if (!waits_for_plan) return message;
  const absl::Time planned = message.planned_time;
  return Planned(std::move(message), planned, playbook, new_zone);
}

}  // namespace kith::outreach
