// kith-referral: who brought whom, what is owed for it, and whether it was honest.
#include <memory>
#include <utility>
#include <vector>

#include "common/server/service_main.h"
#include "services/referral/app/reader.h"
#include "services/referral/migrations/migrations.h"
#include "services/referral/rpc/referral_service.h"

namespace {

std::vector<std::unique_ptr<kith::rpc::Service>> MakeServices(
    const kith::server::Parts& parts) {
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  services.push_back(kith::referral::rpc::MakeReferralService(
      kith::referral::app::Reader(parts.database), parts.runtime));
  return services;
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
  return kith::server::ServiceMain(definition, argc, argv);
}
