// Cases, suspensions and the blocklist.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/property/calls.h"
#include "tests/property/subject.h"

namespace kith::property {

namespace v1 = kith::referral::v1;

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

namespace {

// What is blocked, or is no longer.
template <class Request>
void Identify(const Step& step, Request& request) {
  auto* identity = request.add_identities();
  const bool mail = !step.email.empty();
  identity->set_kind(mail ? v1::IDENTITY_KIND_EMAIL : v1::IDENTITY_KIND_DEVICE);
  identity->set_value(mail ? step.email : step.device);
}

}  // namespace

Answer Subject::Resolve(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::ResolveCaseRequest>(request_id);
  request.set_referral_id(step.id);
  if (step.amount) {
    v1::ListCasesRequest list;
    list.set_program_id(program_id_);
    list.set_state(v1::FRAUD_CASE_STATE_OPEN);
    list.set_page_size(1000);
    v1::ListCasesResponse cases;
    Call(*fraud_, &v1::FraudService::Stub::ListCases, list, cases);
    if (cases.cases().empty()) return {kOk, {}};
    const int64_t which = *step.amount % cases.cases_size();
    request.set_referral_id(cases.cases(static_cast<int>(which)).referral_id());
  }
  request.set_decision(step.no ? v1::FRAUD_DECISION_REJECT : v1::FRAUD_DECISION_APPROVE);
  request.set_decided_by("judge");
  v1::ResolveCaseResponse response;
  std::string outcome = Call(*fraud_, &v1::FraudService::Stub::ResolveCase, request, response);
  if (response.advocate_suspended()) outcome += " and suspended";
  return {step.amount ? absl::StrCat(request.referral_id(), " ", outcome) : outcome, {}};
}

Answer Subject::Block(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::AddToBlocklistRequest>(request_id);
  Identify(step, request);
  request.set_added_by("judge");
  request.set_cause("spam");
  v1::AddToBlocklistResponse response;
  return AnswersOf(Call(*fraud_, &v1::FraudService::Stub::AddToBlocklist, request, response),
                   response, 1)[0];
}

Answer Subject::Unblock(const Step& step, const std::string& request_id) {
  auto request = NewRequest<v1::RemoveFromBlocklistRequest>(request_id);
  Identify(step, request);
  v1::RemoveFromBlocklistResponse response;
  return {Call(*fraud_, &v1::FraudService::Stub::RemoveFromBlocklist, request, response), {}};
}

}  // namespace kith::property
