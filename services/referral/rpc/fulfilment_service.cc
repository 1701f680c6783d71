#include "services/referral/rpc/fulfilment_service.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/rpc/fulfilment_messages.h"

namespace kith::referral::rpc {
namespace {

template <class Request>
void BindWrite(Service& service, absl::string_view method) {
  service.Write<Request>(method, [](const Request& request) { return ToCall(request); });
}

void BindReads(Service& service, const app::FulfilmentReader& reader) {
  service.Read<v1::ListFulfilmentsRequest, v1::ListFulfilmentsResponse>(
      "ListFulfilments",
      [reader](const auto& request, const CallContext& context, auto& response) {
        const auto state = ToDomain(request.state());
        if (!state.has_value()) {
          return MakeFieldError(kith::errors::kInvalidField, "state", "must be a known state");
        }
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListFulfilments(request.program_id(), *state, ToPage(request), context.now,
                                   context.deadline));
        Set(response, page);
        return absl::OkStatus();
      });
  service.Read<v1::ListStockRequest, v1::ListStockResponse>(
      "ListStock", [reader](const auto& request, const CallContext& context, auto& response) {
        KITH_ASSIGN_OR_RETURN(
            const auto page,
            reader.ListStock(request.program_id(), ToPage(request), context.deadline));
        Set(response, page);
        return absl::OkStatus();
      });
}

}  // namespace

std::unique_ptr<Service> MakeFulfilmentService(const app::FulfilmentReader& reader,
                                               const Clock& clock,
                                               kith::rpc::Runtime* runtime) {
  const auto* file = v1::ClaimRewardsRequest::descriptor()->file();
  auto service =
      std::make_unique<Service>(file->FindServiceByName("FulfilmentService"), runtime);
  service->Write<v1::ClaimRewardsRequest>("ClaimRewards",
                                          [&clock](const v1::ClaimRewardsRequest& request) {
                                            return ToCall(request, clock.Now());
                                          });
  BindWrite<v1::ExtendLeaseRequest>(*service, "ExtendLease");
  BindWrite<v1::ReportFulfilmentsRequest>(*service, "ReportFulfilments");
  BindWrite<v1::RetryFulfilmentRequest>(*service, "RetryFulfilment");
  BindWrite<v1::SetStockRequest>(*service, "SetStock");
  BindWrite<v1::AdjustStockRequest>(*service, "AdjustStock");
  BindReads(*service, reader);
  return service;
}

}  // namespace kith::referral::rpc
