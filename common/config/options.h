// The command line and the environment of a service.
#ifndef KITH_COMMON_CONFIG_OPTIONS_H_
#define KITH_COMMON_CONFIG_OPTIONS_H_

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "common/db/migrator.h"
#include "common/log/log.h"

namespace kith::config {

// What the options of a service depend on.
struct ServiceFacts {
  std::string name;         // "referral"
  std::string description;  // one sentence
  int port = 0;             // defaults on 127.0.0.1
  int metrics_port = 0;
  std::vector<std::string> follows;  // names that --follow accepts
};

struct Options {
  std::string listen;   // HOST:PORT
  std::string metrics;  // HOST:PORT; empty: off
  std::string store;    // sqlite:PATH or postgres://…
  db::MigrateMode migrate = db::MigrateMode::kAuto;
  int shards = 0;                              // 0: the default of the kind of store
  std::map<std::string, std::string> follows;  // name → HOST:PORT
  bool reflection = true;
  log::Level log_level = log::Level::kInfo;
  std::string auth_token_file;  // empty: no authentication
  int read_threads = 0;         // 0: the default of the kind of store
  int max_queue = 4096;         // calls that may wait, for each shard and for reads
  absl::Duration drain_timeout = absl::Seconds(20);
  std::optional<absl::Time> manual_clock;  // empty: the machine's clock
};

// Reads argv, then for what is not there the environment: the flag --drain-timeout of
// kith-referral is KITH_REFERRAL_DRAIN_TIMEOUT or, for all services, KITH_DRAIN_TIMEOUT.
// Prints help, version or what is wrong itself, and then returns the exit status: 0 or 2.
std::variant<Options, int> ParseOptions(const ServiceFacts& facts, int argc,
                                        const char* const* argv);

}  // namespace kith::config

#endif  // KITH_COMMON_CONFIG_OPTIONS_H_
