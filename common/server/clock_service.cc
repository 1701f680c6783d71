#include "common/server/clock_service.h"

#include <utility>

#include "kith/testing/v1/clock.pb.h"

namespace kith::server {
namespace {

using kith::testing::v1::GetTimeRequest;
using kith::testing::v1::GetTimeResponse;
using kith::testing::v1::SetTimeRequest;
using kith::testing::v1::SetTimeResponse;

}  // namespace

std::unique_ptr<rpc::Service> MakeClockService(ManualClock& clock, rpc::Runtime* runtime) {
  auto service = std::make_unique<rpc::Service>(
      SetTimeRequest::descriptor()->file()->FindServiceByName("ClockService"), runtime);
  service->Async<SetTimeRequest, SetTimeResponse>(
      "SetTime", [&clock](const SetTimeRequest& request, const rpc::CallContext&, auto done) {
        const absl::Time time = absl::FromUnixSeconds(request.time().seconds()) +
                                absl::Nanoseconds(request.time().nanos());
        clock.Set(absl::FromUnixMicros(absl::ToUnixMicros(time)));
        done(absl::OkStatus(), SetTimeResponse());
      });
  service->Async<GetTimeRequest, GetTimeResponse>(
      "GetTime", [&clock](const GetTimeRequest&, const rpc::CallContext&, auto done) {
        const int64_t micros = absl::ToUnixMicros(clock.Now());
        const int64_t rest = ((micros % 1000000) + 1000000) % 1000000;
        GetTimeResponse response;
        response.mutable_time()->set_seconds((micros - rest) / 1000000);
        response.mutable_time()->set_nanos(static_cast<int32_t>(rest * 1000));
        done(absl::OkStatus(), response);
      });
  return service;
}

}  // namespace kith::server
