#include "services/referral/app/fraud_facts.h"

#include <string>

#include "common/feed/handler.h"
#include "kith/events/v1/events.pb.h"
#include "services/referral/app/fact_values.h"
#include "services/referral/domain/names.h"

namespace kith::referral::app {
namespace {

using events::v1::Fact;

constexpr int64_t kPpmPerBasisPoint = 100;

}  // namespace

void PublishFraudCaseOpened(exec::Unit& unit, const domain::FraudCase& opened) {
  Fact fact;
  auto& out = *fact.mutable_fraud_case_opened();
  out.set_referral_id(opened.referral_id);
  out.set_advocate_id(opened.advocate_id);
  out.set_score(opened.score);
  for (const domain::SignalEvidence& one : opened.evidence) {
    out.add_signals(std::string(domain::Name(one.signal)));
  }
  feed::Emit(unit, opened.program_id, fact);
}

void PublishFraudCaseResolved(exec::Unit& unit, const domain::FraudCase& resolved) {
  Fact fact;
  auto& out = *fact.mutable_fraud_case_resolved();
  out.set_referral_id(resolved.referral_id);
  out.set_advocate_id(resolved.advocate_id);
  out.set_decision(std::string(domain::Name(resolved.state)));
  if (resolved.state == domain::FraudCaseState::kRejected && !resolved.evidence.empty()) {
    out.set_cause(std::string(domain::Name(resolved.evidence.front().signal)));
  }
  feed::Emit(unit, resolved.program_id, fact);
}

void PublishAdvocateSuspended(exec::Unit& unit, const domain::Advocate& advocate) {
  Fact fact;
  auto& out = *fact.mutable_advocate_suspended();
  out.set_advocate_id(advocate.advocate_id);
  out.set_cause(advocate.suspension_cause);
  feed::Emit(unit, advocate.program_id, fact);
}

void PublishAdvocateReinstated(exec::Unit& unit, const domain::Advocate& advocate) {
  Fact fact;
  fact.mutable_advocate_reinstated()->set_advocate_id(advocate.advocate_id);
  feed::Emit(unit, advocate.program_id, fact);
}

void PublishQualityCollapsed(exec::Unit& unit, const domain::QualityTest& test) {
  Fact fact;
  auto& out = *fact.mutable_quality_collapsed();
  out.set_campaign(test.campaign);
  out.set_metric(std::string(domain::Name(test.metric)));
  out.set_outcomes(test.outcomes);
  out.set_successes(test.successes);
  out.set_baseline_basis_points(test.baseline_ppm.value_or(0) / kPpmPerBasisPoint);
  SetTime(*out.mutable_alarm_time(), test.alarm_time.value_or(test.last_time));
  feed::Emit(unit, test.program_id, fact);
}

}  // namespace kith::referral::app
