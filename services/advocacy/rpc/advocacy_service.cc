#include "services/advocacy/rpc/advocacy_service.h"

#include <utility>

#include "common/base/status_macros.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "services/advocacy/app/advocates.h"
#include "services/advocacy/app/apply_scoring_policy.h"
#include "services/advocacy/app/get_scoring_policy.h"
#include "services/advocacy/app/record_activities.h"
#include "services/advocacy/app/reverse_activity.h"
#include "services/advocacy/app/segments.h"
#include "services/advocacy/rpc/converters.h"

namespace kith::advocacy::rpc {
namespace {

using kith::rpc::CallContext;
using kith::rpc::Service;
using kith::rpc::WriteCall;

absl::StatusOr<WriteCall> Apply(const v1::ApplyScoringPolicyRequest& request) {
  const std::string& program_id = request.policy().program_id();
  return WriteCall{
      .program_id = program_id,
      // A dry run writes nothing, not even its answer.
      .request_id = request.dry_run() ? std::string() : request.request_id(),
      .command = std::make_unique<app::ApplyScoringPolicy>(
          program_id, FromProto(request.policy()), request.dry_run(), EncodeApplied)};
}

absl::StatusOr<WriteCall> Record(const v1::RecordActivitiesRequest& request,
                                 const Clock& clock) {
  return WriteCall{.program_id = request.program_id(),
                   .request_id = request.request_id(),
                   .weight = request.activities_size(),
                   .command = std::make_unique<app::RecordActivities>(
                       request.program_id(), FromProto(request), clock.Now(), EncodeRecorded)};
}

absl::StatusOr<WriteCall> Reverse(const v1::ReverseActivityRequest& request) {
  return WriteCall{
      .program_id = request.program_id(),
      .request_id = request.request_id(),
      .command = std::make_unique<app::ReverseActivity>(
          request.program_id(), request.activity_id(), request.cause(), EncodeReversed)};
}

// The reads of one service.
struct Reads {
  db::Database& database;

  absl::Status GetPolicy(const v1::GetScoringPolicyRequest& request,
                         const CallContext& context, v1::GetScoringPolicyResponse& out) const {
    KITH_ASSIGN_OR_RETURN(const auto version,
                          app::GetScoringPolicy(database, request.program_id(),
                                                request.version(), context.deadline));
    ToProto(version, request.program_id(), out);
    return absl::OkStatus();
  }
  absl::Status GetAdvocate(const v1::GetAdvocateRequest& request, const CallContext& context,
                           v1::GetAdvocateResponse& out) const {
    KITH_ASSIGN_OR_RETURN(const auto view,
                          app::GetAdvocate(database, request.program_id(),
                                           request.advocate_id(), context.deadline));
    ToProto(view, *out.mutable_advocate());
    return absl::OkStatus();
  }
  absl::Status ListAdvocates(const v1::ListAdvocatesRequest& request,
                             const CallContext& context,
                             v1::ListAdvocatesResponse& out) const {
    KITH_ASSIGN_OR_RETURN(const auto page,
                          app::ListAdvocates(database, FromProto(request), context.deadline));
    ToProto(page, out);
    return absl::OkStatus();
  }
  absl::Status GetConcentration(const v1::GetConcentrationRequest& request,
                                const CallContext& context,
                                v1::GetConcentrationResponse& out) const {
    KITH_ASSIGN_OR_RETURN(const auto report,
                          app::GetConcentration(database, request.program_id(),
                                                request.lorenz_points(), context.deadline));
    ToProto(report, out);
    return absl::OkStatus();
  }
  absl::Status GetSegments(const v1::GetSegmentsRequest& request, const CallContext& context,
                           v1::GetSegmentsResponse& out) const {
    KITH_ASSIGN_OR_RETURN(const auto report,
                          app::GetSegments(database, request.program_id(), context.deadline));
    ToProto(report, out);
    return absl::OkStatus();
  }
};

// Binds a read to a method of Reads.
template <class Request, class Response>
void BindRead(Service& service, absl::string_view name, const Reads& reads,
              absl::Status (Reads::*method)(const Request&, const CallContext&, Response&)
                  const) {
  service.Read<Request, Response>(
      name, [reads, method](const Request& request, const CallContext& context,
                            Response& out) { return (reads.*method)(request, context, out); });
}

}  // namespace

std::unique_ptr<Service> MakeAdvocacyService(db::Database& database, const Clock& clock,
                                             kith::rpc::Runtime* runtime) {
  const auto* descriptor =
      v1::ScoringPolicy::descriptor()->file()->FindServiceByName("AdvocacyService");
  auto service = std::make_unique<Service>(descriptor, runtime);
  service->Write<v1::ApplyScoringPolicyRequest>("ApplyScoringPolicy", Apply);
  service->Write<v1::RecordActivitiesRequest>(
      "RecordActivities",
      [&clock](const v1::RecordActivitiesRequest& request) { return Record(request, clock); });
  service->Write<v1::ReverseActivityRequest>("ReverseActivity", Reverse);
  const Reads reads{database};
  BindRead(*service, "GetScoringPolicy", reads, &Reads::GetPolicy);
  BindRead(*service, "GetAdvocate", reads, &Reads::GetAdvocate);
  BindRead(*service, "ListAdvocates", reads, &Reads::ListAdvocates);
  BindRead(*service, "GetConcentration", reads, &Reads::GetConcentration);
  BindRead(*service, "GetSegments", reads, &Reads::GetSegments);
  return service;
}

}  // namespace kith::advocacy::rpc
