// What a running command may use.
#ifndef KITH_CLIENTS_CLI_ENV_H_
#define KITH_CLIENTS_CLI_ENV_H_

#include <functional>
#include <istream>
#include <ostream>

#include "absl/status/statusor.h"
#include "clients/cli/caller.h"
#include "clients/cli/options.h"
#include "common/base/clock.h"

namespace kith::cli {

// The world of a command. Data goes to `out`, progress and messages to `err`.
struct Env {
  const Options& options;
  Caller& caller;
  const Clock& clock;
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

// A chosen command with its arguments. Returns the exit status, or the error to report.
using Run = std::function<absl::StatusOr<int>(Env&)>;

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_ENV_H_
