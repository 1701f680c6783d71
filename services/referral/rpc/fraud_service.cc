#include "services/referral/rpc/fraud_service.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/check_referral.h"
#include "services/referral/app/reinstate_advocate.h"
#include "services/referral/app/resolve_case.h"
#include "services/referral/app/suspend_advocate.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/fraud_messages.h"
#include "services/referral/rpc/responses.h"

namespace kith::referral::rpc {
namespace {

absl::StatusOr<WriteCall> ToCall(const v1::ResolveCaseRequest& request) {
  app::ResolveCase::Request command{
      .program_id = request.program_id(),
      .referral_id = request.referral_id(),
      .approve = request.decision() == v1::FRAUD_DECISION_APPROVE,
      .decided_by = request.decided_by(),
      .note = request.note()};
  return MakeCall(request, 1,
                  std::make_unique<app::ResolveCase>(
                      std::move(command),
                      EncodeResult<v1::ResolveCaseResponse, app::ResolveCase::Response>(
                          [](auto& response, const auto& result) {
                            Set(*response.mutable_fraud_case(), result.fraud_case);
                            response.set_advocate_suspended(result.advocate_suspended);
                          })));
}

// Of SuspendAdvocate and ReinstateAdvocate, which are told in the same words.
template <class Command, class Response, class Request>
WriteCall ToConductCall(const Request& request) {
  return MakeCall(
      request, 1,
      std::make_unique<Command>(
          request.program_id(), request.advocate_id(),
          app::ConductDecision{request.decided_by(), request.cause()},
          EncodeResult<Response, domain::Advocate>([](auto& response, const auto& advocate) {
            Set(*response.mutable_advocate(), advocate);
          })));
}

absl::StatusOr<WriteCall> ToCall(const v1::SuspendAdvocateRequest& request) {
  return ToConductCall<app::SuspendAdvocate, v1::SuspendAdvocateResponse>(request);
}

absl::StatusOr<WriteCall> ToCall(const v1::ReinstateAdvocateRequest& request) {
  return ToConductCall<app::ReinstateAdvocate, v1::ReinstateAdvocateResponse>(request);
}

absl::StatusOr<WriteCall> ToCall(const v1::AddToBlocklistRequest& request) {
  return MakeCall(
      request, request.identities_size(),
      std::make_unique<app::AddToBlocklist>(
          request.program_id(), ToIdentities(request.identities()),
          app::ConductDecision{request.added_by(), request.cause()},
          EncodeResults<v1::AddToBlocklistResponse, domain::BlockedIdentity>(
              [](auto& result, const auto& item) { Set(*result.mutable_blocked(), item); })));
}

absl::StatusOr<WriteCall> ToCall(const v1::RemoveFromBlocklistRequest& request) {
  return MakeCall(
      request, request.identities_size(),
      std::make_unique<app::RemoveFromBlocklist>(
          request.program_id(), ToIdentities(request.identities()),
          EncodeResult<v1::RemoveFromBlocklistResponse, int64_t>(
              [](auto& response, int64_t removed) { response.set_removed(removed); })));
}

absl::StatusOr<WriteCall> ToCall(const v1::CheckReferralRequest& request) {
  app::CheckReferral::Request command{
      .program_id = request.program_id(),
      .advocate_id = request.advocate_id(),
      .customer_id = request.referee_id(),
      .identity = {.email = request.email(),
                   .phone = request.phone(),
                   .device_id = request.device_id(),
                   .payment_fingerprint = request.payment_fingerprint(),
                   .ip_address = request.ip_address()},
      .source = request.source(),
      .signup = request.signup()};
  const auto encode = EncodeResult<v1::CheckReferralResponse, app::CheckReferral::Response>(
      [](auto& response, const auto& result) {
        response.set_verdict(ToProto(result.verdict.state));
        response.set_score(result.verdict.score);
        Set(*response.mutable_evidence(), result.verdict.evidence);
        response.set_program_version(result.program_version);
      });
  // Nothing is stored, not even the response.
  return WriteCall{request.program_id(), std::string(), 1,
                   std::make_unique<app::CheckReferral>(std::move(command), encode)};
}

template <class Request>
void BindWrite(Service& service, absl::string_view method) {
  service.Write<Request>(method, [](const Request& request) { return ToCall(request); });
}

void BindWrites(Service& service) {
  BindWrite<v1::ResolveCaseRequest>(service, "ResolveCase");
  BindWrite<v1::SuspendAdvocateRequest>(service, "SuspendAdvocate");
  BindWrite<v1::ReinstateAdvocateRequest>(service, "ReinstateAdvocate");
  BindWrite<v1::AddToBlocklistRequest>(service, "AddToBlocklist");
  BindWrite<v1::RemoveFromBlocklistRequest>(service, "RemoveFromBlocklist");
  BindWrite<v1::CheckReferralRequest>(service, "CheckReferral");
}

void BindCases(Service& service, const app::FraudReader& reader) {
  service.Read<v1::GetCaseRequest, v1::GetCaseResponse>(
      "GetCase", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto view,
            reader.GetCase(request.program_id(), request.referral_id(), context.deadline));
        Set(*response.mutable_fraud_case(), view.fraud_case);
        SetAge(*response.mutable_fraud_case(), view.fraud_case, context.now);
        response.mutable_fraud_case()->set_note(view.note);
        return absl::OkStatus();
      });
  service.Read<v1::ListCasesRequest, v1::ListCasesResponse>(
      "ListCases", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListCases({request.program_id(), ToDomain(request.state())},
                             ToPage(request), context.deadline));
        for (const domain::FraudCase& row : page.rows) {
          v1::FraudCase& message = *response.add_cases();
          Set(message, row);
          SetAge(message, row, context.now);
        }
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
}

void BindConduct(Service& service, const app::FraudReader& reader) {
  service.Read<v1::ListSuspensionsRequest, v1::ListSuspensionsResponse>(
      "ListSuspensions",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto page, reader.ListSuspensions(
                                                   request.program_id(), request.advocate_id(),
                                                   ToPage(request), context.deadline));
        for (const auto& row : page.rows) Set(*response.add_suspensions(), row);
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
  service.Read<v1::ListSuspendedAdvocatesRequest, v1::ListSuspendedAdvocatesResponse>(
      "ListSuspendedAdvocates",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListSuspended(request.program_id(), ToPage(request), context.deadline));
        for (const auto& row : page.rows) Set(*response.add_advocates(), row);
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
  service.Read<v1::ListBlocklistRequest, v1::ListBlocklistResponse>(
      "ListBlocklist",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListBlocklist({request.program_id(), ToDomain(request.kind())},
                                 ToPage(request), context.deadline));
        for (const auto& row : page.rows) Set(*response.add_blocked(), row);
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeFraudService(const app::FraudReader& reader,
                                          kith::rpc::Runtime* runtime) {
  const auto* file = v1::FraudCase::descriptor()->file();
  auto service = std::make_unique<Service>(file->FindServiceByName("FraudService"), runtime);
  BindWrites(*service);
  BindCases(*service, reader);
  BindConduct(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
