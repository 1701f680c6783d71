// kith-advocacy: what each advocate did, what it is worth, which tier and segment that makes.
#include <memory>
#include <vector>

#include "common/server/service_main.h"
#include "services/advocacy/consumers/referral_handler.h"
#include "services/advocacy/jobs/gauges.h"
#include "services/advocacy/migrations/migrations.h"
#include "services/advocacy/rpc/advocacy_service.h"

namespace {

using kith::server::Parts;

std::vector<std::unique_ptr<kith::rpc::Service>> MakeServices(const Parts& parts) {
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  services.push_back(
      kith::advocacy::rpc::MakeAdvocacyService(parts.database, parts.clock, parts.runtime));
  return services;
}

std::unique_ptr<kith::feed::Handler> MakeHandler(const Parts&) {
  return std::make_unique<kith::advocacy::consumers::ReferralHandler>();
}

std::vector<std::unique_ptr<kith::server::Background>> MakeBackground(const Parts& parts) {
  std::vector<std::unique_ptr<kith::server::Background>> background;
  background.push_back(
      std::make_unique<kith::advocacy::jobs::Gauges>(parts.database, parts.metrics));
  return background;
}

}  // namespace

int main(int argc, char** argv) {
  kith::server::Definition definition;
  definition.name = "advocacy";
  definition.description =
      "Scores what advocates do and groups them into tiers and segments. Follows the "
      "referral service to count the customers that they bring.";
  definition.port = 7402;
  definition.metrics_port = 7412;
  definition.migrations = kith::advocacy::Migrations();
  definition.follows = {"referral"};
  definition.make_services = MakeServices;
  definition.make_handler = MakeHandler;
  definition.make_background = MakeBackground;
  return kith::server::ServiceMain(definition, argc, argv);
}
