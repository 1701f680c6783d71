#include "services/referral/rpc/attribution_service.h"

#include <utility>

#include "common/base/status_macros.h"
#include "kith/referral/v1/attribution.pb.h"
#include "services/referral/app/override_attribution.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/enums.h"
#include "services/referral/rpc/responses.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {

KITH_ENUM_TWINS(CreditModel);

namespace {

void SetOverride(v1::AttributionOverride& out, const domain::AttributionOverride& decision) {
  out.set_customer_id(decision.customer_id);
  out.set_number(decision.number);
  out.set_old_advocate_id(decision.old_advocate_id);
  out.set_advocate_id(decision.advocate_id);
  out.set_old_referral_id(decision.old_referral_id);
  out.set_referral_id(decision.referral_id);
  out.set_decided_by(decision.decided_by);
  out.set_cause(decision.cause);
  Set(*out.mutable_decided_time(), decision.decided_time);
}

void SetCandidate(v1::EvidenceCandidate& out, const app::ExplainedCandidate& item) {
  const domain::Evidence& evidence = item.candidate.evidence;
  out.set_evidence(ToProto(evidence.kind));
  out.set_advocate_id(evidence.advocate_id);
  out.set_evidence_id(evidence.id);
  Set(*out.mutable_evidence_time(), item.time);
  if (item.window.has_value()) Set(*out.mutable_window(), *item.window);
  out.set_won(item.won);
  out.set_reason(item.candidate.rejection);
  out.set_campaign(evidence.campaign);
}

void SetExplanation(v1::ExplainAttributionResponse& out, const app::Explanation& explanation) {
  Set(*out.mutable_attribution(), explanation.customer);
  out.set_program_version(explanation.customer.program_version);
  for (const app::ExplainedCandidate& item : explanation.candidates) {
    SetCandidate(*out.add_candidates(), item);
  }
  if (explanation.decision.has_value()) {
    SetOverride(*out.mutable_override(), *explanation.decision);
  }
}

absl::StatusOr<WriteCall> ToCall(const v1::OverrideAttributionRequest& request) {
  using app::OverrideAttribution;
  OverrideAttribution::Request command{.program_id = request.program_id(),
                                       .customer_id = request.customer_id(),
                                       .advocate_id = request.advocate_id(),
                                       .decided_by = request.decided_by(),
                                       .cause = request.cause()};
  const auto encode =
      EncodeResult<v1::OverrideAttributionResponse, OverrideAttribution::Response>(
          [](auto& response, const auto& result) {
            Set(*response.mutable_attribution(), result.customer);
            SetOverride(*response.mutable_override(), result.decision);
          });
  return MakeCall(request, 1,
                  std::make_unique<OverrideAttribution>(std::move(command), encode));
}

void BindExplain(Service& service, const app::AttributionReader& reader) {
  service.Read<v1::ExplainAttributionRequest, v1::ExplainAttributionResponse>(
      "ExplainAttribution",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto explanation,
            reader.Explain(request.program_id(), request.customer_id(), context.deadline));
        SetExplanation(response, explanation);
        return absl::OkStatus();
      });
}

void BindListOverrides(Service& service, const app::AttributionReader& reader) {
  service.Read<v1::ListOverridesRequest, v1::ListOverridesResponse>(
      "ListOverrides",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto page,
                              reader.ListOverrides(request.program_id(), request.customer_id(),
                                                   ToPage(request), context.deadline));
        for (const domain::AttributionOverride& decision : page.rows) {
          SetOverride(*response.add_overrides(), decision);
        }
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
}

void BindCredit(Service& service, const app::AttributionReader& reader) {
  service.Read<v1::GetAttributionCreditRequest, v1::GetAttributionCreditResponse>(
      "GetAttributionCredit",
      [reader](const auto& request, const CallContext& context, auto& response) {
        const app::CreditRequest credit{
            .program_id = request.program_id(),
            .customer_id = request.customer_id(),
            .model = ToDomain(request.model()).value_or(domain::CreditModel::kLinear),
            .amount_minor = request.amount_minor()};
        KITH_ASSIGN_OR_RETURN(const auto shares, reader.GetCredit(credit, context.deadline));
        for (const domain::CreditShare& share : shares) {
          v1::CreditShare& message = *response.add_shares();
          message.set_advocate_id(share.advocate_id);
          message.set_basis_points(static_cast<int32_t>(share.basis_points));
          message.set_amount_minor(share.amount_minor);
          message.set_points(static_cast<int32_t>(share.points));
        }
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeAttributionService(const app::AttributionReader& reader,
                                                kith::rpc::Runtime* runtime) {
  const auto* file = v1::ExplainAttributionRequest::descriptor()->file();
  auto service =
      std::make_unique<Service>(file->FindServiceByName("AttributionService"), runtime);
  service->Write<v1::OverrideAttributionRequest>(
      "OverrideAttribution", [](const auto& request) { return ToCall(request); });
  BindExplain(*service, reader);
  BindListOverrides(*service, reader);
  BindCredit(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
