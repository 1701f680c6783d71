// kith-outreach: the right ask, to the right person, at the right moment, never too often.
#include <memory>
#include <vector>

#include "common/server/service_main.h"
#include "services/outreach/consumers/fact_handler.h"
#include "services/outreach/jobs/gauges.h"
#include "services/outreach/migrations/migrations.h"
#include "services/outreach/rpc/outreach_service.h"

namespace {

using kith::server::Parts;

std::vector<std::unique_ptr<kith::rpc::Service>> MakeServices(const Parts& parts) {
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  services.push_back(
      kith::outreach::MakeOutreachService(parts.database, parts.clock, parts.runtime));
  return services;
}

std::unique_ptr<kith::feed::Handler> MakeHandler(const Parts&) {
  return std::make_unique<kith::outreach::FactHandler>();
}

std::vector<std::unique_ptr<kith::server::Background>> MakeBackground(const Parts& parts) {
  std::vector<std::unique_ptr<kith::server::Background>> background;
  background.push_back(
      std::make_unique<kith::outreach::Gauges>(parts.database, parts.clock, parts.metrics));
  return background;
}

}  // namespace

int main(int argc, char** argv) {
  kith::server::Definition definition;
  definition.name = "outreach";
  definition.description =
      "Schedules messages by playbooks and leases them to senders when they are due. Follows "
      "the referral and retention services, whose facts start and end playbooks.";
  definition.port = 7404;
  definition.metrics_port = 7414;
  definition.migrations = kith::outreach::Migrations();
  definition.follows = {"referral", "retention"};
  definition.make_services = MakeServices;
  definition.make_handler = MakeHandler;
  definition.make_background = MakeBackground;
  return kith::server::ServiceMain(definition, argc, argv);
}
