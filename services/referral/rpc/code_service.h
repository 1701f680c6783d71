// kith.referral.v1.CodeService: which command or query answers which RPC.
#ifndef KITH_SERVICES_REFERRAL_RPC_CODE_SERVICE_H_
#define KITH_SERVICES_REFERRAL_RPC_CODE_SERVICE_H_

#include <memory>

#include "common/rpc/service.h"
#include "services/referral/app/attribution_reader.h"

namespace kith::referral::rpc {

// `runtime`, and the database behind `reader`, must outlive the service.
std::unique_ptr<kith::rpc::Service> MakeCodeService(const app::AttributionReader& reader,
                                                    kith::rpc::Runtime* runtime);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_CODE_SERVICE_H_
