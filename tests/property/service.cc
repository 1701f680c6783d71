#include "tests/property/service.h"

#include <grpcpp/grpcpp.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "common/concurrency/bounded_pool.h"
#include "common/db/db.h"
#include "common/db/migrator.h"
#include "common/executor/store_setup.h"
#include "common/log/log.h"
#include "common/metrics/registry.h"
#include "common/rpc/runtime.h"
#include "common/rpc/service.h"
#include "services/referral/app/attribution_reader.h"
#include "services/referral/app/fraud_reader.h"
#include "services/referral/app/fulfilment_reader.h"
#include "services/referral/app/lead_reader.h"
#include "services/referral/app/program_reader.h"
#include "services/referral/app/reader.h"
#include "services/referral/consumers/lifecycle_handler.h"
#include "services/referral/jobs/due_work.h"
#include "services/referral/migrations/migrations.h"
#include "services/referral/rpc/attribution_service.h"
#include "services/referral/rpc/code_service.h"
#include "services/referral/rpc/fraud_service.h"
#include "services/referral/rpc/fulfilment_service.h"
#include "services/referral/rpc/lead_service.h"
#include "services/referral/rpc/program_service.h"
#include "services/referral/rpc/referral_service.h"
#include "tests/support/fault_database.h"
#include "tests/support/test_database.h"

namespace kith::property {
namespace {

using referral::consumers::LifecycleHandler;

void Require(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

// Applies one event of a feed.
class FeedCommand final : public exec::Command {
 public:
  FeedCommand(const feed::Handler* handler, feed::Event event)
      : handler_(handler), event_(std::move(event)) {}
  void Prefetch(exec::Loader& loader) const override { handler_->Prefetch(event_, loader); }
  absl::StatusOr<std::string> Decide(exec::Unit& unit, absl::Time now) const override {
    const absl::Status status = handler_->Apply(event_, unit, now);
    if (!status.ok()) return status;
    return std::string();
  }

 private:
  const feed::Handler* const handler_;
  const feed::Event event_;
};

// The store, watched.
std::unique_ptr<db::Database> Open(const std::string& store_url, Misses& misses) {
  auto database = std::make_unique<test::FaultDatabase>(test::OpenStore(store_url));
  database->SetBefore([&misses](const test::DbEvent& event) {
    if (event.operation == test::DbOperation::kBeginWrite) misses.OnBegin();
    if (event.operation == test::DbOperation::kWriteBatch) misses.OnLoad(event.calls);
    return absl::OkStatus();
  });
  return database;
}

}  // namespace

// In the order in which they need each other; they end the other way round.
struct Service::Parts {
  Parts(const std::string& store_url, ManualClock& clock, Misses& misses,
        exec::ExecutorObserver* observer)
      : database(Open(store_url, misses)), pool(1, 64) {
    log::Configure(log::Level::kError, "referral");
    const auto mode = db::MigrateMode::kAuto;
    Require(db::Migrate(*database, "common", exec::Migrations(), mode, clock));
    Require(db::Migrate(*database, "referral", referral::Migrations(), mode, clock));
    Require(exec::SetUpStore(*database, 1, clock).status());
    // Whoever did due work here before is gone for longer than a lease lasts.
    Require(database->RunScript("DELETE FROM due_lease"));
    exec::ExecutorOptions options;
    options.observer = observer;
    executor = exec::MakeExecutor(*database, clock, options);
    runtime.executor = executor.get();
    runtime.pool = &pool;
    runtime.clock = &clock;
    runtime.metrics = &registry;
    due_work =
        std::make_unique<referral::jobs::DueWork>(*database, *executor, clock, registry);
    Bind(clock);
    grpc::ServerBuilder builder;
    for (const auto& service : services) builder.RegisterService(service->grpc_service());
    server = builder.BuildAndStart();
  }
  ~Parts() {
    server->Shutdown();
    pool.Stop();
  }

  void Bind(const Clock& clock) {
    namespace app = referral::app;
    namespace rpc = referral::rpc;
    const app::AttributionReader attribution(*database);
    services.push_back(rpc::MakeReferralService(app::Reader(*database), &runtime));
    services.push_back(rpc::MakeProgramService(app::ProgramReader(*database), &runtime));
    services.push_back(rpc::MakeCodeService(attribution, &runtime));
    services.push_back(rpc::MakeAttributionService(attribution, &runtime));
    services.push_back(rpc::MakeLeadService(app::LeadReader(*database), &runtime));
    services.push_back(
        rpc::MakeFulfilmentService(app::FulfilmentReader(*database), clock, &runtime));
    services.push_back(rpc::MakeFraudService(app::FraudReader(*database), &runtime));
  }

  std::unique_ptr<db::Database> database;
  metrics::Registry registry;
  BoundedPool pool;
  std::unique_ptr<exec::Executor> executor;
  kith::rpc::Runtime runtime;
  std::unique_ptr<referral::jobs::DueWork> due_work;
  const LifecycleHandler handler;
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
};

Service::Service(const std::string& store_url, ManualClock& clock, Misses& misses)
    : observer_(misses),
      parts_(std::make_unique<Parts>(store_url, clock, misses, &observer_)),
      channel_(parts_->server->InProcessChannel({})) {}

Service::~Service() = default;

void Service::DoDueWork() { Require(parts_->due_work->RunOnce()); }

void Service::Learn(const std::string& program_id, const kith::events::v1::Fact& fact) {
  feed::Event event;
  event.source = "retention";
  event.program_id = program_id;
  event.fact = &fact;
  exec::Submission submission;
  submission.program_id = program_id;
  submission.method = "Learn";
  submission.command = std::make_unique<FeedCommand>(&parts_->handler, event);
  Require(parts_->executor->Run(std::move(submission)).status());
}

}  // namespace kith::property
