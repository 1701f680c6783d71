// ProgramService: the versions and campaigns of programs.
#ifndef KITH_SERVICES_REFERRAL_RPC_PROGRAM_SERVICE_H_
#define KITH_SERVICES_REFERRAL_RPC_PROGRAM_SERVICE_H_

#include <memory>

#include "common/rpc/service.h"
#include "services/referral/app/program_reader.h"

namespace kith::referral::rpc {

// `runtime` must outlive the service.
std::unique_ptr<kith::rpc::Service> MakeProgramService(const app::ProgramReader& reader,
                                                       kith::rpc::Runtime* runtime);

}  // namespace kith::referral::rpc

#endif  // KITH_SERVICES_REFERRAL_RPC_PROGRAM_SERVICE_H_
