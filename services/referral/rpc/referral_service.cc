#include "services/referral/rpc/referral_service.h"

#include "common/base/status_macros.h"
#include "kith/referral/v1/referral.pb.h"
#include "services/referral/rpc/program_messages.h"
#include "services/referral/rpc/requests.h"
#include "services/referral/rpc/responses.h"

namespace kith::referral::rpc {
namespace {

template <class Request>
void BindWrite(Service& service, absl::string_view method) {
  service.Write<Request>(method, [](const Request& request) { return ToCall(request); });
}

void BindWrites(Service& service) {
  BindWrite<v1::ApplyProgramRequest>(service, "ApplyProgram");
  BindWrite<v1::EnrollAdvocatesRequest>(service, "EnrollAdvocates");
  BindWrite<v1::UpdateAdvocatesRequest>(service, "UpdateAdvocates");
  BindWrite<v1::SubmitReferralsRequest>(service, "SubmitReferrals");
  BindWrite<v1::RecordTouchesRequest>(service, "RecordTouches");
  BindWrite<v1::AttributeSignupRequest>(service, "AttributeSignup");
  BindWrite<v1::AttributeSignupsRequest>(service, "AttributeSignups");
  BindWrite<v1::RecordConversionsRequest>(service, "RecordConversions");
  BindWrite<v1::ReverseConversionRequest>(service, "ReverseConversion");
}

void BindGets(Service& service, const app::Reader& reader) {
  service.Read<v1::GetProgramRequest, v1::GetProgramResponse>(
      "GetProgram", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto version,
            reader.GetProgram(request.program_id(), request.version(), context.deadline));
        Set(response, version);
        return absl::OkStatus();
      });
  service.Read<v1::GetAdvocateRequest, v1::GetAdvocateResponse>(
      "GetAdvocate",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto advocate,
                              reader.GetAdvocate(request.program_id(), request.advocate_id(),
                                                 context.now, context.deadline));
        Set(*response.mutable_advocate(), advocate);
        return absl::OkStatus();
      });
  service.Read<v1::GetReferralRequest, v1::GetReferralResponse>(
      "GetReferral",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto referral,
            reader.GetReferral(request.program_id(), request.referral_id(), context.deadline));
        Set(*response.mutable_referral(), referral);
        return absl::OkStatus();
      });
  service.Read<v1::GetReferralSummaryRequest, v1::GetReferralSummaryResponse>(
      "GetReferralSummary",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto summary,
                              reader.GetSummary(request.program_id(), context.deadline));
        Set(response, summary);
        return absl::OkStatus();
      });
}

void BindLists(Service& service, const app::Reader& reader) {
  service.Read<v1::ListProgramsRequest, v1::ListProgramsResponse>(
      "ListPrograms",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto page,
                              reader.ListPrograms(ToPage(request), context.deadline));
        Set(response, page);
        return absl::OkStatus();
      });
  service.Read<v1::ListReferralsRequest, v1::ListReferralsResponse>(
      "ListReferrals",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListReferrals(ToFilter(request), ToPage(request), context.deadline));
        Set(response, page);
        return absl::OkStatus();
      });
  service.Read<v1::ListRewardsRequest, v1::ListRewardsResponse>(
      "ListRewards",
      [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(const auto rewards,
                              reader.ListRewards(ToFilter(request, context.now),
                                                 ToPage(request), context.deadline));
        Set(response, rewards, context.now);
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeReferralService(const app::Reader& reader,
                                             kith::rpc::Runtime* runtime) {
  const auto* file = v1::Program::descriptor()->file();
  auto service =
      std::make_unique<Service>(file->FindServiceByName("ReferralService"), runtime);
  BindWrites(*service);
  BindGets(*service, reader);
  BindLists(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
