#include "services/retention/rpc/retention_service.h"

#include <utility>

#include "common/base/status_macros.h"
#include "kith/retention/v1/retention.pb.h"
#include "services/retention/rpc/convert.h"

namespace kith::retention {
namespace {

using rpc::CallContext;
using rpc::WriteCall;

absl::StatusOr<WriteCall> ApplyRetentionPolicy(
    const v1::ApplyRetentionPolicyRequest& request) {
  const std::string& program_id = request.policy().program_id();
  WriteCall call{program_id, request.request_id(), 1, nullptr};
  // A dry run leaves no trace, not even a stored response.
  if (request.dry_run()) call.request_id.clear();
  call.command = std::make_unique<app::ApplyPolicy>(program_id, ToPolicy(request.policy()),
                                                    request.dry_run(), EncodePolicyResult);
  return call;
}

absl::StatusOr<WriteCall> RecordEvents(const v1::RecordEventsRequest& request) {
  WriteCall call{request.program_id(), request.request_id(), request.events_size(), nullptr};
  call.command = std::make_unique<app::RecordEvents>(request.program_id(), ToEvents(request),
                                                     EncodeEventResults);
  return call;
}

void BindWrites(rpc::Service& service) {
  service.Write<v1::ApplyRetentionPolicyRequest>("ApplyRetentionPolicy", ApplyRetentionPolicy);
  service.Write<v1::RecordEventsRequest>("RecordEvents", RecordEvents);
  service.WriteStream<v1::StreamEventsRequest, v1::StreamEventsResponse>(
      "StreamEvents",
      [](const v1::StreamEventsRequest& request) { return RecordEvents(request.batch()); },
      [](const v1::StreamEventsRequest& request, absl::string_view one,
         v1::StreamEventsResponse& response) {
        v1::RecordEventsResponse results;
        results.ParseFromArray(one.data(), static_cast<int>(one.size()));
        Fold(request.batch(), results, response);
      });
}

// Binds a read that answers with what `get` returns.
template <class Request, class Response, class Get>
void BindRead(rpc::Service& service, absl::string_view method, Get get) {
  service.Read<Request, Response>(
      method, [get](const Request& request, const CallContext& context, Response& response) {
        KITH_ASSIGN_OR_RETURN(const auto found, get(request, context));
        Fill(found, response);
        return absl::OkStatus();
      });
}

void BindLookups(rpc::Service& service, db::Database& database) {
  BindRead<v1::GetRetentionPolicyRequest, v1::GetRetentionPolicyResponse>(
      service, "GetRetentionPolicy",
      [&database](const v1::GetRetentionPolicyRequest& request, const CallContext& context) {
        return app::GetPolicy(database, request.program_id(), request.version(),
                              context.deadline);
      });
  BindRead<v1::GetCustomerRequest, v1::GetCustomerResponse>(
      service, "GetCustomer",
      [&database](const v1::GetCustomerRequest& request, const CallContext& context) {
        return app::GetCustomer(database, request.program_id(), request.customer_id(),
                                context.deadline);
      });
}

void BindReports(rpc::Service& service, db::Database& database) {
  BindRead<v1::GetSurvivalRequest, v1::GetSurvivalResponse>(
      service, "GetSurvival",
      [&database](const v1::GetSurvivalRequest& request, const CallContext& context) {
        return app::GetSurvival(database, ToScope(request), {context.now, context.deadline});
      });
  BindRead<v1::GetChurnByMonthRequest, v1::GetChurnByMonthResponse>(
      service, "GetChurnByMonth",
      [&database](const v1::GetChurnByMonthRequest& request, const CallContext& context) {
        return app::GetChurnByMonth(database, ToScope(request), ToWindow(request),
                                    {context.now, context.deadline});
      });
  BindRead<v1::GetProgramSummaryRequest, v1::GetProgramSummaryResponse>(
      service, "GetProgramSummary",
      [&database](const v1::GetProgramSummaryRequest& request, const CallContext& context) {
        return app::GetProgramSummary(database, request.program_id(), context.deadline,
                                      request.revenue_by_channel());
      });
}

}  // namespace

std::unique_ptr<rpc::Service> MakeRetentionService(db::Database& database,
                                                   rpc::Runtime* runtime) {
  const auto* file = v1::RecordEventsRequest::descriptor()->file();
  auto service =
      std::make_unique<rpc::Service>(file->FindServiceByName("RetentionService"), runtime);
  BindWrites(*service);
  BindLookups(*service, database);
  BindReports(*service, database);
  return service;
}

}  // namespace kith::retention
