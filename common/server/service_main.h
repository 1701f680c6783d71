// The main function of every service: flags, log, store, executor, feeds, gRPC, metrics,
// and a graceful end.
#ifndef KITH_COMMON_SERVER_SERVICE_MAIN_H_
#define KITH_COMMON_SERVER_SERVICE_MAIN_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/db/db.h"
#include "common/db/migrator.h"
#include "common/executor/executor.h"
#include "common/feed/handler.h"
#include "common/metrics/registry.h"
#include "common/rpc/service.h"

namespace kith::server {

// What a service is built from. All references outlive the service.
struct Parts {
  db::Database& database;
  exec::Executor& executor;
  const Clock& clock;
  metrics::Registry& metrics;
  rpc::Runtime* runtime;
};

// Work that a service does on its own, such as a job or gauges that are refreshed.
class Background {
 public:
  virtual ~Background() = default;
  virtual void Start() = 0;
  virtual void Stop() = 0;  // returns when nothing runs any more
};

// A service, as its main.cc describes it.
struct Definition {
  std::string name;         // "referral"
  std::string description;  // one sentence, for --help
  int port = 0;             // defaults of --listen and --metrics on 127.0.0.1
  int metrics_port = 0;
  absl::Span<const db::Migration> migrations;
  std::vector<std::string> follows;  // names that --follow accepts
  // The gRPC services (the feed, health and reflection come with the server).
  std::function<std::vector<std::unique_ptr<rpc::Service>>(const Parts&)> make_services;
  // Needed when `follows` is not empty.
  std::function<std::unique_ptr<feed::Handler>(const Parts&)> make_handler;
  // Optional.
  std::function<std::vector<std::unique_ptr<Background>>(const Parts&)> make_background;
};

// Runs until SIGTERM or SIGINT. Returns the exit status: 0 after a graceful stop, 2 for a
// wrong command line, 1 when it could not start (the reason is the last line of the log).
int ServiceMain(const Definition& definition, int argc, char** argv);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_SERVICE_MAIN_H_
