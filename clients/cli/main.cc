// kith: the command line of the suite.
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "CLI/CLI.hpp"
#include "clients/cli/commands/commands.h"
#include "clients/cli/grpc_caller.h"
#include "common/config/version.h"

namespace kith::cli {
namespace {

constexpr char kFooter[] = R"(Exit status:
   0  done
   1  refused, invalid or not found
   2  wrong command line
   3  import: some lines were rejected (0 with --allow-rejects)
  69  a service cannot be reached

Data goes to stdout, progress and messages to stderr. `kith COMMAND --help` says more.)";

int Report(const absl::Status& status) {
  std::cerr << "kith: " << Describe(status) << std::endl;
  return ExitCodeOf(status);
}

int RunCommand(const Options& options, const Run& run) {
  auto caller = GrpcCaller::Create(options);
  if (!caller.ok()) return Report(caller.status());
  Env env{options,
          **caller,
          SystemClock(),
          std::cin,
          std::cout,
          std::cerr,
          isatty(STDOUT_FILENO) != 0,
          isatty(STDERR_FILENO) != 0};
  const absl::StatusOr<int> code = run(env);
  std::cout.flush();
  if (!code.ok()) return Report(code.status());
  if (!std::cout) return Report(absl::DataLossError("the output could not be written"));
  return *code;
}

int Main(int argc, char** argv) {
  // Like any other tool, end silently when the reader of a pipe has gone.
  std::signal(SIGPIPE, SIG_DFL);
  Options options = OptionsFromEnvironment();
  Run run;
  CLI::App app("kith: turn customers into advocates, and see whether it pays", "kith");
  app.set_version_flag("--version", std::string("kith ") + config::Version());
  app.require_subcommand(1);
  app.footer(kFooter);
  AddAllCommands(app, options, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return RunCommand(options, run);
}

}  // namespace
}  // namespace kith::cli

int main(int argc, char** argv) { return kith::cli::Main(argc, argv); }
