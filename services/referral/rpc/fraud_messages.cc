#include "services/referral/rpc/fraud_messages.h"

#include "common/base/ids.h"

namespace kith::referral::rpc {

std::vector<app::IdentityValue> ToIdentities(
    const google::protobuf::RepeatedPtrField<v1::IdentityValue>& messages) {
  std::vector<app::IdentityValue> identities;
  for (const v1::IdentityValue& message : messages) {
    identities.push_back({ToDomain(message.kind()).value_or(domain::IdentityKind::kEmail),
                          message.value(), message.hash()});
  }
  return identities;
}

void Set(google::protobuf::RepeatedPtrField<v1::SignalEvidence>& out,
         const std::vector<domain::SignalEvidence>& evidence) {
  for (const domain::SignalEvidence& one : evidence) {
    v1::SignalEvidence& message = *out.Add();
    message.set_signal(ToProto(one.signal));
    message.set_weight(one.weight);
    message.set_text(one.text);
  }
}

void Set(v1::FraudCase& out, const domain::FraudCase& fraud_case) {
  out.set_referral_id(fraud_case.referral_id);
  out.set_advocate_id(fraud_case.advocate_id);
  out.set_state(ToProto(fraud_case.state));
  out.set_score(fraud_case.score);
  Set(*out.mutable_evidence(), fraud_case.evidence);
  out.set_program_version(fraud_case.program_version);
  Set(*out.mutable_opened_time(), fraud_case.opened_time);
  if (fraud_case.resolved_time.has_value()) {
    Set(*out.mutable_resolved_time(), *fraud_case.resolved_time);
  }
  out.set_decided_by(fraud_case.decided_by);
}

void SetAge(v1::FraudCase& out, const domain::FraudCase& fraud_case, absl::Time now) {
  if (fraud_case.state != domain::FraudCaseState::kOpen) return;
  out.set_age_seconds(absl::ToInt64Seconds(now - fraud_case.opened_time));
}

void Set(v1::Suspension& out, const domain::Suspension& suspension) {
  Set(*out.mutable_decision_time(), suspension.decision_time);
  out.set_suspended(suspension.suspended);
  out.set_decided_by(suspension.decided_by);
  out.set_cause(suspension.cause);
}

void Set(v1::SuspendedAdvocate& out, const domain::Suspension& suspension) {
  out.set_advocate_id(suspension.advocate_id);
  Set(*out.mutable_suspended_time(), suspension.decision_time);
  out.set_decided_by(suspension.decided_by);
  out.set_cause(suspension.cause);
}

void Set(v1::BlockedIdentity& out, const domain::BlockedIdentity& blocked) {
  out.set_kind(ToProto(blocked.kind));
  out.set_hash(ToHex(blocked.hash));
  out.set_added_by(blocked.added_by);
  Set(*out.mutable_added_time(), blocked.added_time);
  out.set_cause(blocked.cause);
}

void Set(v1::CampaignQuality& out, const domain::QualityTest& test) {
  out.set_campaign(test.campaign);
  out.set_metric(ToProto(test.metric));
  out.set_outcomes(test.outcomes);
  out.set_successes(test.successes);
  out.set_judging(test.baseline_ppm.has_value());
  if (test.baseline_ppm.value_or(0) > 0) {
    const domain::SequentialTest sequential = domain::ToSequentialTest(test);
    out.set_baseline_ppm(*test.baseline_ppm);
    out.set_statistic(domain::Statistic(sequential, test.outcomes, test.successes));
    out.set_bound(domain::AlarmBound(sequential));
    out.set_volume_above(domain::VolumeAbove(test));
  }
  if (!test.stated) {
    out.set_baseline_outcomes(test.baseline_outcomes);
    out.set_baseline_successes(test.baseline_successes);
  }
  if (test.alarm_time.has_value()) Set(*out.mutable_alarm_time(), *test.alarm_time);
  if (test.reset_time.has_value()) Set(*out.mutable_reset_time(), *test.reset_time);
  out.set_reset_by(test.reset_by);
  out.set_reset_cause(test.reset_cause);
}

}  // namespace kith::referral::rpc
