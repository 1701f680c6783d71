#include "tests/property/subject.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "tests/property/generator.h"

namespace kith::property {
namespace {

namespace v1 = kith::referral::v1;

constexpr char kOk[] = "ok";

void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
  const int64_t micros = absl::ToUnixMicros(time);
  out->set_seconds(micros / 1'000'000);
  out->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1'000));
}

void SetAttribute(const char* name, const std::string& value, v1::Attribute* out) {
  out->set_name(name);
  out->set_value(value);
}

// Calls; "ok" or the reason of the refusal.
template <class Stub, class Method, class Request, class Response>
std::string Call(Stub& stub, Method method, const Request& request, Response& response) {
  grpc::ClientContext context;
  rpc::SetTimeout(context, absl::Seconds(60));
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (status.ok()) return kOk;
  const std::string reason = GetErrorReason(rpc::FromGrpc(status));
  // The histories are valid: what is wrong with them must be seen.
  return reason == "INVALID_FIELD" ? status.error_message() : reason;
}

template <class Response>
std::vector<Answer> AnswersOf(const std::string& outcome, const Response& response,
                              size_t count) {
  std::vector<Answer> answers;
  for (size_t i = 0; i < count; ++i) {
    if (outcome != kOk) {
      answers.push_back({outcome, {}});
      continue;
    }
    const auto& result = response.results(static_cast<int>(i));
    answers.push_back({result.has_error() ? result.error().reason() : kOk, {}});
  }
  return answers;
}

// "available" of "REWARD_STATE_AVAILABLE".
std::string Word(const std::string& name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

// Whether a request can be sent again under another id, because its items have ids.
bool HasItemIds(Act act) {
  return act == Act::kTouch || act == Act::kLead || act == Act::kSignup ||
         act == Act::kConvert;
}

}  // namespace

Subject::Subject(std::string store_url, std::string program_id)
    : store_url_(std::move(store_url)),
      program_id_(std::move(program_id)),
      clock_(kBeginning) {
  Start();
}

Subject::~Subject() = default;

void Subject::Start() {
  service_ = std::make_unique<Service>(store_url_, clock_);
  referrals_ = v1::ReferralService::NewStub(service_->channel());
  codes_ = v1::CodeService::NewStub(service_->channel());
  attribution_ = v1::AttributionService::NewStub(service_->channel());
  leads_ = v1::LeadService::NewStub(service_->channel());
  fraud_ = v1::FraudService::NewStub(service_->channel());
  fulfilment_ = v1::FulfilmentService::NewStub(service_->channel());
}

std::vector<Answer> Subject::Take(absl::Span<const Step> steps) {
  const std::string id = absl::StrCat("request-", ++requests_);
  std::vector<Answer> answers = Dispatch(steps, id);
  const bool again =
      std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.again; });
  if (again) {
    const bool anew = HasItemIds(steps[0].act) && requests_ % 2 == 0;
    const auto second = Dispatch(steps, anew ? id + "-again" : id);
    for (size_t i = 0; i < answers.size(); ++i) {
      // What is refused again may be refused for what the rest of the request did.
      const bool same = (second[i].text == kOk) == (answers[i].text == kOk);
      if (same && second[i].paid == answers[i].paid) continue;
      answers[i].text = absl::StrCat(answers[i].text, ", then ", second[i].text);
    }
  }
  // What is done may leave something that is due already.
  for (int i = 0; i < 2; ++i) service_->DoDueWork();
  return answers;
}

std::vector<Answer> Subject::Dispatch(absl::Span<const Step> steps,
                                      const std::string& request_id) {
  switch (steps[0].act) {
    case Act::kEnroll:
      return Enroll(steps, request_id);
    case Act::kTouch:
      return Touch(steps, request_id);
    case Act::kLead:
      return Submit(steps, request_id);
    case Act::kSignup:
      return SignUp(steps, request_id);
    case Act::kConvert:
      return Convert(steps, request_id);
    default:
      return {DispatchOne(steps[0], request_id)};
  }
}

