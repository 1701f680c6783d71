#include "services/outreach/rpc/converters.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace kith::outreach {
namespace {

// An enumeration of the other side with the same number.
template <class To, class From>
To Same(From value) {
  return static_cast<To>(static_cast<int>(value));
}

void ToProto(absl::Time time, google::protobuf::Timestamp& out) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void ToProto(absl::Duration duration, google::protobuf::Duration& out) {
  absl::Duration rest;
  out.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &rest));
  out.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

Step FromProto(const v1::Step& step) {
  Step out;
  out.step_id = step.step_id();
  out.after = outreach::FromProto(step.after());
  out.kind = Same<StepKind>(step.kind());
  out.channel = Same<Channel>(step.channel());
  out.template_name = step.template_();
  out.cap_policy = Same<CapPolicy>(step.cap_policy());
  out.ignores_caps = step.ignores_caps();
  if (step.has_counts_towards_caps()) out.counts_towards_caps = step.counts_towards_caps();
  return out;
}

void ToProto(const Step& step, v1::Step& out) {
  out.set_step_id(step.step_id);
  ToProto(step.after, *out.mutable_after());
  out.set_kind(Same<v1::StepKind>(step.kind));
  out.set_channel(Same<v1::Channel>(step.channel));
  out.set_template_(step.template_name);
  out.set_cap_policy(Same<v1::CapPolicy>(step.cap_policy));
  out.set_ignores_caps(step.ignores_caps);
  if (step.counts_towards_caps.has_value()) {
    out.set_counts_towards_caps(*step.counts_towards_caps);
  }
}

void ToProto(const Playbook& playbook, v1::Playbook& out) {
  out.set_program_id(playbook.program_id);
  out.set_playbook_id(playbook.playbook_id);
  out.set_trigger(Same<v1::Trigger>(playbook.trigger));
  for (const Step& step : playbook.steps) ToProto(step, *out.add_steps());
  if (playbook.quiet_hours.has_value()) {
    out.mutable_quiet_hours()->set_start_minute(playbook.quiet_hours->start_minute);
    out.mutable_quiet_hours()->set_end_minute(playbook.quiet_hours->end_minute);
  }
  for (const Cap& cap : playbook.caps) {
    v1::Cap& to = *out.add_caps();
    to.set_max_messages(cap.max_messages);
    to.set_days(cap.days);
    to.set_kind(Same<v1::StepKind>(cap.kind));
    to.set_channel(Same<v1::Channel>(cap.channel));
  }
  out.set_time_zone(playbook.time_zone);
  out.set_exit_on_conversion(playbook.exit_on_conversion);
  out.set_exit_on_churn(playbook.exit_on_churn);
  if (playbook.max_lateness.has_value()) {
    ToProto(*playbook.max_lateness, *out.mutable_max_lateness());
  }
  out.set_max_attempts(playbook.max_attempts);
}

void ToProto(const Contact& contact, v1::Contact& out) {
  out.set_contact_id(contact.contact_id);
  out.set_time_zone(contact.time_zone);
  out.set_locale(contact.locale);
  v1::SuppressionList& list = *out.mutable_suppressions();
  for (const Suppression& suppression : contact.suppressions) {
    v1::Suppression& to = *list.add_suppressions();
    to.set_channel(Same<v1::Channel>(suppression.channel));
    to.set_cause(suppression.cause);
  }
}

std::string ReasonOf(const Message& message) {
  if (message.reason_detail.empty()) return message.reason;
  return absl::StrCat(message.reason, ": ", message.reason_detail);
}

void ToProto(const MessageTrace& trace, v1::MessageTrace& out) {
  const Message& message = trace.message;
  out.set_message_id(message.message_id);
  out.set_playbook_id(message.playbook_id);
  out.set_playbook_version(message.playbook_version);
  out.set_step_id(message.step_id);
  out.set_kind(Same<v1::StepKind>(message.kind));
  out.set_channel(Same<v1::Channel>(message.channel));
  out.set_state(Same<v1::MessageState>(message.state));
  ToProto(message.planned_time, *out.mutable_planned_time());
  ToProto(trace.verdict.due_time, *out.mutable_due_time());
  out.set_would_send(trace.verdict.would_send());
  for (const Check& check : trace.verdict.checks) {
    v1::Check& to = *out.add_checks();
    to.set_name(std::string(check.name));
    to.set_passed(check.passed);
    to.set_explanation(check.explanation);
  }
  out.set_reason(ReasonOf(message));
  out.set_started_by(message.started_by);
}

void ToProto(const LeasedMessage& leased, v1::LeasedMessage& out) {
  const Message& message = leased.message;
  out.set_message_id(message.message_id);
  out.set_lease_token(message.lease_token);
  out.set_contact_id(message.contact_id);
  out.set_playbook_id(message.playbook_id);
  out.set_playbook_version(message.playbook_version);
  out.set_step_id(message.step_id);
  out.set_kind(Same<v1::StepKind>(message.kind));
  out.set_channel(Same<v1::Channel>(message.channel));
  out.set_template_(leased.template_name);
  out.set_locale(leased.locale);
  ToProto(message.due_time, *out.mutable_due_time());
  ToProto(message.lease_end_time, *out.mutable_lease_end_time());
  out.set_attempt(message.attempt);
  out.set_subject_id(message.subject_id);
}

}  // namespace

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Microseconds(duration.nanos() / 1000);
}

