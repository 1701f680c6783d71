#include "common/server/process.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/config/version.h"
#include "common/feed/feed_service.h"
#include "common/log/log.h"
#include "common/rpc/channel.h"
#include "common/server/clock_service.h"
#include "common/server/listen_problem.h"
#include "common/server/periodic.h"
#include "common/server/store_owner.h"

namespace kith::server {
namespace {

int DefaultReadThreads(bool postgres) { return postgres ? 16 : 4; }
// SQLite has one writer. With PostgreSQL writers of different shards wait in parallel.
// With SQLite one writes while the other answers.
int WriteThreads(bool postgres) { return postgres ? 4 : 2; }
int DefaultShards(bool postgres) { return postgres ? 16 : 1; }

std::vector<std::string> NotFollowed(const Definition& definition,
                                     const config::Options& options) {
  std::vector<std::string> names;
  for (const std::string& name : definition.follows) {
    if (!options.follows.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace

Process::Process(const Definition& definition, const config::Options& options)
    : definition_(definition),
      options_(options),
      postgres_(absl::StartsWith(options.store, "postgres")),
      read_threads_(options.read_threads > 0 ? options.read_threads
                                             : DefaultReadThreads(postgres_)),
      write_threads_(WriteThreads(postgres_)),
      clock_(&SystemClock()) {
  if (options.manual_clock.has_value()) {
    manual_clock_ = std::make_unique<ManualClock>(*options.manual_clock);
    clock_ = manual_clock_.get();
  }
  registry_
      .GetGauge("kith_build_info", "Always 1; the labels tell what runs.",
                {{"version", config::Version()}, {"service", definition.name}})
      .Set(1);
}

Process::~Process() = default;

absl::Status Process::Prepare() {
  KITH_RETURN_IF_ERROR(OpenStore());
  // kOnly differs from kAuto only in what happens afterwards.
  KITH_RETURN_IF_ERROR(
      db::Migrate(*database_, "common", exec::Migrations(), options_.migrate, *clock_));
  KITH_RETURN_IF_ERROR(ClaimStore(*database_, definition_.name));
  KITH_RETURN_IF_ERROR(db::Migrate(*database_, definition_.name, definition_.migrations,
                                   options_.migrate, *clock_));
  const int shards = options_.shards > 0 ? options_.shards : DefaultShards(postgres_);
  KITH_ASSIGN_OR_RETURN(store_, exec::SetUpStore(*database_, shards, *clock_));
  if (options_.shards > 0 && options_.shards != store_.shards) {
    log::Warn("shards_are_fixed", {{"asked", options_.shards}, {"store_has", store_.shards}});
  }
  log::Info("store_ready", {{"backend", database_->backend()}, {"shards", store_.shards}});
  return absl::OkStatus();
}

absl::Status Process::OpenStore() {
  db::OpenOptions open;
  open.write_connections = write_threads_;
  // Two more: the feed and the probe must not wait for reads.
  open.read_connections = read_threads_ + 2;
  KITH_ASSIGN_OR_RETURN(database_, db::Open(options_.store, open));
  return absl::OkStatus();
}

absl::Status Process::Start() {
  KITH_RETURN_IF_ERROR(LoadTokens());
  StartExecutor();
  KITH_RETURN_IF_ERROR(MakeServices());
  KITH_RETURN_IF_ERROR(StartServers());
  for (const auto& consumer : consumers_) consumer->Start();
  for (const auto& background : background_) background->Start();
  probe_->Start();
  return absl::OkStatus();
}

absl::Status Process::LoadTokens() {
  if (options_.auth_token_file.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const auto tokens, rpc::LoadTokens(options_.auth_token_file));
  token_ = tokens.front();
  runtime_.auth = rpc::AuthTokens(tokens);
  return absl::OkStatus();
}

void Process::StartExecutor() {
  feed_ = std::make_unique<feed::FeedServer>(*database_, store_);
  exec::ExecutorOptions options;
  options.shards = store_.shards;
  options.writer_threads = write_threads_;
  options.max_queue = options_.max_queue;
  options.observer = &executor_metrics_;
  options.on_events = [this](int shard, int64_t head) { feed_->OnCommit(shard, head); };
  executor_ = exec::MakeExecutor(*database_, *clock_, std::move(options));
  pool_ = std::make_unique<BoundedPool>(read_threads_, options_.max_queue);
  runtime_.executor = executor_.get();
  runtime_.pool = pool_.get();
  runtime_.clock = clock_;
  runtime_.metrics = &registry_;
  runtime_.service_name = definition_.name;
}

Parts Process::MakeParts() { return {*database_, *executor_, *clock_, registry_, &runtime_}; }

absl::Status Process::MakeServices() {
  const Parts parts = MakeParts();
  KITH_RETURN_IF_ERROR(StartFollowing());
  if (definition_.make_services) services_ = definition_.make_services(parts);
  if (definition_.make_background) background_ = definition_.make_background(parts);
  background_.push_back(std::make_unique<ResponseSweeper>(*database_, *clock_));
  if (postgres_) background_.push_back(std::make_unique<StatisticsKeeper>(*database_));
  services_.push_back(feed::MakeEventFeedService(*database_, *feed_, &runtime_));
  services_.push_back(feed::MakeFeedConsumerService(*database_, consumers_, &runtime_,
                                                    NotFollowed(definition_, options_)));
  if (manual_clock_ != nullptr) {
    services_.push_back(MakeClockService(*manual_clock_, &runtime_));
  }
  for (const auto& service : services_) {
    const auto unbound = service->UnboundMethods();
    if (!unbound.empty()) {
      return absl::InternalError(
          absl::StrCat("methods of ", service->descriptor()->full_name(),
                       " without a handler: ", absl::StrJoin(unbound, ", ")));
    }
  }
  return absl::OkStatus();
}

absl::Status Process::StartFollowing() {
  if (definition_.follows.empty()) return absl::OkStatus();
  if (!definition_.make_handler) return absl::InternalError("no handler for followed feeds");
  handler_ = definition_.make_handler(MakeParts());
  for (const std::string& name : NotFollowed(definition_, options_)) {
    log::Warn("not_followed", {{"source", name},
                               {"cause", absl::StrCat("started without --follow=", name,
                                                      "=HOST:PORT: nothing that happens there "
                                                      "is learned")}});
  }
  rpc::ChannelOptions channel;
  channel.metrics = &registry_;
  for (const auto& [name, target] : options_.follows) {
    consumers_.push_back(
        std::make_unique<feed::Consumer>(name, rpc::MakeChannel(target, channel), *handler_,
                                         *database_, *executor_, registry_, token_));
  }
  return absl::OkStatus();
}

absl::Status Process::StartServers() {
  if (!options_.metrics.empty()) {
    auto server = metrics::MetricsServer::Start(options_.metrics, registry_);
    if (!server.ok()) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", options_.metrics,
                       " for metrics: ", ListenProblem(options_.metrics)));
    }
    metrics_server_ = *std::move(server);
    log::Info("metrics", {{"port", metrics_server_->port()}});
  }
  for (const auto& service : services_) {
    health_.AddService(service->descriptor()->full_name());
  }
  probe_ = std::make_unique<StoreProbe>(*database_, registry_,
                                        [this](bool up) { health_.SetServing(up); });
  KITH_ASSIGN_OR_RETURN(
      grpc_, GrpcServer::Start(options_.listen, GrpcServices(), options_.reflection));
  return absl::OkStatus();
}

std::vector<grpc::Service*> Process::GrpcServices() {
  std::vector<grpc::Service*> all;
  for (const auto& service : services_) all.push_back(service->grpc_service());
  all.push_back(&health_);
  return all;
}

void Process::Stop() {
  health_.Stop();
  probe_->Stop();
  for (const auto& background : background_) background->Stop();
  for (const auto& consumer : consumers_) consumer->Stop();
  // Waiting readers of the feed would hold the server up.
  feed_->Stop();
  grpc_->Shutdown(options_.drain_timeout, runtime_.active_calls);
  pool_->Stop();
  executor_->Stop();
}

}  // namespace kith::server