Answer Subject::DispatchOne(const Step& step, const std::string& request_id) {
  switch (step.act) {
    case Act::kApply:
      return Apply(step, request_id);
    case Act::kVanity:
    case Act::kCampaignCode:
      return IssueCode(step, request_id);
    case Act::kRotate:
      return RotateCode(step, request_id);
    case Act::kRevoke:
      return RevokeCode(step, request_id);
    case Act::kQualify:
      return Qualify(step, request_id);
    case Act::kOverride:
      return Override(step, request_id);
    case Act::kReverse:
      return Reverse(step, request_id);
    case Act::kSuspend:
      return Suspend(step, request_id);
    case Act::kReinstate:
      return Reinstate(step, request_id);
    case Act::kAha:
    case Act::kChurn:
    case Act::kReactivate:
      return Learn(step);
    case Act::kFulfil:
      return Fulfil(step, request_id);
    case Act::kAdvance:
      clock_.Set(step.time);
      return {kOk, {}};
    case Act::kCrash:
      misses_ += service_->misses();
      service_.reset();
      Start();
      return {kOk, {}};
    default:
      return {"no such act", {}};
  }
}

std::string Subject::CodeOf(const std::string& name) const {
  const auto found = names_.find(name);
  if (found != names_.end()) return found->second;
  // Codes of people's own choice are their names; others are not known to anybody yet.
  return absl::StartsWith(name, "FRIEND") || name.empty() ? name : "NOBODYS1";
}

Answer Subject::Apply(const Step& step, const std::string& request_id) {
  v1::ApplyProgramRequest request;
  request.set_request_id(request_id);
  *request.mutable_program() = *step.program;
  v1::ApplyProgramResponse response;
  return {Call(*referrals_, &v1::ReferralService::Stub::ApplyProgram, request, response), {}};
}

std::vector<Answer> Subject::Enroll(absl::Span<const Step> steps,
                                    const std::string& request_id) {
  auto request = NewRequest<v1::EnrollAdvocatesRequest>(request_id);
  for (const Step& step : steps) {
    auto* advocate = request.add_advocates();
    advocate->set_advocate_id(step.advocate);
    advocate->set_email(step.email);
  }
  v1::EnrollAdvocatesResponse response;
  const std::string outcome =
      Call(*referrals_, &v1::ReferralService::Stub::EnrollAdvocates, request, response);
  for (const auto& result : response.results()) {
    names_[FirstCodeOf(result.advocate().advocate_id())] = result.advocate().code();
    advocates_[result.advocate().advocate_id()];
  }
  return AnswersOf(outcome, response, steps.size());
}

Answer Subject::IssueCode(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::IssueCodeRequest>(request_id);
  request.set_advocate_id(step.advocate);
  if (step.act == Act::kVanity) request.set_vanity(step.code);
  if (step.act == Act::kCampaignCode) request.set_campaign(step.campaign);
  v1::IssueCodeResponse response;
  Answer answer = {Call(*codes_, &v1::CodeService::Stub::IssueCode, request, response), {}};
  if (answer.text == kOk) names_[step.code] = response.code().code();
  return answer;
}

Answer Subject::RotateCode(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::RotateCodeRequest>(request_id);
  request.set_advocate_id(step.advocate);
  v1::RotateCodeResponse response;
  Answer answer = {Call(*codes_, &v1::CodeService::Stub::RotateCode, request, response), {}};
  if (answer.text == kOk) names_[step.code] = response.code().code();
  return answer;
}

Answer Subject::RevokeCode(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::RevokeCodeRequest>(request_id);
  request.set_code(CodeOf(step.code));
  v1::RevokeCodeResponse response;
  return {Call(*codes_, &v1::CodeService::Stub::RevokeCode, request, response), {}};
}

