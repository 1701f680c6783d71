#include "services/referral/rpc/quality_service.h"

#include "common/base/status_macros.h"
#include "services/referral/app/reset_alarm.h"
#include "services/referral/rpc/calls.h"
#include "services/referral/rpc/fraud_messages.h"

namespace kith::referral::rpc {
namespace {

WriteCall ToCall(const v1::ResetAlarmRequest& request) {
  return MakeCall(request, 1,
                  std::make_unique<app::ResetAlarm>(
                      request.program_id(), request.campaign(),
                      app::ConductDecision{request.decided_by(), request.cause()},
                      EncodeResult<v1::ResetAlarmResponse, app::ResetAlarm::Response>(
                          [](auto& response, const auto& tests) {
                            for (const auto& test : tests) {
                              Set(*response.add_campaigns(), test);
                            }
                          })));
}

}  // namespace

std::unique_ptr<Service> MakeQualityService(const app::FraudReader& reader,
                                            kith::rpc::Runtime* runtime) {
  const auto* file = v1::CampaignQuality::descriptor()->file();
  auto service = std::make_unique<Service>(file->FindServiceByName("QualityService"), runtime);
  service->Write<v1::ResetAlarmRequest>(
      "ResetAlarm", [](const v1::ResetAlarmRequest& request) { return ToCall(request); });
  service->Read<v1::GetQualityRequest, v1::GetQualityResponse>(
      "GetQuality", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto page,
                              reader.GetQuality(request.program_id(), request.campaign(),
                                                ToPage(request), context.deadline));
        for (const auto& test : page.rows) Set(*response.add_campaigns(), test);
        response.set_next_page_token(page.next_token);
        return absl::OkStatus();
      });
  return service;
}

}  // namespace kith::referral::rpc
