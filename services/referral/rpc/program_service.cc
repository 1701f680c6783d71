#include "services/referral/rpc/program_service.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "kith/referral/v1/program.pb.h"
#include "services/referral/app/pause_campaign.h"
#include "services/referral/app/recalculate_program.h"
#include "services/referral/app/resume_campaign.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/program_messages.h"

namespace kith::referral::rpc {
namespace {

absl::StatusOr<WriteCall> ToCall(const v1::PauseCampaignRequest& request) {
  app::PauseCampaignCommand::Request command{.program_id = request.program_id(),
                                             .campaign = request.campaign_id(),
                                             .cause = request.cause(),
                                             .paused_by = request.paused_by()};
  return MakeCall(
      request, 1,
      std::make_unique<app::PauseCampaignCommand>(
          std::move(command),
          EncodeResult<v1::PauseCampaignResponse, app::PauseCampaignCommand::Response>(
              [](auto& response, const auto& pause) {
                Set(*response.mutable_pause(), pause);
              })));
}

absl::StatusOr<WriteCall> ToCall(const v1::ResumeCampaignRequest& request) {
  return MakeCall(
      request, 1,
      std::make_unique<app::ResumeCampaignCommand>(
          request.program_id(), request.campaign_id(), request.requested_by(),
          EncodeResult<v1::ResumeCampaignResponse, app::ResumeCampaignCommand::Response>(
              [](auto& response, const auto& result) {
                response.set_was_paused(result.was_paused);
              })));
}

absl::StatusOr<WriteCall> ToCall(const v1::RecalculateProgramRequest& request) {
  if (ToTime(request.from_time()) >= ToTime(request.to_time())) {
    return MakeFieldError(kith::errors::kInvalidField, "to_time", "must be after from_time");
  }
  app::RecalculateProgram::Request command{.program_id = request.program_id(),
                                           .version = request.version(),
                                           .from_time = ToTime(request.from_time()),
                                           .to_time = ToTime(request.to_time()),
                                           .page = ToPage(request),
                                           .dry_run = request.dry_run()};
  auto call = MakeCall(
      request, std::max(request.page_size(), 1),
      std::make_unique<app::RecalculateProgram>(
          std::move(command),
          EncodeResult<v1::RecalculateProgramResponse, app::RecalculateProgram::Response>(
              [](auto& response, const auto& result) { Set(response, result); })));
  // A dry run stores nothing, not even its response.
  if (request.dry_run()) call.request_id.clear();
  return call;
}

template <class Request>
void BindWrite(Service& service, absl::string_view method) {
  service.Write<Request>(method, [](const Request& request) { return ToCall(request); });
}

void BindVersions(Service& service, const app::ProgramReader& reader) {
  service.Read<v1::ListProgramVersionsRequest, v1::ListProgramVersionsResponse>(
      "ListProgramVersions",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto versions,
                              reader.ListVersions(request.program_id(), ToPage(request),
                                                  context.now, context.deadline));
        Set(response, versions);
        return absl::OkStatus();
      });
  service.Read<v1::DiffProgramVersionsRequest, v1::DiffProgramVersionsResponse>(
      "DiffProgramVersions",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto differences,
                              reader.Diff(request.program_id(), request.old_version(),
                                          request.new_version(), context.deadline));
        Set(response, differences);
        return absl::OkStatus();
      });
}

void BindCampaigns(Service& service, const app::ProgramReader& reader) {
  service.Read<v1::ListCampaignsRequest, v1::ListCampaignsResponse>(
      "ListCampaigns",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto page,
                              reader.ListCampaigns(request.program_id(), ToPage(request),
                                                   context.now, context.deadline));
        for (const auto& status : page.rows) Set(*response.add_campaigns(), status);
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
  service.Read<v1::GetCampaignRequest, v1::GetCampaignResponse>(
      "GetCampaign",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto status,
                              reader.GetCampaign(request.program_id(), request.campaign_id(),
                                                 context.now, context.deadline));
        Set(*response.mutable_campaign(), status);
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeProgramService(const app::ProgramReader& reader,
                                            kith::rpc::Runtime* runtime) {
  const auto* file = v1::RecalculateProgramRequest::descriptor()->file();
  auto service = std::make_unique<Service>(file->FindServiceByName("ProgramService"), runtime);
  BindWrite<v1::RecalculateProgramRequest>(*service, "RecalculateProgram");
  BindWrite<v1::PauseCampaignRequest>(*service, "PauseCampaign");
  BindWrite<v1::ResumeCampaignRequest>(*service, "ResumeCampaign");
  BindVersions(*service, reader);
  BindCampaigns(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
