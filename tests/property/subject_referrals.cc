// Touches, leads, signups, conversions, and what becomes of customers.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/property/calls.h"
#include "tests/property/subject.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

std::vector<Answer> Subject::Touch(absl::Span<const Step> steps,
                                   const std::string& request_id) {
  auto request = NewRequest<v1::RecordTouchesRequest>(request_id);
  for (const Step& step : steps) {
    auto* touch = request.add_touches();
    touch->set_touch_id(step.id);
    touch->set_code(CodeOf(step.code));
    touch->set_visitor_id(step.visitor);
    touch->set_kind(step.no ? v1::TOUCH_KIND_VIEW : v1::TOUCH_KIND_CLICK);
    touch->set_source(step.source);
    SetTime(step.time, touch->mutable_touch_time());
  }
  v1::RecordTouchesResponse response;
  const std::string outcome =
      Call(*referrals_, &v1::ReferralService::Stub::RecordTouches, request, response);
  return AnswersOf(outcome, response, steps.size());
}

std::vector<Answer> Subject::Submit(absl::Span<const Step> steps,
                                    const std::string& request_id) {
  auto request = NewRequest<v1::SubmitReferralsRequest>(request_id);
  for (const Step& step : steps) {
    auto* lead = request.add_referrals();
    lead->set_referral_id(step.id);
    lead->set_advocate_id(step.advocate);
    lead->set_referee_id(step.customer);
    lead->set_referee_email(step.email);
    lead->set_campaign(step.campaign);
    lead->set_device_id(step.device);
    lead->set_ip_address(step.ip);
    SetTime(step.time, lead->mutable_submitted_time());
    if (!step.seats.empty()) SetAttribute("seats", step.seats, lead->add_attributes());
  }
  v1::SubmitReferralsResponse response;
  const std::string outcome =
      Call(*referrals_, &v1::ReferralService::Stub::SubmitReferrals, request, response);
  return AnswersOf(outcome, response, steps.size());
}

std::vector<Answer> Subject::SignUp(absl::Span<const Step> steps,
                                    const std::string& request_id) {
  auto request = NewRequest<v1::AttributeSignupsRequest>(request_id);
  for (const Step& step : steps) {
    auto* signup = request.add_signups();
    signup->set_customer_id(step.customer);
    signup->set_email(step.email);
    signup->set_code(CodeOf(step.code));
    signup->set_referrer_id(step.referrer);
    signup->set_visitor_id(step.visitor);
    signup->set_device_id(step.device);
    signup->set_ip_address(step.ip);
    signup->set_source(step.source);
    SetTime(step.time, signup->mutable_signup_time());
    if (!step.plan.empty()) SetAttribute("plan", step.plan, signup->add_attributes());
  }
  v1::AttributeSignupsResponse response;
  const std::string outcome =
      Call(*referrals_, &v1::ReferralService::Stub::AttributeSignups, request, response);
  return AnswersOf(outcome, response, steps.size());
}

std::vector<Answer> Subject::Convert(absl::Span<const Step> steps,
                                     const std::string& request_id) {
  auto request = NewRequest<v1::RecordConversionsRequest>(request_id);
  for (const Step& step : steps) {
    auto* conversion = request.add_conversions();
    conversion->set_conversion_id(step.id);
    conversion->set_customer_id(step.customer);
    conversion->set_referral_id(step.referral);
    conversion->set_event(step.event);
    conversion->set_order_id(step.order);
    SetTime(step.time, conversion->mutable_conversion_time());
    if (step.amount) {
      conversion->mutable_amount()->set_amount_minor(*step.amount);
      conversion->mutable_amount()->set_currency("EUR");
    }
    if (step.annual) conversion->set_annual_minor(*step.annual);
    if (step.fee) {
      conversion->add_lines()->set_name("fee");
      conversion->mutable_lines(0)->set_amount_minor(*step.fee);
    }
    if (!step.plan.empty()) SetAttribute("plan", step.plan, conversion->add_attributes());
  }
  v1::RecordConversionsResponse response;
  const std::string outcome =
      Call(*referrals_, &v1::ReferralService::Stub::RecordConversions, request, response);
  return AnswersOf(outcome, response, steps.size());
}

Answer Subject::Qualify(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::DecideFitRequest>(request_id);
  request.set_referral_id(step.id);
  request.set_fit(step.no ? v1::FIT_BAD : v1::FIT_GOOD);
  request.set_decided_by("judge");
  if (step.no) request.set_reason("too_small");
  v1::DecideFitResponse response;
  return {Call(*leads_, &v1::LeadService::Stub::DecideFit, request, response), {}};
}

Answer Subject::Override(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::OverrideAttributionRequest>(request_id);
  request.set_customer_id(step.customer);
  request.set_advocate_id(step.advocate);
  request.set_decided_by("judge");
  request.set_cause("judged");
  v1::OverrideAttributionResponse response;
  return {Call(*attribution_, &v1::AttributionService::Stub::OverrideAttribution, request,
               response),
          {}};
}

Answer Subject::Reverse(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::ReverseConversionRequest>(request_id);
  request.set_conversion_id(step.id);
  request.set_cause("refund");
  if (step.amount) SetTime(step.time, request.mutable_reversal_time());
  v1::ReverseConversionResponse response;
  return {Call(*referrals_, &v1::ReferralService::Stub::ReverseConversion, request, response),
          {}};
}

Answer Subject::Learn(const Step& step) {
  kith::events::v1::Fact fact;
  if (step.act == Act::kAha) {
    fact.mutable_aha_reached()->set_customer_id(step.customer);
    SetTime(step.time, fact.mutable_aha_reached()->mutable_aha_time());
  } else if (step.act == Act::kChurn) {
    fact.mutable_customer_churned()->set_customer_id(step.customer);
    SetTime(step.time, fact.mutable_customer_churned()->mutable_churn_time());
  } else {
    fact.mutable_customer_reactivated()->set_customer_id(step.customer);
    SetTime(step.time, fact.mutable_customer_reactivated()->mutable_reactivation_time());
  }
  service_->Learn(program_id_, fact);
  return {kOk, {}};
}

}  // namespace kith::property
