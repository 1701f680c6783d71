// kith-retention: do referred customers stay, and are they worth it.
#include "common/server/service_main.h"
#include "services/retention/consumers/referral_handler.h"
#include "services/retention/migrations/migrations.h"
#include "services/retention/rpc/retention_service.h"

int main(int argc, char** argv) {
  kith::server::Definition definition;
  definition.name = "retention";
  definition.description = "Retention analytics: do referred customers stay, and pay?";
  definition.port = 7403;
  definition.metrics_port = 7413;
  definition.migrations = kith::retention::Migrations();
  definition.follows = {"referral"};
  definition.make_services = [](const kith::server::Parts& parts) {
    std::vector<std::unique_ptr<kith::rpc::Service>> services;
    services.push_back(kith::retention::MakeRetentionService(parts.database, parts.runtime));
    return services;
  };
  definition.make_handler = [](const kith::server::Parts&) {
    return std::make_unique<kith::retention::consumers::ReferralHandler>();
  };
  return kith::server::ServiceMain(definition, argc, argv);
}
