// What the sub-commands of `kith feeds` share.
#ifndef KITH_CLIENTS_CLI_COMMANDS_FEEDS_H_
#define KITH_CLIENTS_CLI_COMMANDS_FEEDS_H_

#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "clients/cli/env.h"
#include "clients/cli/options.h"
#include "kith/feed/v1/feed.pb.h"

namespace kith::cli {

// Names of the services that follow others.
std::vector<std::string> ConsumerNames();

// A page of the events that a service could not apply, oldest first, at most `size` (up to
// 1000). `token` is that of the page before, empty at first; afterwards that of this page,
// empty at the end.
absl::StatusOr<std::vector<feed::v1::QuarantinedEvent>> ReadQuarantine(Env& env, Target target,
                                                                       size_t size,
                                                                       std::string& token);

// The kind of an event's fact, such as `conversion_recorded`.
std::string FactName(const feed::v1::QuarantinedEvent& event);

// Adds `restart` and `retry` to `kith feeds`.
void AddFeedsRestart(CLI::App& feeds, Options& options, Run& run);
void AddFeedsRetry(CLI::App& feeds, Options& options, Run& run);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_FEEDS_H_
