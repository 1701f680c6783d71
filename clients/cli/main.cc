// kith: the command line of the suite.
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "clients/cli/command_line.h"
#include "clients/cli/grpc_caller.h"

namespace kith::cli {
namespace {

// See no-color.org.
bool WantsColor() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color == nullptr || *no_color == '\0';
}

// Whether standard output is a pipe or a socket that nobody reads any more.
bool ReaderHasGone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

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
          isatty(STDOUT_FILENO) != 0 && WantsColor(),
          isatty(STDERR_FILENO) != 0};
  const absl::StatusOr<int> code = run(env);
  std::cout.flush();
  if (!code.ok()) return Report(code.status());
  if (!std::cout && !ReaderHasGone()) {
    return Report(absl::DataLossError("the output could not be written"));
  }
  return *code;
}

int Main(int argc, char** argv) {
  // A reader that has seen enough (`| head`) is no reason to stop half-way: what is being
  // changed is changed, and only the output ends.
  std::signal(SIGPIPE, SIG_IGN);
  Options options = OptionsFromEnvironment();
  Run run;
  const auto app = MakeApp(options, run);
  const auto status = ParseCommandLine(*app, {argv + 1, argv + argc}, std::cout, std::cerr);
  if (status.has_value()) return *status;
  return RunCommand(options, run);
}

}  // namespace
}  // namespace kith::cli

int main(int argc, char** argv) { return kith::cli::Main(argc, argv); }
