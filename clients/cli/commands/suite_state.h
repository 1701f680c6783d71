// How the four services stand: alive, and how far behind each other.
#ifndef KITH_CLIENTS_CLI_COMMANDS_SUITE_STATE_H_
#define KITH_CLIENTS_CLI_COMMANDS_SUITE_STATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "clients/cli/caller.h"
#include "clients/cli/env.h"

namespace kith::cli {

// Where a service stands in one shard of a feed that it follows.
struct CursorState {
  std::string source;
  int32_t shard = 0;
  int64_t position = 0;
  int64_t head = 0;  // as the source says; as the consumer last knew when it cannot be asked
  int64_t quarantined = 0;
  std::string problem = {};  // reason of what keeps the consumer from going on, or empty
  std::string problem_message = {};

  int64_t lag() const { return head > position ? head - position : 0; }
  // Whether the service was told to follow the source at all; if not, this is all that is
  // known.
  bool followed() const { return problem != "NOT_FOLLOWED"; }
  // Whether it waits until people have said from where to go on.
  bool stuck() const { return problem == "FEED_REWOUND" || problem == "FEED_REPLACED"; }
  friend bool operator==(const CursorState&, const CursorState&) = default;
};

// One service.
struct ServiceState {
  Target target = Target::kReferral;
  std::string address;
  Health health;
  std::vector<CursorState> cursors;  // of all sources, by source and shard
  std::string problem;               // why something is not known; empty: nothing

  bool ready() const;  // serves, follows all, is behind nowhere and waits for nobody
  int64_t lag() const;
  int64_t quarantined() const;
};

// All of them, in the order of kTargets.
struct SuiteState {
  std::vector<ServiceState> services;

  bool all_serving() const;
  bool all_known() const;  // nobody has a problem
  bool ready() const;
  bool SamePositions(const SuiteState& other) const;
};

// The service of this name, which is one of the four.
Target TargetOf(const std::string& name);

// The services whose feeds one follows.
std::vector<std::string> SourcesOf(Target target);

// Asks all four. A shard of a source that a consumer has no cursor for counts as not begun.
SuiteState ReadSuite(Env& env);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMANDS_SUITE_STATE_H_