std::vector<Answer> Subject::Touch(absl::Span<const Step> steps,
                                   const std::string& request_id) {
  auto request = NewRequest<v1::RecordTouchesRequest>(request_id);
  for (const Step& step : steps) {
    auto* touch = request.add_touches();
    touch->set_touch_id(step.id);
    touch->set_code(CodeOf(step.code));
    touch->set_visitor_id(step.visitor);
    touch->set_kind(step.no ? v1::TOUCH_KIND_VIEW : v1::TOUCH_KIND_CLICK);
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
  v1::ReverseConversionResponse response;
  return {Call(*referrals_, &v1::ReferralService::Stub::ReverseConversion, request, response),
          {}};
}

Answer Subject::Suspend(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::SuspendAdvocateRequest>(request_id);
  request.set_advocate_id(step.advocate);
  request.set_decided_by("judge");
  request.set_cause("spam");
  v1::SuspendAdvocateResponse response;
  return {Call(*fraud_, &v1::FraudService::Stub::SuspendAdvocate, request, response), {}};
}

Answer Subject::Reinstate(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::ReinstateAdvocateRequest>(request_id);
  request.set_advocate_id(step.advocate);
  request.set_decided_by("judge");
  request.set_cause("sorry");
  v1::ReinstateAdvocateResponse response;
  return {Call(*fraud_, &v1::FraudService::Stub::ReinstateAdvocate, request, response), {}};
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

Answer Subject::Fulfil(const Step& step, const std::string& request_id) {
  auto claim = NewRequest<v1::ClaimRewardsRequest>(request_id);
  claim.set_provider("bank");
  claim.set_max_rewards(static_cast<int32_t>(*step.amount));
  claim.mutable_lease_duration()->set_seconds(60);
  v1::ClaimRewardsResponse claimed;
  Answer answer = {
      Call(*fulfilment_, &v1::FulfilmentService::Stub::ClaimRewards, claim, claimed), {}};
  if (answer.text != kOk || claimed.rewards().empty()) return answer;
  auto reports = NewRequest<v1::ReportFulfilmentsRequest>(request_id + "-report");
  for (const auto& reward : claimed.rewards()) {
    auto* report = reports.add_reports();
    report->set_reward_id(reward.reward().reward_id());
    report->set_lease_token(reward.lease_token());
    report->mutable_succeeded();
    answer.paid.push_back(report->reward_id());
  }
  v1::ReportFulfilmentsResponse reported;
  answer.text =
      Call(*fulfilment_, &v1::FulfilmentService::Stub::ReportFulfilments, reports, reported);
  for (const Answer& one : AnswersOf(answer.text, reported, answer.paid.size())) {
    if (one.text != kOk) answer.text = one.text;
  }
  return answer;
}

void Subject::LookAtReferrals(Picture& picture) {
  v1::ListReferralsRequest request;
  request.set_program_id(program_id_);
  request.set_page_size(1000);
  v1::ListReferralsResponse response;
  Call(*referrals_, &v1::ReferralService::Stub::ListReferrals, request, response);
  for (const auto& r : response.referrals()) {
    const std::string evidence = Word(v1::EvidenceKind_Name(r.evidence()), "EVIDENCE_KIND_");
    picture.push_back(absl::StrCat("referral ", r.referral_id(), " by ", r.advocate_id(),
                                   " evidence ", evidence, " whom ", r.referee_id(),
                                   " joined ", r.has_signup_time() ? 1 : 0, " live ",
                                   r.conversion_id(), " sales ",
                                   Word(v1::LeadState_Name(r.lead_state()), "LEAD_STATE_")));
  }
}

void Subject::LookAtRewards(Picture& picture) {
  v1::ListRewardsRequest request;
  request.set_program_id(program_id_);
  request.set_page_size(1000);
  v1::ListRewardsResponse response;
  Call(*referrals_, &v1::ReferralService::Stub::ListRewards, request, response);
  for (const auto& r : response.rewards()) {
    picture.push_back(absl::StrCat("reward ", r.reward_id(), " to ", r.recipient_id(), " ",
                                   r.amount().amount_minor(), " ", r.amount().currency(), " ",
                                   Word(v1::RewardState_Name(r.state()), "REWARD_STATE_"), " ",
                                   r.cause()));
  }
}

void Subject::LookAtSums(Picture& picture) {
  v1::GetReferralSummaryRequest request;
  request.set_program_id(program_id_);
  v1::GetReferralSummaryResponse response;
  Call(*referrals_, &v1::ReferralService::Stub::GetReferralSummary, request, response);
  for (const auto& balance : response.balances()) {
    if (balance.balance_minor() == 0) continue;
    picture.push_back(absl::StrCat("balance ", balance.account(), " ", balance.currency(), " ",
                                   balance.balance_minor()));
  }
  for (const auto& [id, unused] : advocates_) {
    v1::GetAdvocateRequest one;
    one.set_program_id(program_id_);
    one.set_advocate_id(id);
    v1::GetAdvocateResponse found;
    Call(*referrals_, &v1::ReferralService::Stub::GetAdvocate, one, found);
    const auto& a = found.advocate();
    picture.push_back(absl::StrCat("advocate ", id, " referrals ", a.referrals(), " signups ",
                                   a.signups(), " conversions ", a.conversions(),
                                   " qualified ", a.qualified()));
  }
}

Picture Subject::Look() {
  Picture picture;
  LookAtReferrals(picture);
  LookAtRewards(picture);
  LookAtSums(picture);
  return picture;
}

}  // namespace kith::property
