// The gRPC face of the service: each method bound to its command or read.
#ifndef KITH_SERVICES_OUTREACH_RPC_OUTREACH_SERVICE_H_
#define KITH_SERVICES_OUTREACH_RPC_OUTREACH_SERVICE_H_

#include <memory>

#include "common/base/clock.h"
#include "common/rpc/service.h"

namespace kith::db {
class Database;  // handed on to app/, which alone reads it
}

namespace kith::outreach {

// All arguments must outlive the service.
std::unique_ptr<rpc::Service> MakeOutreachService(db::Database& database, const Clock& clock,
                                                  rpc::Runtime* runtime);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_RPC_OUTREACH_SERVICE_H_
