#include "services/referral/rpc/lead_service.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "kith/referral/v1/lead.pb.h"
#include "services/referral/app/decide_fit.h"
#include "services/referral/app/opt_out.h"
#include "services/referral/app/update_leads.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/responses.h"
#include "services/referral/rpc/rule_messages.h"
#include "services/referral/rpc/values.h"

namespace kith::referral::rpc {
namespace {

absl::StatusOr<WriteCall> ToCall(const v1::UpdateLeadsRequest& request) {
  std::vector<app::UpdateLeads::Update> updates;
  for (const v1::LeadUpdate& message : request.updates()) {
    updates.push_back(
        {.referral_id = message.referral_id(),
         .update = {.state = ToDomain(message.state()).value_or(domain::LeadState::kSubmitted),
                    .time = KITH_OPTIONAL_TIME(message, change_time),
                    .by = message.by(),
                    .reason = message.reason()}});
  }
  return MakeCall(
      request, request.updates_size(),
      std::make_unique<app::UpdateLeads>(
          request.program_id(), std::move(updates),
          EncodeResults<v1::UpdateLeadsResponse, domain::Referral>(
              [](auto& result, const auto& item) { Set(*result.mutable_referral(), item); })));
}

absl::StatusOr<WriteCall> ToCall(const v1::DecideFitRequest& request) {
  domain::FitDecision decision{.fit = ToDomain(request.fit()).value_or(domain::Fit::kUnknown),
                               .by = request.decided_by(),
                               .reason = request.reason()};
  return MakeCall(request, 1,
                  std::make_unique<app::DecideFit>(
                      request.program_id(), request.referral_id(), std::move(decision),
                      EncodeResult<v1::DecideFitResponse, domain::Referral>(
                          [](auto& response, const auto& referral) {
                            Set(*response.mutable_referral(), referral);
                          })));
}

template <class Response, class Request>
WriteCall ToOptOutCall(const Request& request, bool out) {
  return MakeCall(
      request, 1,
      std::make_unique<app::OptOut>(
          request.program_id(),
          app::OptOut::Contact{.email = request.email(), .phone = request.phone()}, out,
          EncodeResult<Response, app::OptOut::Response>(
              [](auto& response, const auto& result) {
                response.set_changed(static_cast<int32_t>(result.changed));
              })));
}

absl::StatusOr<WriteCall> ToCall(const v1::OptOutRequest& request) {
  return ToOptOutCall<v1::OptOutResponse>(request, true);
}

absl::StatusOr<WriteCall> ToCall(const v1::OptInRequest& request) {
  return ToOptOutCall<v1::OptInResponse>(request, false);
}

template <class Response>
void SetLeads(Response& out, const app::Page<domain::Referral>& page) {
  for (const domain::Referral& referral : page.rows) Set(*out.add_leads(), referral);
  out.set_next_page_token(page.next_token);
}

template <class Message>
void SetCounts(Message& out, const app::StateCounts& counts) {
  for (const auto& [state, count] : counts) {
    v1::LeadCount& message = *out.add_leads();
    message.set_state(ToProto(state));
    message.set_count(count);
  }
}

void SetFunnel(v1::GetLeadFunnelResponse& out, const app::LeadFunnel& funnel) {
  SetCounts(out, funnel.leads);
  for (const app::CampaignLeads& row : funnel.campaigns.rows) {
    v1::CampaignFunnel& campaign = *out.add_campaigns();
    campaign.set_campaign(row.campaign);
    SetCounts(campaign, row.leads);
  }
  out.set_next_page_token(funnel.campaigns.next_token);
  out.set_breached(funnel.breached);
  out.set_contacted(funnel.contacted);
  if (funnel.contacted > 0) {
    out.mutable_mean_time_to_contact()->set_seconds(absl::ToInt64Seconds(funnel.contact_wait));
  }
}

void SetFit(v1::ExplainFitResponse& out, const app::FitExplanation& explanation) {
  out.set_fit(ToProto(explanation.fit));
  out.set_fit_by(explanation.fit_by);
  out.set_program_version(explanation.program_version);
  out.set_has_rules(!explanation.rules.always());
  out.set_holds(explanation.evaluation.holds);
  size_t next = 0;  // of the tests, which are those of all lists
  int32_t list = 0;
  for (const std::vector<domain::Test>& tests : explanation.rules.any_of) {
    for (size_t i = 0; i < tests.size(); ++i, ++next) {
      const domain::TestOutcome& outcome = explanation.evaluation.tests[next];
      v1::FitTest& test = *out.add_tests();
      Set(*test.mutable_test(), outcome.test);
      test.set_list(list);
      if (outcome.value.has_value()) test.set_value(*outcome.value);
      test.set_holds(outcome.holds);
    }
    ++list;
  }
}

app::LeadFilter ToFilter(const v1::ListLeadsRequest& request) {
  return {.program_id = request.program_id(),
          .advocate_id = request.advocate_id(),
          .campaign = request.campaign(),
          .lead_state = ToDomain(request.lead_state()),
          .fit = ToDomain(request.fit())};
}

void BindWrites(Service& service) {
  service.Write<v1::UpdateLeadsRequest>("UpdateLeads",
                                        [](const auto& request) { return ToCall(request); });
  service.Write<v1::DecideFitRequest>("DecideFit",
                                      [](const auto& request) { return ToCall(request); });
  service.Write<v1::OptOutRequest>("OptOut",
                                   [](const auto& request) { return ToCall(request); });
  service.Write<v1::OptInRequest>("OptIn",
                                  [](const auto& request) { return ToCall(request); });
}

void BindLists(Service& service, const app::LeadReader& reader) {
  service.Read<v1::ListLeadsRequest, v1::ListLeadsResponse>(
      "ListLeads", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListLeads(ToFilter(request), ToPage(request), context.deadline));
        SetLeads(response, page);
        return absl::OkStatus();
      });
  service.Read<v1::ListOverdueLeadsRequest, v1::ListOverdueLeadsResponse>(
      "ListOverdueLeads",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListOverdue(request.program_id(), request.closed_too(), context.now,
                               ToPage(request), context.deadline));
        SetLeads(response, page);
        return absl::OkStatus();
      });
}

void BindGets(Service& service, const app::LeadReader& reader) {
  service.Read<v1::GetLeadNoteRequest, v1::GetLeadNoteResponse>(
      "GetLeadNote",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            *response.mutable_note(),
            reader.GetNote(request.program_id(), request.referral_id(), context.deadline));
        return absl::OkStatus();
      });
  service.Read<v1::GetLeadFunnelRequest, v1::GetLeadFunnelResponse>(
      "GetLeadFunnel",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto funnel,
            reader.GetFunnel(request.program_id(), ToPage(request), context.deadline));
        SetFunnel(response, funnel);
        return absl::OkStatus();
      });
  service.Read<v1::ExplainFitRequest, v1::ExplainFitResponse>(
      "ExplainFit", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto explanation,
            reader.ExplainFit(request.program_id(), request.referral_id(), context.deadline));
        SetFit(response, explanation);
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeLeadService(const app::LeadReader& reader,
                                         kith::rpc::Runtime* runtime) {
  const auto* file = v1::UpdateLeadsRequest::descriptor()->file();
  auto service = std::make_unique<Service>(file->FindServiceByName("LeadService"), runtime);
  BindWrites(*service);
  BindLists(*service, reader);
  BindGets(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
