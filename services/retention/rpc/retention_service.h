// kith.retention.v1.RetentionService: each method bound to the application.
#ifndef KITH_SERVICES_RETENTION_RPC_RETENTION_SERVICE_H_
#define KITH_SERVICES_RETENTION_RPC_RETENTION_SERVICE_H_

#include <memory>

#include "common/rpc/service.h"

namespace kith::db {
class Database;
}

namespace kith::retention {

// `database` and `runtime` must outlive the service.
std::unique_ptr<rpc::Service> MakeRetentionService(db::Database& database,
                                                   rpc::Runtime* runtime);

}  // namespace kith::retention

#endif  // KITH_SERVICES_RETENTION_RPC_RETENTION_SERVICE_H_
