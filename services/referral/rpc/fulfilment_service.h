// kith.referral.v1.FulfilmentService: which command or query answers which RPC.
#ifndef KITH_SERVICES_REFERRAL_RPC_FULFILMENT_SERVICE_H_
#define KITH_SERVICES_REFERRAL_RPC_FULFILMENT_SERVICE_H_

#include <memory>

#include "common/base/clock.h"
#include "common/rpc/service.h"
#include "services/referral/app/fulfilment_reader.h"

namespace kith::referral::rpc {

// `runtime`, `clock` and the database behind `reader` must outlive the service.
std::unique_ptr<kith::rpc::Service> MakeFulfilmentService(const app::FulfilmentReader& reader,
                                                          const Clock& clock,
                                                          kith::rpc::Runtime* runtime);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_FULFILMENT_SERVICE_H_
