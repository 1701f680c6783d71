// The gRPC face of the service: each method bound to its command or read.
#ifndef KITH_SERVICES_ADVOCACY_RPC_ADVOCACY_SERVICE_H_
#define KITH_SERVICES_ADVOCACY_RPC_ADVOCACY_SERVICE_H_

#include <memory>

#include "common/base/clock.h"
#include "common/rpc/service.h"

namespace kith::db {
class Database;  // handed on to app/, which alone reads it
}

namespace kith::advocacy::rpc {

// All arguments must outlive the service.
std::unique_ptr<kith::rpc::Service> MakeAdvocacyService(db::Database& database,
                                                        const Clock& clock,
                                                        kith::rpc::Runtime* runtime);

}  // namespace kith::advocacy::rpc

#endif  // KITH_SERVICES_ADVOCACY_RPC_ADVOCACY_SERVICE_H_
