// kith-retention: do referred customers stay, and are they worth it.
#include <memory>
#include <vector>

#include "common/server/service_main.h"
#include "services/retention/consumers/referral_handler.h"
#include "services/retention/jobs/gauges.h"
#include "services/retention/migrations/migrations.h"
#include "services/retention/rpc/retention_service.h"

namespace {

using kith::server::Parts;

std::vector<std::unique_ptr<kith::rpc::Service>> MakeServices(const Parts& parts) {
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  services.push_back(kith::retention::MakeRetentionService(parts.database, parts.runtime));
  return services;
}

std::unique_ptr<kith::feed::Handler> MakeHandler(const Parts&) {
  return std::make_unique<kith::retention::consumers::ReferralHandler>();
}

std::vector<std::unique_ptr<kith::server::Background>> MakeBackground(const Parts& parts) {
  std::vector<std::unique_ptr<kith::server::Background>> background;
  background.push_back(
      std::make_unique<kith::retention::jobs::Gauges>(parts.database, parts.metrics));
  return background;
}

}  // namespace

int main(int argc, char** argv) {
  kith::server::Definition definition;
  definition.name = "retention";
  definition.description =
      "Measures whether customers stay: survival, churn by month, revenue, by channel. "
      "Follows the referral service to learn who was referred.";
  definition.port = 7403;
  definition.metrics_port = 7413;
  definition.migrations = kith::retention::Migrations();
  definition.follows = {"referral"};
  definition.make_services = MakeServices;
  definition.make_handler = MakeHandler;
  definition.make_background = MakeBackground;
  return kith::server::ServiceMain(definition, argc, argv);
}