Playbook FromProto(const v1::Playbook& playbook) {
  Playbook out;
  out.program_id = playbook.program_id();
  out.playbook_id = playbook.playbook_id();
  out.trigger = Same<Trigger>(playbook.trigger());
  for (const v1::Step& step : playbook.steps()) out.steps.push_back(FromProto(step));
  if (playbook.has_quiet_hours()) {
    out.quiet_hours =
        QuietHours{playbook.quiet_hours().start_minute(), playbook.quiet_hours().end_minute()};
  }
  for (const v1::Cap& cap : playbook.caps()) {
    out.caps.push_back({cap.max_messages(), cap.days(), Same<StepKind>(cap.kind()),
                        Same<Channel>(cap.channel())});
  }
  out.time_zone = playbook.time_zone();
  out.exit_on_conversion = playbook.exit_on_conversion();
  out.exit_on_churn = playbook.exit_on_churn();
  if (playbook.has_max_lateness()) out.max_lateness = FromProto(playbook.max_lateness());
  out.max_attempts = playbook.max_attempts();
  return out;
}

std::vector<ContactUpdate> FromProto(const v1::UpsertContactsRequest& request) {
  std::vector<ContactUpdate> updates;
  for (const v1::Contact& from : request.contacts()) {
    Contact contact;
    contact.program_id = request.program_id();
    contact.contact_id = from.contact_id();
    contact.time_zone = from.time_zone();
    contact.locale = from.locale();
    for (const v1::Suppression& suppression : from.suppressions().suppressions()) {
      contact.suppressions.push_back(
          {Same<Channel>(suppression.channel()), suppression.cause()});
    }
    updates.push_back({std::move(contact), !from.has_suppressions()});
  }
  return updates;
}

ClaimDueRequest FromProto(const v1::ClaimDueRequest& request, absl::Time received_time) {
  ClaimDueRequest out;
  out.program_id = request.program_id();
  out.request_id = request.request_id();
  out.channel = Same<Channel>(request.channel());
  out.max_messages = request.max_messages();
  out.lease_duration = FromProto(request.lease_duration());
  out.worker_id = request.worker_id();
  out.received_time = received_time;
  return out;
}

ExplainContactRequest FromProto(const v1::ExplainContactRequest& request) {
  ExplainContactRequest out;
  out.program_id = request.program_id();
  out.contact_id = request.contact_id();
  if (request.has_at_time()) out.at = FromProto(request.at_time());
  out.page_size = request.page_size();
  out.page_token = request.page_token();
  return out;
}

void ToProto(const PlaybookVersion& version, v1::GetPlaybookResponse& out) {
  ToProto(version.playbook, *out.mutable_playbook());
  out.set_version(version.version);
}

void ToProto(const ContactExplanation& explanation, v1::ExplainContactResponse& out) {
  ToProto(explanation.contact, *out.mutable_contact());
  for (const MessageTrace& trace : explanation.messages) ToProto(trace, *out.add_messages());
  out.set_zone_source(explanation.zone_source);
  out.set_next_page_token(explanation.next_page_token);
}

void ToProto(const Summary& summary, v1::GetOutreachSummaryResponse& out) {
  out.set_contacts(summary.contacts);
  out.set_enrollments(summary.enrollments);
  for (const StateCount& count : summary.states) {
    v1::StateCount& to = *out.add_states();
    to.set_state(Same<v1::MessageState>(count.state));
    to.set_messages(count.messages);
    to.set_reason(count.reason);
  }
  out.set_due(summary.due);
}

std::string EncodeApplied(const ApplyPlaybookResult& result) {
  v1::ApplyPlaybookResponse out;
  out.set_version(result.version);
  out.set_changed(result.changed);
  for (const Difference& difference : result.differences) {
    type::v1::Difference& to = *out.add_differences();
    to.set_field(difference.field);
    to.set_old_value(difference.old_value);
    to.set_new_value(difference.new_value);
  }
  return out.SerializeAsString();
}

std::string EncodeUpserted(const UpsertContactsResult& result) {
  v1::UpsertContactsResponse out;
  for (bool changed : result.changed) out.add_changed(changed);
  return out.SerializeAsString();
}

std::string EncodeClaimed(const ClaimDueResult& result) {
  v1::ClaimDueResponse out;
  for (const LeasedMessage& leased : result.messages) ToProto(leased, *out.add_messages());
  return out.SerializeAsString();
}

std::string EncodeAcked(const AnswerResult& result) {
  v1::AckMessageResponse out;
  out.set_state(Same<v1::MessageState>(result.state));
  return out.SerializeAsString();
}

std::string EncodeNacked(const AnswerResult& result) {
  v1::NackMessageResponse out;
  out.set_state(Same<v1::MessageState>(result.state));
  if (result.next_attempt_time.has_value()) {
    ToProto(*result.next_attempt_time, *out.mutable_next_attempt_time());
  }
  return out.SerializeAsString();
}

}  // namespace kith::outreach
