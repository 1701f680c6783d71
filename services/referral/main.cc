// kith-referral: who brought whom, what is owed for it, and whether it was honest.
#include <memory>
#include <utility>
#include <vector>

#include "common/server/service_main.h"
#include "services/referral/app/attribution_reader.h"
#include "services/referral/app/fraud_reader.h"
#include "services/referral/app/fulfilment_reader.h"
#include "services/referral/app/lead_reader.h"
#include "services/referral/app/program_reader.h"
#include "services/referral/app/reader.h"
#include "services/referral/app/reward_reader.h"
#include "services/referral/consumers/lifecycle_handler.h"
#include "services/referral/jobs/due_work.h"
#include "services/referral/jobs/gauges.h"
#include "services/referral/migrations/migrations.h"
#include "services/referral/rpc/attribution_service.h"
#include "services/referral/rpc/code_service.h"
#include "services/referral/rpc/fraud_service.h"
#include "services/referral/rpc/fulfilment_service.h"
#include "services/referral/rpc/lead_service.h"
#include "services/referral/rpc/program_service.h"
#include "services/referral/rpc/quality_service.h"
#include "services/referral/rpc/referral_service.h"
#include "services/referral/rpc/reward_service.h"

namespace {

using kith::server::Parts;

std::vector<std::unique_ptr<kith::rpc::Service>> MakeServices(const Parts& parts) {
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  services.push_back(kith::referral::rpc::MakeReferralService(
      kith::referral::app::Reader(parts.database), parts.runtime));
  const kith::referral::app::AttributionReader attribution(parts.database);
  services.push_back(kith::referral::rpc::MakeCodeService(attribution, parts.runtime));
  services.push_back(kith::referral::rpc::MakeAttributionService(attribution, parts.runtime));
  services.push_back(kith::referral::rpc::MakeProgramService(
      kith::referral::app::ProgramReader(parts.database), parts.runtime));
  services.push_back(kith::referral::rpc::MakeRewardService(
      kith::referral::app::RewardReader(parts.database), parts.runtime));
  services.push_back(kith::referral::rpc::MakeLeadService(
      kith::referral::app::LeadReader(parts.database), parts.runtime));
  services.push_back(kith::referral::rpc::MakeFulfilmentService(
      kith::referral::app::FulfilmentReader(parts.database), parts.clock, parts.runtime));
  const kith::referral::app::FraudReader fraud(parts.database);
  services.push_back(kith::referral::rpc::MakeFraudService(fraud, parts.runtime));
  services.push_back(kith::referral::rpc::MakeQualityService(fraud, parts.runtime));
  return services;
}

std::unique_ptr<kith::feed::Handler> MakeHandler(const Parts&) {
  return std::make_unique<kith::referral::consumers::LifecycleHandler>();
}

std::vector<std::unique_ptr<kith::server::Background>> MakeBackground(const Parts& parts) {
  std::vector<std::unique_ptr<kith::server::Background>> background;
  background.push_back(std::make_unique<kith::referral::jobs::Gauges>(
      parts.database, parts.clock, parts.metrics));
  background.push_back(std::make_unique<kith::referral::jobs::DueWork>(
      parts.database, parts.executor, parts.clock, parts.metrics));
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
  definition.follows = {"retention", "advocacy"};
  definition.make_services = MakeServices;
  definition.make_handler = MakeHandler;
  definition.make_background = MakeBackground;
  return kith::server::ServiceMain(definition, argc, argv);
}
