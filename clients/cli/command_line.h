// The command line as a whole: its commands, its help, what is said of mistakes.
#ifndef KITH_CLIENTS_CLI_COMMAND_LINE_H_
#define KITH_CLIENTS_CLI_COMMAND_LINE_H_

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "clients/cli/env.h"
#include "clients/cli/options.h"

namespace kith::cli {

// `kith` with all its commands. `options` and `run` must outlive it.
std::unique_ptr<CLI::App> MakeApp(Options& options, Run& run);

// Parses the words after `kith`. When a command was chosen, its `run` is set and nothing is
// returned. Otherwise help or the version went to `out`, or what is wrong to `err`, and the
// exit status is returned. `kith help COMMAND` is `kith COMMAND --help`.
std::optional<int> ParseCommandLine(CLI::App& app, std::vector<std::string> words,
                                    std::ostream& out, std::ostream& err);

}  // namespace kith::cli

#endif  // KITH_CLIENTS_CLI_COMMAND_LINE_H_
