#include "common/server/service_main.h"

#include <malloc.h>
#include <pthread.h>

#include <csignal>
#include <variant>

#include "absl/synchronization/mutex.h"
#include "common/config/options.h"
#include "common/config/version.h"
#include "common/log/log.h"
#include "common/server/grpc_server.h"
#include "common/server/process.h"

namespace kith::server {
namespace {

// Before anything else is set up.
void TuneLibraries() {
  // Each arena keeps what it once had; not many threads allocate at the same time.
  mallopt(M_ARENA_MAX, 8);
  // Debian's Abseil looks for lock cycles, under one lock, at every use of any mutex, gRPC's
  // included.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

// Before any thread starts, so that all inherit it and only sigwait gets the signals.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

int Fail(const absl::Status& status) {
  log::Error("start_failed", {{"cause", status.message()}});
  return 1;
}

int Run(const Definition& definition, const config::Options& options,
        const sigset_t& signals) {
  Process process(definition, options);
  if (const absl::Status status = process.Prepare(); !status.ok()) return Fail(status);
  if (options.migrate == db::MigrateMode::kOnly) {
    log::Info("migrated");
    return 0;
  }
  if (const absl::Status status = process.Start(); !status.ok()) return Fail(status);
  log::Info("serving", {{"address", process.address()}});
  int signal = 0;
  sigwait(&signals, &signal);
  log::Info("stopping", {{"signal", signal}});
  process.Stop();
  log::Info("stopped");
  return 0;
}

}  // namespace

int ServiceMain(const Definition& definition, int argc, char** argv) {
  const sigset_t signals = BlockStopSignals();
  TuneLibraries();
  const config::ServiceFacts facts{definition.name, definition.description, definition.port,
                                   definition.metrics_port, definition.follows};
  const auto parsed = config::ParseOptions(facts, argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<config::Options>(parsed);
  log::Configure(options.log_level, definition.name);
  RedirectLibraryLogs();
  log::Info("starting", {{"version", config::Version()}});
  return Run(definition, options, signals);
}

}  // namespace kith::server
