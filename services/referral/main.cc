// kith-referral: who brought whom, what is owed for it, and whether it was honest.
#include <memory>
#include <utility>
#include <vector>

#include "common/server/service_main.h"
#include "services/referral/app/reader.h"
#include "services/referral/jobs/gauges.h"
#include "services/referral/migrations/migrations.h"
#include "services/referral/rpc/referral_service.h"

namespace {

using kith::server::Parts;

std::vector<std::unique_ptr<kith::rpc::Service>> MakeServices(const Parts& parts) {
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  services.push_back(kith::referral::rpc::MakeReferralService(
      kith::referral::app::Reader(parts.database), parts.runtime));
  return services;
}

std::vector<std::unique_ptr<kith::server::Background>> MakeBackground(const Parts& parts) {
  std::vector<std::unique_ptr<kith::server::Background>> background;
  background.push_back(std::make_unique<kith::referral::jobs::Gauges>(
      kith::referral::app::Reader(parts.database), parts.metrics));
  return background;
}

}  // namespace

int main(int argc, char** argv) {
  kith::server::Definition definition;
  definition.name = "referral";
  definition.description =
      "Referral attribution: who brought whom, what is owed for it, and whether it was "
      "honest.";
  definition.port = 7401;
  definition.metrics_port = 7411;
  definition.migrations = kith::referral::Migrations();
  definition.make_services = MakeServices;
  definition.make_background = MakeBackground;
  return kith::server::ServiceMain(definition, argc, argv);
}
