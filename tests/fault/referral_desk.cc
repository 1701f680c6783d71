#include "tests/fault/referral_desk.h"

#include <cstdio>
#include <cstdlib>

#include "tests/fault/caller.h"
#include "tests/support/full_rules.h"

namespace kith::test {
namespace {

namespace v1 = kith::referral::v1;
using v1::CodeService;
using v1::FraudService;
using v1::FulfilmentService;
using v1::LeadService;
using v1::ReferralService;

template <class Request>
Request NewRequest() {
  Request request;
  request.set_program_id(kProgram);
  return request;
}

void SetAttribute(v1::Attribute* attribute, const char* name, const char* value) {
  attribute->set_name(name);
  attribute->set_value(value);
}

}  // namespace

void Die(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

bool MayRetry(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

ReferralDesk::ReferralDesk(const std::shared_ptr<grpc::Channel>& channel, int number)
    : advocate_(absl::StrCat("advocate-", number)),
      company_(absl::StrCat("company", number, ".example")),
      code_(absl::StrCat("FRIENDS", 10 + number)),
      referrals_(ReferralService::NewStub(channel)),
      codes_(CodeService::NewStub(channel)),
      leads_(LeadService::NewStub(channel)),
      fraud_(FraudService::NewStub(channel)),
      fulfilment_(FulfilmentService::NewStub(channel)) {}

void ReferralDesk::ApplyProgram() {
  v1::ApplyProgramRequest request;
  *request.mutable_program() = FullRules(kProgram, absl::ZeroDuration());
  auto* points = request.mutable_program()->add_rewards();
  points->set_rule_id("points");
  points->set_side(v1::REWARD_SIDE_REFERRER);
  points->set_kind(v1::REWARD_KIND_POINTS);
  points->set_fixed_minor(kSuccessPoints);
  points->add_caps()->set_scope(v1::CAP_SCOPE_RECIPIENT);
  points->mutable_caps(0)->set_period(v1::CAP_PERIOD_LIFETIME);
  points->mutable_caps(0)->set_max_rewards(kFirstSuccesses);
  Ask<v1::ApplyProgramRequest, v1::ApplyProgramResponse>(
      referrals_, &ReferralService::Stub::ApplyProgram, request);
}

void ReferralDesk::Enroll() {
  auto request = NewRequest<v1::EnrollAdvocatesRequest>();
  request.add_advocates()->set_advocate_id(advocate_);
  request.mutable_advocates(0)->set_email("boss@" + company_);
  const auto response = Ask<v1::EnrollAdvocatesRequest, v1::EnrollAdvocatesResponse>(
      referrals_, &ReferralService::Stub::EnrollAdvocates, request);
  if (!response.results(0).has_advocate()) Die("not enrolled");
  auto issue = NewRequest<v1::IssueCodeRequest>();
  issue.set_advocate_id(advocate_);
  issue.set_vanity(code_);
  Ask<v1::IssueCodeRequest, v1::IssueCodeResponse>(codes_, &CodeService::Stub::IssueCode,
                                                   issue);
}

v1::NewReferral ReferralDesk::LeadOf(const std::string& customer, Friend kind) const {
  v1::NewReferral lead;
  lead.set_referral_id("r-" + customer);
  lead.set_advocate_id(advocate_);
  lead.set_referee_id(customer);
  lead.set_referee_email(absl::StrCat(customer, "@",
                                      kind == Friend::kColleague   ? company_
                                      : kind == Friend::kThrowaway ? "throwaway.example"
                                                                   : "home.example"));
  lead.set_note("met at the fair");
  SetAttribute(lead.add_attributes(), "seats", "12");
  SetAttribute(lead.add_attributes(), "country", "DE");
  return lead;
}

v1::SubmitReferralResult ReferralDesk::Submit(const v1::NewReferral& lead) {
  auto request = NewRequest<v1::SubmitReferralsRequest>();
  *request.add_referrals() = lead;
  return Ask<v1::SubmitReferralsRequest, v1::SubmitReferralsResponse>(
             referrals_, &ReferralService::Stub::SubmitReferrals, request)
      .results(0);
}

void ReferralDesk::Refer(const std::string& customer, Friend kind) {
  const v1::SubmitReferralResult result = Submit(LeadOf(customer, kind));
  if (kind == Friend::kThrowaway) {
    if (result.error().reason() != "FRAUD_REJECTED") Die(result.DebugString());
    return;
  }
  const auto expected =
      kind == Friend::kColleague ? v1::FRAUD_STATE_HELD : v1::FRAUD_STATE_CLEAR;
  if (result.referral().fraud() != expected) Die(result.DebugString());
  if (result.referral().fit() != v1::FIT_GOOD) Die(result.DebugString());
}

void ReferralDesk::ReferAgain(const std::string& customer) {
  v1::NewReferral lead = LeadOf(customer, Friend::kHonest);
  lead.set_referral_id("again-" + customer);
  const v1::SubmitReferralResult result = Submit(lead);
  if (result.error().reason() != "ALREADY_REFERRED") Die(result.DebugString());
}

void ReferralDesk::Contact(const std::string& customer) {
  auto request = NewRequest<v1::UpdateLeadsRequest>();
  auto* update = request.add_updates();
  update->set_referral_id("r-" + customer);
  update->set_state(v1::LEAD_STATE_CONTACTED);
  update->set_by("sales");
  const auto response = Ask<v1::UpdateLeadsRequest, v1::UpdateLeadsResponse>(
      leads_, &LeadService::Stub::UpdateLeads, request);
  if (response.results(0).has_error()) Die(response.DebugString());
}

void ReferralDesk::SignUp(const std::string& customer, bool by_code) {
  auto request = NewRequest<v1::AttributeSignupRequest>();
  request.mutable_signup()->set_customer_id(customer);
  if (by_code) request.mutable_signup()->set_code(code_);
  const auto response = Ask<v1::AttributeSignupRequest, v1::AttributeSignupResponse>(
      referrals_, &ReferralService::Stub::AttributeSignup, request);
  if (response.attribution().advocate_id() != advocate_) Die(response.DebugString());
}

v1::Conversion ReferralDesk::Record(const std::string& id, const std::string& customer,
                                    int64_t minor) {
  auto request = NewRequest<v1::RecordConversionsRequest>();
  auto* conversion = request.add_conversions();
  conversion->set_conversion_id(id);
  conversion->set_customer_id(customer);
  conversion->mutable_amount()->set_currency("USD");
  conversion->mutable_amount()->set_amount_minor(minor);
  SetAttribute(conversion->add_attributes(), "plan", "pro");
  const auto response = Ask<v1::RecordConversionsRequest, v1::RecordConversionsResponse>(
      referrals_, &ReferralService::Stub::RecordConversions, request);
  if (response.results(0).has_error()) Die(response.DebugString());
  return response.results(0).conversion();
}

void ReferralDesk::Pay(const std::string& customer, bool counts) {
  const v1::Conversion conversion = Record("v-" + customer, customer, 5 * kSuccessMinor);
  if (conversion.live() != counts) Die(conversion.DebugString());
}

void ReferralDesk::PayTooLittle(const std::string& customer) {
  const v1::Conversion conversion = Record("small-" + customer, customer, kSuccessMinor - 1);
  if (conversion.live() || conversion.success()) Die(conversion.DebugString());
}

void ReferralDesk::Reverse(const std::string& customer) {
  auto request = NewRequest<v1::ReverseConversionRequest>();
  request.set_conversion_id("v-" + customer);
  request.set_cause("refund");
  Ask<v1::ReverseConversionRequest, v1::ReverseConversionResponse>(
      referrals_, &ReferralService::Stub::ReverseConversion, request);
}

void ReferralDesk::ResolveCase(const std::string& customer, bool approve) {
  auto request = NewRequest<v1::ResolveCaseRequest>();
  request.set_referral_id("r-" + customer);
  request.set_decision(approve ? v1::FRAUD_DECISION_APPROVE : v1::FRAUD_DECISION_REJECT);
  request.set_decided_by("reviewer");
  Ask<v1::ResolveCaseRequest, v1::ResolveCaseResponse>(
      fraud_, &FraudService::Stub::ResolveCase, request);
}

std::vector<std::string> ReferralDesk::FulfilSome() {
  auto claim = NewRequest<v1::ClaimRewardsRequest>();
  claim.set_provider(advocate_);
  claim.set_max_rewards(3);
  claim.mutable_lease_duration()->set_seconds(600);
  const auto claimed = Ask<v1::ClaimRewardsRequest, v1::ClaimRewardsResponse>(
      fulfilment_, &FulfilmentService::Stub::ClaimRewards, claim);
  std::vector<std::string> ids;
  if (claimed.rewards().empty()) return ids;
  auto reports = NewRequest<v1::ReportFulfilmentsRequest>();
  for (const auto& reward : claimed.rewards()) {
    auto* report = reports.add_reports();
    report->set_reward_id(reward.reward().reward_id());
    report->set_lease_token(reward.lease_token());
    report->mutable_succeeded();
    ids.push_back(report->reward_id());
  }
  const auto response = Ask<v1::ReportFulfilmentsRequest, v1::ReportFulfilmentsResponse>(
      fulfilment_, &FulfilmentService::Stub::ReportFulfilments, reports);
  for (const auto& result : response.results()) {
    if (result.has_error()) Die(result.DebugString());
  }
  return ids;
}

}  // namespace kith::test
