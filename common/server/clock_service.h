// kith.testing.v1.ClockService: moves the clock of a service under test.
#ifndef KITH_COMMON_SERVER_CLOCK_SERVICE_H_
#define KITH_COMMON_SERVER_CLOCK_SERVICE_H_

#include <memory>

#include "common/base/clock.h"
#include "common/rpc/service.h"

namespace kith::server {

// `clock` must outlive the service.
std::unique_ptr<rpc::Service> MakeClockService(ManualClock& clock, rpc::Runtime* runtime);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_CLOCK_SERVICE_H_
